"""What ECS tells EventBridge."""

import pytest

from tests.unit.sim.builders import call, deploy, image, the_service, world
from tests.unit.sim.strategies import SMOKE, answers, blue_green, lambda_hook, pause, record, service, until


def _told(w: object, kind: str) -> list[tuple[str, str]]:
    region = w.region  # type: ignore[attr-defined]
    return [(e["detail"]["eventType"], e["detail"]["eventName"]) for e in region.bus if e["detail-type"] == kind]


def test_a_deployment_that_succeeds_is_told_twice() -> None:
    w = world("desired = 1")
    new = deploy(w)
    w.settle()
    assert _told(w, "ECS Deployment State Change") == [
        ("INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS"),
        ("INFO", "SERVICE_DEPLOYMENT_COMPLETED"),
    ]
    first = w.region.bus[0]
    assert (first["source"], first["resources"]) == ("aws.ecs", [the_service(w).arn])
    assert first["detail"]["deploymentId"] == new.id
    assert first["detail"]["reason"] == f"ECS deployment {new.id} in progress."
    assert first["time"] == "2026-01-01T12:00:00Z"


def test_a_rollback_is_told_as_a_failure_and_another_deployment_in_progress() -> None:
    w = world('desired = 1\ndeployment = { circuit_breaker = "rollback" }', image('run = "exit"\nafter = 4'))
    old = the_service(w).primary
    deploy(w)
    w.settle()
    reasons = [e["detail"]["reason"] for e in w.region.bus][1:]
    assert reasons == [
        "ECS deployment circuit breaker: tasks failed to start.",
        f"ECS deployment circuit breaker: rolling back to deploymentId {old.id}.",
        f"ECS deployment {old.id} completed.",
    ]
    assert _told(w, "ECS Deployment State Change")[1] == ("ERROR", "SERVICE_DEPLOYMENT_FAILED")


def test_a_function_is_told_in_progress_and_how_it_ended() -> None:
    w = blue_green(lambda_hook("PRE_SCALE_UP"))
    deploy(w)
    w.settle()
    names = [name for _, name in _told(w, "ECS Hook State Change")]
    assert names == ["HOOK_IN_PROGRESS", "HOOK_SUCCEEDED"]


def test_a_pause_is_told_with_what_an_answer_needs() -> None:
    w = blue_green(pause("POST_SCALE_UP"))
    deploy(w)
    until(w, lambda w: bool(_told(w, "ECS Hook State Change")))
    event = w.region.bus[-1]
    arn = record(w)["serviceDeploymentArn"]
    assert event["resources"] == [arn]
    assert event["detail"]["eventName"] == "HOOK_AWAITING_ACTION"
    assert (event["detail"]["hookType"], event["detail"]["lifecycleStage"]) == ("PAUSE", "POST_SCALE_UP")
    call(w, "ContinueServiceDeployment", serviceDeploymentArn=arn, hookId=event["detail"]["hookId"])
    assert w.region.bus[-1]["detail"]["eventName"] == "HOOK_SUCCEEDED"


def test_a_failed_hook_and_one_that_timed_out_are_errors() -> None:
    failed = world(service(f'strategy = "BLUE_GREEN", {lambda_hook("PRE_SCALE_UP")}'), answers("FAILED"))
    late = blue_green(pause("PRE_SCALE_UP"))
    for w, name in ((failed, "HOOK_FAILED"), (late, "HOOK_TIMED_OUT")):
        deploy(w)
        w.settle()
        assert ("ERROR", name) in _told(w, "ECS Hook State Change")
    assert SMOKE in failed.region.hook_answers


def test_the_same_scenario_tells_the_same() -> None:
    told = []
    for _ in range(2):
        w = blue_green(lambda_hook("PRE_SCALE_UP"))
        deploy(w)
        w.settle()
        told.append(list(w.region.bus))
    assert told[0] == told[1]


def _fails(_: object) -> None:
    raise NotImplementedError


def test_w07_a_listener_that_fails_stands_in_no_deployments_way(caplog: pytest.LogCaptureFixture) -> None:
    w = world("desired = 2")
    w.region.listener = _fails
    new = deploy(w)
    w.settle()
    assert the_service(w).primary is new
    assert new.rollout_state == "COMPLETED"
    assert len(_told(w, "ECS Deployment State Change")) == 2
    assert "SERVICE_DEPLOYMENT_COMPLETED could not be delivered" in caplog.text
