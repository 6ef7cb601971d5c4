"""What differs from the bash script, D1-D12 of dropin.md, seen through whole runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    CRASHES,
    NEW,
    OLD,
    RELEASE,
    REPOSITORY,
    SUCCESS,
    WEB,
    Played,
    a_world,
    fault,
    later,
    play,
    running_images,
    service,
    shipped,
    surroundings,
)

DIGEST = "sha256:" + "a" * 64


def arn(revision: int, family: str = "web") -> str:
    return f"arn:aws:ecs:us-east-1:123456789012:task-definition/{family}:{revision}"


@pytest.mark.parametrize("scenario", ["superseded", "crash-loop", "breaker-stop", "deadlock", "image-missing"])
def test_d1_whatever_is_not_our_own_deployment_completing_is_no_success(scenario: str) -> None:
    world = shipped(scenario)
    run = play(world, world.scenario.deploy_args)
    assert run.code == 1
    assert SUCCESS not in run.stdout


def containers(**images: str) -> str:
    return service(containers=[{"name": name, "image": image} for name, image in images.items()])


def images_after(run: Played) -> dict[str, str]:
    return {each["name"]: each["image"] for each in run.registered["containerDefinitions"]}


def test_d2_only_the_very_repository_is_touched() -> None:
    others = {"notmine": f"not{REPOSITORY}:1", "longer": f"{REPOSITORY}-worker:1", "hub": "team/web:1"}
    run = play(a_world(containers(app=OLD, second=f"{REPOSITORY}:0", **others)), RELEASE)
    assert run.code == 0
    assert images_after(run) == {"app": NEW, "second": NEW, **others}


def test_d2_docker_hub_s_long_name_is_the_short_one() -> None:
    run = play(a_world(containers(app="docker.io/library/nginx:1")), (*WEB, "-i", "nginx:2"))
    assert run.code == 0
    assert [image.rpartition("/")[2] for image in images_after(run).values()] == ["nginx:2"]


def test_d2_no_match_is_1_before_anything_is_registered_and_names_what_is_there() -> None:
    run = play(a_world(containers(app=OLD, proxy="envoy:1")), (*WEB, "-i", "app:2"))
    assert (run.code, run.requests("RegisterTaskDefinition")) == (1, [])
    assert OLD in run.stderr
    assert "envoy:1" in run.stderr


@pytest.mark.parametrize("image", [f"{REPOSITORY}@{DIGEST}", f"{REPOSITORY}:2@{DIGEST}"])
def test_d3_a_digest_can_be_deployed(image: str) -> None:
    run = play(a_world(), (*WEB, "-i", image))
    assert (run.code, running_images(run.world)) == (0, [image])


def test_d3_a_tag_alone_spares_digests_and_says_so() -> None:
    pinned = f"envoy@{DIGEST}"
    run = play(a_world(containers(app="localhost:5000/app", side=pinned)), (*WEB, "-to", "7"))
    assert run.code == 0
    assert images_after(run) == {"app": "localhost:5000/app:7", "side": pinned}
    assert "side" in run.stderr or pinned in run.stderr


WHOLE = {
    "containerDefinitions": [{"name": "app", "image": OLD, "memory": 128, "dockerLabels": {"image": OLD}}],
    "requiresCompatibilities": ["EC2"],
    "networkMode": "bridge",
    "pidMode": "task",
    "ipcMode": "task",
    "cpu": "256",
    "memory": "512",
    "volumes": [{"name": "data", "host": {"sourcePath": "/data"}}],
}


def test_d4_every_field_is_kept() -> None:
    run = play(a_world(service(task_definition=WHOLE, launch_type="EC2")), RELEASE)
    assert run.code == 0
    sent = dict(run.registered)
    (container,) = sent.pop("containerDefinitions")
    assert (container["image"], container["dockerLabels"]) == (NEW, {"image": OLD})
    expected = {key: value for key, value in WHOLE.items() if key != "containerDefinitions"}
    assert {key: sent[key] for key in expected} == expected
    assert not {"taskDefinitionArn", "revision", "status", "compatibilities", "registeredAt"} & sent.keys()


def test_d4_a_member_that_ecs_does_not_keep_stops_the_deploy_with_its_name() -> None:
    world = a_world(service(task_definition=WHOLE, launch_type="EC2"))
    world.forget_members = {"pidMode"}
    run = play(world, RELEASE)
    assert (run.code, run.requests("UpdateService")) == (1, [])
    assert "pidMode" in run.stderr


@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "bare"])
def test_d5_a_file_is_the_base(wrapped: bool, tmp_path: Path) -> None:
    definition = {
        "family": "web",
        "networkMode": None,
        "containerDefinitions": [{"name": "app", "image": OLD, "memory": 99, "command": None}],
    }
    content = {"taskDefinition": definition} if wrapped else definition
    (tmp_path / "d.json").write_text(json.dumps(content))
    world = a_world(service(launch_type="EC2"))
    run = play(world, (*RELEASE, "--task-definition-file", "d.json"), surroundings(tmp_path))
    assert run.code == 0
    assert run.registered == {
        "family": "web",
        "containerDefinitions": [{"name": "app", "image": NEW, "memory": 99}],
    }


def test_d6_the_variable_s_tag_overrides_the_image_s() -> None:
    around = surroundings(variables={"BUILD": "77"})
    run = play(a_world(), (*RELEASE, "-e", "BUILD"), around)
    assert (run.code, running_images(run.world)) == (0, [f"{REPOSITORY}:77"])


def test_d7_a_tag_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("1.2.3\n")
    run = play(a_world(), (*WEB, "-i", f"{REPOSITORY}:$(< VERSION)"), surroundings(tmp_path))
    assert (run.code, running_images(run.world)) == (0, [f"{REPOSITORY}:1.2.3"])


def heard(world: World) -> list[str]:
    """The `Authorization` header of each call from here on."""
    headers_seen: list[str] = []
    answer = world.transport

    def listen(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        headers_seen.append({name.lower(): text for name, text in headers.items()}["authorization"])
        return answer(method, url, headers, body)

    world.transport = listen  # type: ignore[method-assign]
    return headers_seen


def test_d8_keys_on_the_command_line_are_those_that_sign() -> None:
    world = a_world()
    signatures = heard(world)
    run = play(world, (*RELEASE, "-k", "AKIAOTHEREXAMPLE0000", "-s", "s" * 40))
    assert run.code == 0
    assert all("Credential=AKIAOTHEREXAMPLE0000/" in each for each in signatures)
    assert "AKIAOTHEREXAMPLE0000" not in run.said
    assert run.stderr.count("Warning:") == 1


def test_d8_a_role_can_be_assumed() -> None:
    run = play(a_world(), (*RELEASE, "-a", "arn:aws:iam::123456789012:role/deployer"))
    assert run.code == 0
    (asked,) = run.requests("AssumeRole")
    assert asked.get("RoleArn", "arn:aws:iam::123456789012:role/deployer").endswith("role/deployer")


def test_d9_throttled_reads_end_no_deploy() -> None:
    throttled = "".join(
        fault(operation=name, error="ThrottlingException", times=5)
        for name in ("DescribeServices", "DescribeTasks", "ListTasks")
    )
    run = play(a_world(service(), throttled), (*RELEASE, "-t", "600"))
    assert (run.code, SUCCESS in run.stdout) == (0, True)


def test_d10_many_tasks_are_described_in_hundreds() -> None:
    run = play(a_world(service(desired=230, deployment={"maximum_percent": 200})), (*RELEASE, "-t", "900"))
    assert (run.code, SUCCESS in run.stdout) == (0, True)
    assert all(len(request["tasks"]) <= 100 for request in run.requests("DescribeTasks"))


def test_d11_a_failure_is_rolled_back_awaited_and_verified() -> None:
    run = play(
        a_world(service(deployment={"circuit_breaker": "stop"}), CRASHES), (*RELEASE, "--enable-rollback", "-t", "600")
    )
    assert (run.code, run.result["status"]) == (1, "rolled_back")
    assert run.result["rollback"]["by"] == "us"
    assert f"Rolling back to {arn(1)}" in run.lines
    assert running_images(run.world) == [OLD]
    assert "web:2" in run.stderr


def test_d11_a_rollback_restores_the_sizing_too() -> None:
    world = a_world(service(desired=2, deployment={"circuit_breaker": "stop"}), CRASHES)
    run = play(world, (*RELEASE, "--enable-rollback", "-t", "600", "-D", "4", "-m", "50", "-M", "150"))
    assert run.result["status"] == "rolled_back"
    back = run.requests("UpdateService")[-1]
    assert back["desiredCount"] == 2
    assert back["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert back["deploymentConfiguration"]["maximumPercent"] == 200


def test_d11_the_failed_revision_stays_active() -> None:
    run = play(
        a_world(service(deployment={"circuit_breaker": "stop"}), CRASHES), (*RELEASE, "--enable-rollback", "-t", "600")
    )
    assert run.requests("DeregisterTaskDefinition") == []


def test_d11_nobody_else_s_deployment_is_rolled_back() -> None:
    world = a_world(service(), later(20, "deploy", image=f"{REPOSITORY}:9"))
    run = play(world, (*RELEASE, "--enable-rollback", "-t", "600"))
    assert (run.code, run.result["status"]) == (1, "superseded")
    assert len(run.requests("UpdateService")) == 1
    world.settle()
    assert running_images(world) == [f"{REPOSITORY}:9"]


HISTORY = [f"{REPOSITORY}:{letter}" for letter in "abcde"]


def test_d12_pruning_follows_success_and_spares_what_is_used() -> None:
    run = play(a_world(service(history=HISTORY)), (*RELEASE, "--max-definitions", "2"))
    assert run.code == 0
    gone = [line for line in run.lines if line.startswith("Deregistering outdated task revision: ")]
    assert sorted(line.removeprefix("Deregistering outdated task revision: ") for line in gone) == [
        arn(number) for number in (1, 2, 3, 4, 5)
    ]
    assert run.lines.index(SUCCESS) < run.lines.index(gone[0])
    kept = {arn(6), arn(7)}
    assert not kept & {request["taskDefinition"] for request in run.requests("DeregisterTaskDefinition")}


def test_d12_with_one_to_keep_the_one_before_is_spared_and_named() -> None:
    run = play(a_world(service(history=HISTORY)), (*RELEASE, "--max-definitions", "1"))
    assert run.code == 0
    assert arn(6) not in {request["taskDefinition"] for request in run.requests("DeregisterTaskDefinition")}
    assert "web:6" in run.stderr


def test_d12_a_failure_prunes_nothing() -> None:
    run = play(a_world(service(history=HISTORY), CRASHES), (*RELEASE, "--max-definitions", "1", "-t", "60"))
    assert (run.code, run.requests("DeregisterTaskDefinition")) == (1, [])


def test_d12_it_works_with_a_definition_too() -> None:
    run = play(a_world(service(history=HISTORY)), ("-d", "web", "-c", "prod", "-i", NEW, "--max-definitions", "2"))
    assert run.code == 0
    gone = {request["taskDefinition"] for request in run.requests("DeregisterTaskDefinition")}
    assert gone
    assert arn(6) not in gone
    assert arn(7) not in gone
