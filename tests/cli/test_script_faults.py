"""The script's faults, C1-C26 of dropin.md: ours does not have them.

C5, C6, C8 and C9 are also in the unit tests of the arguments, where they belong to a parser.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.worlds import (
    CRASHES,
    NEW,
    OLD,
    RELEASE,
    REPOSITORY,
    SUCCESS,
    WEB,
    Json,
    a_world,
    behaves,
    fault,
    later,
    play,
    running_images,
    service,
    surroundings,
)

DIGEST = "sha256:" + "b" * 64
NETWORK = ("--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}", "--launch-type", "FARGATE")


def arn(revision: int, family: str = "web") -> str:
    return f"arn:aws:ecs:us-east-1:123456789012:task-definition/{family}:{revision}"


def ec2(**definition: object) -> str:
    return service(launch_type="EC2", task_definition=definition)


def app(**members: object) -> dict[str, object]:
    return {"name": "app", "image": OLD, "memory": 128, **members}


def test_c01_a_digest_does_not_crash() -> None:
    run = play(a_world(), (*WEB, "-i", f"{REPOSITORY}@{DIGEST}"))
    assert (run.code, running_images(run.world)) == (0, [f"{REPOSITORY}@{DIGEST}"])


@pytest.mark.parametrize("running", [REPOSITORY, f"{REPOSITORY}@{DIGEST}"], ids=["no tag", "digest"])
def test_c02_the_new_image_is_really_put_in(running: str) -> None:
    run = play(a_world(service(image=running)), RELEASE)
    assert (run.code, running_images(run.world)) == (0, [NEW])


def test_c02_nothing_to_replace_is_no_success() -> None:
    run = play(a_world(service(image="another/app:1")), RELEASE)
    assert (run.code, run.requests("RegisterTaskDefinition")) == (1, [])
    assert SUCCESS not in run.stdout


def test_c03_no_suffix_dot_or_key_named_image_is_mistaken_for_the_image() -> None:
    others = [
        app(name="suffix", image="123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web:1"),
        app(name="dot", image=f"{REPOSITORY.replace('.', 'x', 1)}:1"),
        app(name="prefix", image=f"{REPOSITORY}x:1"),
    ]
    labelled = app(
        dockerLabels={"image": f"{REPOSITORY}:1"}, environment=[{"name": "image", "value": f"{REPOSITORY}:1"}]
    )
    run = play(a_world(ec2(containerDefinitions=[labelled, *others])), RELEASE)
    first, *rest = run.registered["containerDefinitions"]
    assert run.code == 0
    assert (first["image"], first["dockerLabels"], first["environment"][0]["value"]) == (NEW, {"image": OLD}, OLD)
    assert [each["image"] for each in rest] == [each["image"] for each in others]


def test_c03_a_docker_hub_name_never_replaces_a_private_image() -> None:
    run = play(a_world(service(image="123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1")), (*WEB, "-i", "web:2"))
    assert (run.code, run.requests("RegisterTaskDefinition")) == (1, [])


def test_c04_json_on_one_line_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps({"taskDefinition": {"family": "web", "containerDefinitions": [app()]}}))
    run = play(
        a_world(service(launch_type="EC2")), (*RELEASE, "--task-definition-file", "d.json"), surroundings(tmp_path)
    )
    assert (run.code, running_images(run.world)) == (0, [NEW])


def test_c05_a_tag_alone_goes_where_a_tag_belongs() -> None:
    images = {"a": f"app@{DIGEST}", "b": "localhost:5000/app", "c": "plain", "d": "host:80/x/y:1"}
    world = a_world(service(containers=[{"name": name, "image": image} for name, image in images.items()]))
    run = play(world, (*WEB, "-to", "7"))
    assert run.code == 0
    assert running_images(world) == [f"app@{DIGEST}", "localhost:5000/app:7", "plain:7", "host:80/x/y:7"]


def test_c06_an_unset_variable_is_named_and_a_set_one_overrides() -> None:
    run = play(a_world(), (*RELEASE, "-e", "NOT_SET"))
    assert (run.code, run.world.calls) == (1, ())
    assert "`NOT_SET`" in run.stderr


FIELDS: dict[str, object] = {
    "requiresCompatibilities": ["EC2"],
    "networkMode": "bridge",
    "pidMode": "task",
    "ipcMode": "task",
    "cpu": "256",
    "memory": "512",
    "placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.os-type == linux"}],
    "enableFaultInjection": True,
    "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
}


def test_c07_no_field_is_dropped() -> None:
    run = play(a_world(ec2(containerDefinitions=[app()], **FIELDS)), RELEASE)
    assert run.code == 0
    assert {key: run.registered.get(key) for key in FIELDS} == FIELDS


def test_c08_no_null_is_sent() -> None:
    named = [{"name": "proxyConfiguration", "value": "x"}, {"name": "executionRoleArn", "value": "y"}]
    run = play(a_world(ec2(containerDefinitions=[app(environment=named)])), RELEASE)
    assert run.code == 0
    assert None not in run.registered.values()
    assert "proxyConfiguration" not in run.registered


def test_c09_a_bare_file_is_taken_and_the_rollback_goes_to_what_ran(tmp_path: Path) -> None:
    definition = {"family": "web", "containerDefinitions": [app()], "taskRoleArn": None, "cpu": ""}
    (tmp_path / "d.json").write_text(json.dumps(definition))
    world = a_world(service(launch_type="EC2", deployment={"circuit_breaker": "stop"}), CRASHES)
    words = (*RELEASE, "--task-definition-file", "d.json", "--enable-rollback", "-t", "600")
    run = play(world, words, surroundings(tmp_path))
    assert (run.code, sorted(run.registered)) == (1, ["containerDefinitions", "family"])
    assert f"Rolling back to {arn(1)}" in run.lines


@pytest.mark.parametrize("extra", [(), ("--skip-deployments-check",)], ids=["whole", "until healthy"])
def test_c10_one_running_task_of_many_is_no_success(extra: tuple[str, ...]) -> None:
    checked = [{"name": "app", "image": OLD, "health_check": True}]
    world = a_world(service(desired=4, containers=checked), behaves(NEW, run="unhealthy"))
    run = play(world, (*RELEASE, "-t", "120", *extra))
    assert (run.code, SUCCESS in run.stdout) == (1, False)


def test_c11_a_rollback_by_ecs_is_no_success() -> None:
    run = play(a_world(service(deployment={"circuit_breaker": "rollback"}), CRASHES), (*RELEASE, "-t", "600"))
    assert (run.code, SUCCESS in run.stdout, run.result["status"]) == (1, False, "rolled_back")


def test_c11_a_failed_deployment_is_no_success() -> None:
    run = play(a_world(service(deployment={"circuit_breaker": "stop"}), CRASHES), (*RELEASE, "-t", "600"))
    assert (run.code, SUCCESS in run.stdout, run.result["status"]) == (1, False, "failed")


def test_c11_somebody_else_s_success_is_not_ours() -> None:
    run = play(a_world(service(), later(20, "deploy", image=f"{REPOSITORY}:9")), (*RELEASE, "-t", "600"))
    assert (run.code, SUCCESS in run.stdout, run.result["status"]) == (1, False, "superseded")


def test_c12_more_than_a_hundred_tasks_are_no_problem() -> None:
    run = play(a_world(service(desired=130)), (*RELEASE, "-t", "600", "--enable-rollback"))
    assert (run.code, SUCCESS in run.stdout) == (0, True)


@pytest.mark.parametrize("error", ["ThrottlingException", "http-500", "http-503", "reset", "ServerException"])
def test_c13_a_read_that_fails_does_not_end_the_deploy(error: str) -> None:
    failing = "".join(
        fault(operation=name, error=error, times=3, after=1) for name in ("DescribeServices", "DescribeTasks")
    )
    run = play(a_world(service(), failing), (*RELEASE, "-t", "600"))
    assert (run.code, SUCCESS in run.stdout) == (0, True)


def test_c14_a_missing_image_is_explained() -> None:
    run = play(a_world(service(), behaves(NEW, pull="not-found")), (*RELEASE, "-t", "90"))
    assert run.code == 1
    assert "E-IMAGE" in run.stderr
    assert NEW in run.stderr


@pytest.mark.parametrize("timeout", ["abc", "0", "-1", "1.5"])
def test_c15_a_timeout_that_is_none_is_refused_before_anything(timeout: str) -> None:
    run = play(a_world(), (*RELEASE, "-t", timeout, "--enable-rollback"))
    assert (run.code, run.world.calls) == (1, ())
    assert "`-t`" in run.stderr


def test_c16_without_tasks_the_deployment_is_still_watched() -> None:
    run = play(a_world(service(desired=0)), RELEASE)
    assert (run.code, run.result["status"]) == (0, "succeeded")
    assert run.result["service_deployment_arn"] or run.result["deployment_id"]


def test_c17_a_rollback_is_awaited_and_verified() -> None:
    run = play(
        a_world(service(deployment={"circuit_breaker": "stop"}), CRASHES), (*RELEASE, "--enable-rollback", "-t", "600")
    )
    assert (run.code, running_images(run.world)) == (1, [OLD])
    assert run.result["rollback"]["status"] in {"rolled_back", "succeeded"}
    (_, *others) = run.world.region.clusters["prod"].services["web"].deployments
    assert others == []


def test_c18_nothing_is_pruned_before_success_nor_the_way_back() -> None:
    history = [f"{REPOSITORY}:{letter}" for letter in "abc"]
    failing = a_world(service(history=history, deployment={"circuit_breaker": "stop"}), CRASHES)
    run = play(failing, (*RELEASE, "--max-definitions", "1", "--enable-rollback", "-t", "600"))
    assert (run.code, run.requests("DeregisterTaskDefinition")) == (1, [])
    good = play(a_world(service(history=history)), (*RELEASE, "--max-definitions", "1"))
    gone: list[Json] = good.requests("DeregisterTaskDefinition")
    assert good.code == 0
    assert not {arn(4), arn(5)} & {each["taskDefinition"] for each in gone}


def test_c19_force_with_rollback_does_not_crash() -> None:
    slow = behaves(OLD, pull_seconds=600)
    run = play(a_world(service(), slow), (*WEB, "--force-new-deployment", "--enable-rollback", "-t", "60"))
    assert run.code == 1
    assert "Unexpected" not in run.stderr
    assert run.result["status"] in {"timed_out", "rolled_back", "rollback_failed", "failed"}


def test_c19_force_without_a_service_is_refused() -> None:
    run = play(a_world(), ("-d", "web", "--force-new-deployment"))
    assert (run.code, run.world.calls) == (3, ())


def test_c20_a_task_of_a_service_is_refused() -> None:
    run = play(a_world(), (*RELEASE, "--run-task"))
    assert (run.code, run.world.calls) == (3, ())


def test_c20_no_cluster_is_refused() -> None:
    run = play(a_world(), ("-d", "web", "-i", NEW, "--run-task"))
    assert (run.code, run.world.calls) == (7, ())


@pytest.mark.parametrize("code", [0, 9])
def test_c21_an_innocent_sidecar_does_not_decide(code: int) -> None:
    """It exits 0 by itself; what the others exit with is the verdict."""
    both = [{"name": "sidecar", "image": "envoy:1", "essential": False}, {"name": "app", "image": OLD}]
    ends = behaves("envoy:1", run="exit", exit_code=0 if code else 5, after=2)
    world = a_world(service(containers=both), ends, behaves(NEW, run="exit", exit_code=code, after=20))
    words = ("-d", "web", "-c", "prod", "-i", NEW, "--run-task", *NETWORK, "--wait-for-success", "-t", "300")
    assert play(world, words).code == (1 if code else 0)


def test_c22_assumed_credentials_stay_secret() -> None:
    run = play(a_world(), (*RELEASE, "-v", "-a", "arn:aws:iam::123456789012:role/deployer"))
    assert run.code == 0
    assert "SecretAccessKey" not in run.said
    assert "SessionToken" not in run.said


CODE = [
    "x$(touch PWNED)",
    "x;touch PWNED",
    "x`touch PWNED`",
    "x|touch PWNED",
    "x[$(touch PWNED)]",
    "x\ntouch PWNED",
    "$(touch PWNED)",
]


@pytest.mark.parametrize("text", CODE)
@pytest.mark.parametrize(
    "option", ["-c", "-n", "-i", "-to", "-e", "-r", "--launch-type", "--network-configuration", "-d"]
)
def test_c23_no_option_is_code(option: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = {"-c": "prod", "-d": "web", "-i": NEW} | {option: text}
    if option == "-n":
        del words["-d"]
    argv = [part for pair in words.items() for part in pair]
    task = ("--run-task",) if option != "-n" else ()
    run = play(a_world(), (*argv, *task), surroundings(tmp_path))
    assert not (tmp_path / "PWNED").exists()
    assert "Traceback" not in run.said


def test_c24_odd_names_are_only_names() -> None:
    for name in ("false", "a b", "-z", "1 -o 1", ""):
        run = play(a_world(), ("-c", "prod", "-n", name, "-i", NEW))
        assert run.code == (1 if name else 5)
    world = a_world(service(name="false", image=OLD))
    run = play(world, ("-c", "prod", "-n", "false", "-i", NEW))
    assert (run.code, running_images(world, "false")) == (0, [NEW])


def test_c25_no_external_program_is_needed(tmp_path: Path) -> None:
    """The whole demo runs with an empty PATH."""
    done = subprocess.run(
        [sys.executable, "-m", "ecsdeploy", "demo"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": str(tmp_path), "HOME": os.environ["HOME"]},
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, SUCCESS)


def test_c26_one_container_a_dry_run_and_json_are_there() -> None:
    both = [{"name": "app", "image": OLD}, {"name": "worker", "image": OLD}]
    run = play(a_world(service(containers=both)), (*WEB, "--image", f"worker={NEW}", "--output", "json"))
    assert (run.code, running_images(run.world)) == (0, [OLD, NEW])
