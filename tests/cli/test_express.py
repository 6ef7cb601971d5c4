"""Services that Express mode manages, whole: released, rolled back and looked at in the simulated world."""

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    NEW,
    OLD,
    REVISION,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    later,
    play,
    running_images,
    service,
)
from tests.unit.sim.builders import call

DEPLOY = ("deploy", *WEB, "--image", NEW, "-t", "1500")
CANARY = {
    "strategy": "CANARY",
    "circuit_breaker": "rollback",
    "bake_time_in_minutes": 3,
    "canary_configuration": {"canary_percent": 5.0, "canary_bake_time_in_minutes": 3},
    "alarms": {"enable": True, "rollback": True, "alarm_names": ["web-faults"]},
}
MAIN = {
    "name": "Main",
    "image": OLD,
    "essential": True,
    "portMappings": [{"containerPort": 8080, "name": "main", "protocol": "tcp"}],
    "environment": [{"name": "MODE", "value": "live"}],
    "secrets": [{"name": "KEY", "valueFrom": "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"}],
    "command": ["serve"],
    "linuxParameters": {"initProcessEnabled": True},
    "stopTimeout": 30,
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/aws/ecs/prod/web-1a2b",
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "ecs",
            "mode": "non-blocking",
        },
    },
}
SIDECAR = {"name": "router", "image": "registry.example.com/team/router:1", "essential": True}


def definition(*containers: object, **members: object) -> dict[str, object]:
    return {
        "containerDefinitions": list(containers) or [MAIN],
        "cpu": "1024",
        "memory": "2048",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
    } | members


def express(*containers: object, desired: int = 2, deployment: object = CANARY, **members: object) -> str:
    return service(
        express=True,
        desired=desired,
        load_balancer={"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30},
        deployment=deployment,
        task_definition=definition(*containers, **members),
    )


def sent(ran: Played) -> dict[str, object]:
    (request,) = ran.requests("UpdateExpressGatewayService")
    return dict(request)


def test_an_image_goes_through_express_mode_and_all_else_stays() -> None:
    ran = play(a_world(express()), DEPLOY)
    assert (ran.code, ran.result["status"]) == (0, "succeeded"), ran.said
    container = sent(ran)["primaryContainer"]
    assert set(sent(ran)) == {"serviceArn", "primaryContainer"}
    assert container == {
        "image": NEW,
        "containerPort": 8080,
        "command": MAIN["command"],
        "environment": MAIN["environment"],
        "secrets": MAIN["secrets"],
        "awsLogsConfiguration": {"logGroup": "/aws/ecs/prod/web-1a2b", "logStreamPrefix": "ecs"},
    }
    assert ran.requests("UpdateService") == ran.requests("RegisterTaskDefinition") == []
    assert running_images(ran.world) == [NEW]
    assert ran.result["to_revision"].endswith(":task-definition/web:2")


def test_an_alarm_takes_it_back_and_that_is_no_success() -> None:
    ran = play(a_world(express(desired=3), later(120, "alarm", alarm="web-faults")), DEPLOY)
    assert (ran.code, ran.result["status"]) == (21, "rolled_back"), ran.said
    assert "web-faults" in ran.said
    assert running_images(ran.world) == [OLD]


def test_what_it_can_carry_goes_with_it_and_a_last_variable_is_taken_away() -> None:
    edits = ("--unset-env", "MODE", "--secret", "TOKEN=/app/token", "--task-memory", "4096", "--command", '["work"]')
    ran = play(a_world(express()), (*DEPLOY, *edits, "--no-preflight"))
    assert ran.code == 0, ran.said
    request = sent(ran)
    container = request["primaryContainer"]
    assert isinstance(container, dict)
    assert request["memory"] == "4096"
    assert (container["environment"], container["command"]) == ([], ["work"])
    assert [each["name"] for each in container["secrets"]] == ["KEY", "TOKEN"]
    now = ran.world.region.clusters["prod"].services["web"].definition.payload
    assert (now["memory"], now["containerDefinitions"][0].get("environment")) == ("4096", [])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--patch", '[{"op":"add","path":"/containerDefinitions/Main/user","value":"1000"}]'), "`Main.user`"),
        (("--task-role", "none"), "`taskRoleArn`"),
        (("--desired-count", "5"), "sets itself how many tasks run"),
        (("--circuit-breaker", "off"), "how they are deployed"),
        (("--before", "Main: ./migrate"), "no task of it can run before or after"),
    ],
)
def test_what_it_cannot_carry_is_refused_before_anything_is_written(options: tuple[str, ...], said: str) -> None:
    ran = play(
        a_world(express(taskRoleArn="arn:aws:iam::123456789012:role/web")), (*DEPLOY, *options, "--no-preflight")
    )
    assert ran.code == 26, ran.said
    assert said in ran.said
    assert "Nothing was changed." in ran.said
    assert writes(ran.world) == []


def test_a_definition_with_more_is_registered_and_used_as_it_is() -> None:
    ran = play(a_world(express(MAIN, SIDECAR)), (*DEPLOY[:-4], "--image", f"Main={NEW}", "-t", "1500"))
    assert (ran.code, ran.result["status"]) == (0, "succeeded"), ran.said
    assert sent(ran)["taskDefinitionArn"] == ran.result["to_revision"]
    assert set(sent(ran)) == {"serviceArn", "taskDefinitionArn"}
    assert running_images(ran.world) == [NEW, SIDECAR["image"]]


def test_a_lost_reply_is_no_second_update() -> None:
    lost = fault(operation="UpdateExpressGatewayService", error="reset-after")
    ran = play(a_world(express(), lost), DEPLOY)
    assert (ran.code, ran.result["status"]) == (0, "succeeded"), ran.said
    assert writes(ran.world) == ["UpdateExpressGatewayService"]
    assert running_images(ran.world) == [NEW]


@pytest.mark.parametrize("denied", [False, True])
def test_a_failure_goes_back_by_a_stop_else_by_an_update(*, denied: bool) -> None:
    parts = [behaves(NEW, run="target-unhealthy")]
    parts += [fault(operation="StopServiceDeployment", error="AccessDeniedException", times=0)] if denied else []
    world = a_world(express(deployment=CANARY | {"circuit_breaker": "off"}), *parts)
    ran = play(world, ("deploy", *WEB, "--image", NEW, "-t", "700", "--on-failure", "rollback"))
    assert ran.result["rollback"]["status"] == "rolled_back", ran.said
    assert running_images(world) == [OLD]
    assert writes(world) == ["UpdateExpressGatewayService"] * (1 + denied)


def test_rollback_puts_the_former_configuration_back_through_express_mode() -> None:
    world = a_world(express())
    assert play(world, DEPLOY).code == 0
    ran = play(world, ("rollback", *WEB, "-t", "1500"))
    assert (ran.code, ran.result["status"]) == (0, "succeeded"), ran.said
    assert ran.requests("UpdateExpressGatewayService")[-1]["primaryContainer"]["image"] == OLD
    assert running_images(world) == [OLD]


def test_a_plan_says_so_and_writes_nothing() -> None:
    ran = play(a_world(express()), ("plan", *WEB, "--image", NEW))
    assert ran.code == 0, ran.said
    assert "let Express mode bring the change to the service" in ran.stdout
    assert writes(ran.world) == []


def test_what_runs_already_is_left_alone_or_deployed_again() -> None:
    again = ("deploy", *WEB, "--image", OLD, "-t", "1500")
    left = play(a_world(express()), (*again, "--skip-unchanged"))
    assert (left.code, writes(left.world)) == (0, []), left.said
    anew = play(a_world(express()), again)
    assert (anew.code, writes(anew.world)) == (0, ["UpdateService"]), anew.said


def test_it_is_looked_at_as_any_other() -> None:
    world = a_world(express())
    status = play(world, ("status", *WEB))
    assert (status.code, "web:1" in status.stdout) == (0, True), status.said
    assert play(world, ("watch", *WEB)).result["status"] == "succeeded"
    assert play(world, ("doctor", *WEB)).code == play(world, ("doctor", *WEB, "--preflight")).code == 0
    assert "web:1" in play(world, ("history", *WEB)).stdout
    assert play(world, ("scale", *WEB, "--to", "3")).code == 0
    run = play(world, ("run", "-c", "prod", "--like-service", "web", "--", "true"))
    assert (run.code, run.requests("RunTask")[0]["overrides"]["containerOverrides"][0]["name"]) == (0, "Main")
    refused = play(world, ("rehearse", *WEB, "--image", NEW))
    assert (refused.code, "Express mode manages it" in refused.stderr) == (26, True)


def test_a_failing_release_is_looked_into_and_stopped() -> None:
    world = a_world(express(), behaves(NEW, run="exit", exit_code=1, after=4, logs=["boom at start"]))
    assert play(world, (*DEPLOY, "--detach")).code == 0
    world.clock.sleep(60)
    doctor = play(world, ("doctor", *WEB))
    assert (doctor.code, 'container "Main" exits 1' in doctor.stdout) == (20, True)
    assert "boom at start" in play(world, ("logs", *WEB, "--failed")).stdout
    assert "breaker" in play(world, ("watch", *WEB, "--timeout", "30s")).stderr
    stopped = play(world, ("stop", *WEB))
    assert (stopped.code, running_images(world)) == (21, [OLD])
    assert "rolled back" in play(world, ("history", *WEB)).stdout
    assert writes(world) == ["UpdateExpressGatewayService"]


def test_a_shell_is_opened_and_old_revisions_go() -> None:
    world = a_world(express())
    call(world, "UpdateService", cluster="prod", service="web", enableExecuteCommand=True)
    for image in (NEW, NEW + "1"):
        assert play(world, ("deploy", *WEB, "--image", image, "-t", "1500")).code == 0
    picked = play(world, ("exec", *WEB, "--dry-run"))
    assert (picked.code, "container Main of task" in picked.stderr) == (0, True), picked.said
    pruned = play(world, ("prune", *WEB, "--keep", "1", "--yes"))
    assert (pruned.code, pruned.requests("DeregisterTaskDefinition")) == (0, [{"taskDefinition": f"{REVISION}:1"}])


def writes(world: World) -> list[str]:
    names = ("RegisterTaskDefinition", "UpdateService", "UpdateExpressGatewayService")
    return [call.operation for call in world.calls if call.operation in names]
