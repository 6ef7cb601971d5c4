"""What a deployment is refused for, or warned of, before its first write."""

import io
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.sim import World, serve
from tests.cli.worlds import (
    DEPLOY,
    NEW,
    OLD,
    RELEASE,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    play,
    running_images,
    service,
    shipped,
    surroundings,
)
from tests.contract.sim.clients import connect
from tests.unit.sim.builders import call

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web"
WRITES = ("RegisterTaskDefinition", "UpdateService")


def _findings(run: Played) -> list[str]:
    planned = next(each for each in run.events if each["type"] == "planned")
    return [each["code"] for each in planned["findings"]]


def _wrote(run: Played) -> list[str]:
    return [each.operation for each in run.world.calls if each.operation in WRITES]


@pytest.mark.parametrize(("argv", "code"), [(RELEASE, 1), (DEPLOY, 26)], ids=["flag form", "deploy"])
def test_a_deadlock_is_refused_before_anything_is_written(argv: tuple[str, ...], code: int) -> None:
    run = play(shipped("deadlock"), argv)
    assert (run.code, _wrote(run)) == (code, [])
    assert "leave ECS no room to start a task or to stop one. Raise the maximum" in run.stderr
    assert "Nothing was changed." in run.stderr


@pytest.mark.parametrize(
    ("members", "code"),
    [({"networkMode": "bridge"}, "C-NETWORK-MODE"), ({"requiresCompatibilities": ["EC2"]}, "C-LAUNCH-TYPE")],
)
@pytest.mark.parametrize("command", ["plan", "deploy"])
def test_p02_a_definition_that_does_not_fit_the_service_is_refused_before_it_is_registered(
    command: str, members: dict[str, object], code: str, tmp_path: Path
) -> None:
    world = shipped("good")
    definition = call(world, "DescribeTaskDefinition", taskDefinition="web")["taskDefinition"]
    kept = (
        *("family", "containerDefinitions", "networkMode", "requiresCompatibilities", "cpu", "memory"),
        "executionRoleArn",
    )
    (tmp_path / "web.json").write_text(json.dumps({name: definition[name] for name in kept} | members))
    run = play(world, (command, *WEB, "--image", NEW, "--base", "web.json"), surroundings(tmp_path))
    assert (run.code, _wrote(run)) == (26, [])
    assert code in _findings(run)


@pytest.mark.parametrize("word", ["--no-preflight", ""])
def test_the_checks_can_be_left_out(word: str) -> None:
    argv = (*DEPLOY, "--timeout", "60s", *filter(None, [word]))
    around = surroundings(variables={} if word else {"ECS_DEPLOY_NO_PREFLIGHT": "true"})
    run = play(shipped("deadlock"), argv, around)
    assert (run.code, _findings(run), _wrote(run)) == (22, [], [*WRITES])
    assert not {each.service for each in run.world.calls} & {"iam", "ecr", "ssm", "secretsmanager"}


@pytest.mark.parametrize(("argv", "code"), [(RELEASE, 1), (DEPLOY, 26)], ids=["flag form", "deploy"])
def test_f15_a_service_that_is_being_deleted_is_refused_before_a_revision_is_registered(
    argv: tuple[str, ...], code: int
) -> None:
    world = a_world()
    call(world, "DeleteService", cluster="prod", service="web", force=True)
    run = play(world, argv)
    assert (run.code, _wrote(run)) == (code, [])
    assert "The service `web` is DRAINING: somebody has deleted it." in run.stderr


def test_f15_a_service_that_was_deleted_is_refused_with_its_place() -> None:
    world = a_world()
    call(world, "DeleteService", cluster="prod", service="web", force=True)
    world.clock.sleep(600)
    run = play(world, DEPLOY)
    assert (run.code, _wrote(run)) == (26, [])
    assert "has been deleted (Region `us-east-1`, account 123456789012)" in run.stderr


def _in_ecr(*parts: str) -> World:
    return a_world(service(image=f"{REGISTRY}:1"), *parts)


def test_f54_an_image_that_ecr_does_not_have_is_refused() -> None:
    run = play(_in_ecr(behaves(f"{REGISTRY}:2", pull="not-found")), ("deploy", *WEB, "--image", f"{REGISTRY}:2"))
    assert (run.code, _wrote(run)) == (26, [])
    assert f"ECR does not have `{REGISTRY}:2`: no task could start. Push the image" in run.stderr


def test_f54_an_image_that_ecr_has_is_released() -> None:
    run = play(_in_ecr(), ("deploy", *WEB, "--image", f"{REGISTRY}:2"))
    assert (run.code, _findings(run)) == (0, [])
    assert len(run.requests("BatchGetImage")) == 1


def test_all_that_blocks_is_said_at_once(tmp_path: Path) -> None:
    definition = """{"family": "web", "taskRoleArn": "arn:aws:iam::123456789012:role/nobody",
        "containerDefinitions": [{"name": "app", "image": "x:1", "logConfiguration":
        {"logDriver": "awslogs", "options": {"awslogs-group": "/no", "awslogs-region": "us-east-1"}}}]}"""
    (tmp_path / "web.json").write_text(definition)
    world = a_world()
    connect(world, "iam").create_role(RoleName="somebody", AssumeRolePolicyDocument="{}")
    connect(world, "logs").create_log_group(logGroupName="/made")
    run = play(world, ("deploy", *WEB, "--base", "web.json"), surroundings(tmp_path))
    assert (run.code, _wrote(run)) == (26, [])
    assert "IAM does not have the role `nobody`" in run.stderr
    assert "CloudWatch Logs does not have the log group `/no`" in run.stderr


FAILING = (service(deployment={"circuit_breaker": "stop"}), behaves(NEW, run="exit", after=2))


def _deregistered(*parts: str, number: int = 1) -> World:
    """A world whose service runs on a revision that somebody has deregistered."""
    world = a_world(*parts)
    call(world, "DeregisterTaskDefinition", taskDefinition=f"web:{number}")
    return world


def test_f44_a_way_back_that_is_no_longer_active_is_told_before_and_copied_when_it_is_needed() -> None:
    run = play(_deregistered(*FAILING), (*DEPLOY, "--on-failure", "rollback", "--no-fail-fast"))
    assert (run.code, _findings(run)) == (21, ["C-ROLLBACK-INACTIVE"])
    assert run.result["rollback"]["to_revision"].endswith(":3")
    assert running_images(run.world) == [OLD]
    assert "a rollback has to register a copy of it first" in run.stderr


def test_f44_an_image_of_the_way_back_that_ecr_lost_is_told_before() -> None:
    world = _in_ecr(behaves(f"{REGISTRY}:1", pull="not-found"))
    run = play(world, ("deploy", *WEB, "--image", f"{REGISTRY}:2", "--on-failure", "rollback"))
    assert (run.code, _findings(run)) == (0, ["C-ROLLBACK-IMAGE"])
    assert f"ECR no longer has `{REGISTRY}:1` of the revision to go back to" in run.stderr


def test_f44_the_command_goes_back_to_a_copy_where_the_revision_is_no_longer_active() -> None:
    world = _deregistered(service(image=NEW, history=[OLD]))
    run = play(world, ("rollback", *WEB, "--to", "1"))
    assert (run.code, running_images(world)) == (0, [OLD])
    assert "The revision `web:1` is INACTIVE: a copy of it is registered and deployed." in run.stderr


def test_f44_deploy_refuses_a_revision_that_is_no_longer_active_and_registers_nothing() -> None:
    run = play(_deregistered(service(image=NEW, history=[OLD])), ("deploy", *WEB, "--revision", "web:1"))
    assert (run.code, _wrote(run)) == (26, [])
    assert "The revision `web:1` is INACTIVE: ECS deploys no such revision" in run.stderr
    assert "use `ecs-deploy rollback --to`" in run.stderr


def test_f44_the_flag_form_deploys_a_copy_of_a_revision_that_is_no_longer_active() -> None:
    world = _deregistered(service(image=NEW, history=[OLD]))
    assert play(world, (*WEB, "--revision", "web:1")).code == 0
    assert running_images(world) == [OLD]


def test_f44_an_image_that_ecr_lost_is_not_gone_back_to() -> None:
    lost = behaves(f"{REGISTRY}:1", pull="not-found")
    world = a_world(service(image=f"{REGISTRY}:2", history=[f"{REGISTRY}:1"]), lost)
    run = play(world, ("rollback", *WEB))
    assert (run.code, _wrote(run)) == (26, [])
    assert run.requests("UpdateService") == []
    unchecked = play(world, ("rollback", *WEB, "--no-preflight", "--timeout", "60s"))
    assert _wrote(unchecked) == ["UpdateService"]


NEIGHBOURS = ("GetRole", "DescribeLogGroups", "BatchGetImage", "DescribeTargetGroups", "DescribeScalableTargets")


def test_f21_what_may_not_be_read_is_unknown_and_told_in_one_note() -> None:
    denied = [fault(operation=each, error="AccessDeniedException", times=9) for each in NEIGHBOURS]
    steady = service(image=f"{REGISTRY}:1", load_balancer={"health_interval": 5, "deregistration_delay": 10})
    argv = ("deploy", *WEB, "--image", f"{REGISTRY}:2", "--desired-count", "2")
    run = play(a_world(steady, *denied), argv)
    assert (run.code, _findings(run)) == (0, ["C-UNCHECKED"])
    (note,) = [line for line in run.stderr.splitlines() if "Not checked" in line]
    assert "note: Not checked, as it could not be read: images of team/web (access denied)" in note
    assert note.count("(access denied)") == len(NEIGHBOURS)


FARGATE = {"launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}}


@pytest.mark.parametrize(
    ("argv", "told"),
    [(("--on-failure", "rollback"), True), ((), False)],
    ids=["rollback asked for", "not asked for"],
)
def test_f43_a_first_deployment_leaves_nothing_to_go_back_to(argv: tuple[str, ...], told: bool) -> None:
    world = a_world()
    call(world, "CreateService", cluster="prod", serviceName="new", taskDefinition="web", desiredCount=1, **FARGATE)
    run = play(world, ("deploy", "-c", "prod", "-n", "new", "--image", NEW, "--if-busy", "supersede", *argv))
    assert ("C-NO-ROLLBACK-TARGET" in _findings(run)) is told
    assert ("No deployment of the service `new` has completed" in run.stderr) is told


@pytest.mark.parametrize(("timeout", "told"), [("200s", True), ("20m", False)])
def test_f67_a_timeout_below_what_the_service_s_own_settings_take_is_told(timeout: str, told: bool) -> None:
    balancer = {"health_interval": 30, "healthy_threshold": 5, "deregistration_delay": 120, "grace_period": 60}
    run = play(a_world(service(load_balancer=balancer)), ("plan", *WEB, "--image", NEW, "--timeout", timeout))
    assert (run.code, _findings(run)) == (0, ["C-TIMEOUT"] * told)
    ticked = "✔ the timeout suffices" in run.stdout
    assert ticked is not told
    assert ("The deployment may need 330 s by its own settings, and the timeout is 200 s." in run.stdout) is told


def test_f18_credentials_that_expire_before_the_timeout_are_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CREDENTIAL_EXPIRATION": (now + timedelta(minutes=10)).isoformat(),
        "AWS_CONFIG_FILE": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)
    around = surroundings()
    server = serve(a_world(), host="127.0.0.1", port=0, speed=1)
    thread = threading.Thread(target=server.run_forever)
    thread.start()
    try:
        argv = (*DEPLOY, "--region", "us-east-1", "--endpoint-url", server.url, "--dry-run")
        assert main(argv, around) == 0
    finally:
        server.close()
        thread.join()
    assert isinstance(around.stdout, io.StringIO)
    assert "warning  The credentials expire at " in around.stdout.getvalue()


def test_what_a_plan_checked_is_ticked_off_in_any_encoding() -> None:
    run = play(_in_ecr(), ("plan", *WEB, "--image", f"{REGISTRY}:2", "--on-failure", "rollback"))
    ticks = run.stdout.partition("  checks   ")[2].partition("\n1 container changed")[0]
    assert [each.strip() for line in ticks.splitlines() for each in line.split("✔") if each.strip()] == [
        "Fargate has the size",
        "ECR has the image",
        "role exists",
        "log group exists",
        "based on the newest revision",
        "room to exchange tasks",
        "a version to go back to",
    ]
