"""Deployments and their records: correlation, superseding, stopping, deleting."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import Refused, call, deploy, described, image, register, the_service, update, world


def _records(w: World) -> list[dict[str, Any]]:
    briefs = call(w, "ListServiceDeployments", cluster="prod", service="web")["serviceDeployments"]
    arns = [brief["serviceDeploymentArn"] for brief in briefs]
    found: list[dict[str, Any]] = call(w, "DescribeServiceDeployments", serviceDeploymentArns=arns)[
        "serviceDeployments"
    ]
    return found


def test_a_deployment_id_ends_in_the_digits_of_its_service_revision() -> None:
    w = world()
    deployment = deploy(w)
    target = _records(w)[0]["targetServiceRevision"]["arn"]
    assert target.rsplit("/", 1)[1] == deployment.id.removeprefix("ecs-svc/")


def test_the_service_deployment_is_attached_seconds_after_the_reply_and_dropped_at_the_end() -> None:
    w = world()
    assert "currentServiceDeployment" not in update(w, forceNewDeployment=True)
    assert "currentServiceDeployment" not in described(w)
    w.clock.sleep(3)
    assert described(w)["currentServiceDeployment"] == _records(w)[0]["serviceDeploymentArn"]
    w.settle()
    assert "currentServiceDeployment" not in described(w)


def test_the_reply_of_an_update_shows_an_empty_primary_before_the_old_one() -> None:
    w = world("desired = 2")
    new, old = update(w, taskDefinition=register(w))["deployments"]
    assert (new["status"], new["rolloutState"]) == ("PRIMARY", "IN_PROGRESS")
    assert (new["desiredCount"], new["pendingCount"], new["runningCount"]) == (0, 0, 0)
    assert new["rolloutStateReason"] == f"ECS deployment {new['id']} in progress."
    assert (old["status"], old["rolloutState"], old["runningCount"]) == ("ACTIVE", "COMPLETED", 2)
    assert old["updatedAt"] == new["createdAt"]


def test_a_service_deployment_goes_from_pending_over_in_progress_to_successful() -> None:
    w = world("desired = 1")
    deploy(w)
    assert _records(w)[0]["status"] == "PENDING"
    w.clock.sleep(1.5)
    assert _records(w)[0]["status"] == "IN_PROGRESS"
    w.settle()
    record = _records(w)[0]
    assert record["status"] == "SUCCESSFUL"
    assert record["createdAt"] < record["startedAt"] < record["finishedAt"]
    assert record["deploymentCircuitBreaker"]["status"] == "DISABLED"


def test_every_revision_a_scenario_begins_with_was_deployed_successfully() -> None:
    w = world('history = ["registry.example.com/team/web:0"]')
    assert [record["status"] for record in _records(w)] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert the_service(w).definition.number == 2


@pytest.mark.parametrize("members", [{}, {"desiredCount": 3}, {"enableExecuteCommand": True}])
def test_an_update_that_changes_nothing_of_a_task_starts_nothing(members: dict[str, Any]) -> None:
    w = world("desired = 2")
    update(w, taskDefinition=the_service(w).definition.arn, **members)
    assert len(the_service(w).history) == 1


@pytest.mark.parametrize("members", [{"forceNewDeployment": True}, {"platformVersion": "1.4.0"}])
def test_an_update_that_changes_how_tasks_run_starts_a_deployment(members: dict[str, Any]) -> None:
    w = world("desired = 2")
    update(w, **members)
    assert len(the_service(w).history) == 2


def test_a_new_deployment_supersedes_the_running_one() -> None:
    w = world("desired = 2")
    first = deploy(w)
    w.clock.sleep(30)
    second = deploy(w, "3")
    assert [record["status"] for record in _records(w)[:2]] == ["PENDING", "STOP_REQUESTED"]
    w.clock.sleep(0.3)
    assert [record["status"] for record in _records(w)[:2]] == ["PENDING", "STOPPED"]
    w.settle()
    assert [d["id"] for d in described(w)["deployments"]] == [second.id]
    assert first.rollout_state == "IN_PROGRESS"


def test_a_superseded_deployment_is_no_place_to_go_back_to() -> None:
    w = world('desired = 2\ndeployment = { circuit_breaker = "rollback" }', image('run = "exit"', tag="3"))
    old = the_service(w).primary
    deploy(w)
    w.clock.sleep(30)
    deploy(w, "3")
    w.settle()
    assert the_service(w).primary is old


def test_a_new_deployment_during_a_rollback_ends_the_rollback_as_failed() -> None:
    w = world('desired = 2\ndeployment = { circuit_breaker = "rollback" }', image('pull = "not-found"'))
    deploy(w)
    while _records(w)[0]["status"] != "ROLLBACK_IN_PROGRESS":
        w.clock.sleep(1)
    deploy(w, "3")
    assert _records(w)[1]["status"] == "ROLLBACK_FAILED"
    w.settle()
    assert _records(w)[0]["status"] == "SUCCESSFUL"


def test_stopping_a_deployment_rolls_back_even_without_a_breaker() -> None:
    w = world("desired = 2")
    old, new = the_service(w).primary, deploy(w)
    w.clock.sleep(20)
    arn = _records(w)[0]["serviceDeploymentArn"]
    assert call(w, "StopServiceDeployment", serviceDeploymentArn=arn) == {"serviceDeploymentArn": arn}
    assert _records(w)[0]["status"] == "ROLLBACK_REQUESTED"
    w.clock.sleep(2)
    assert _records(w)[0]["status"] == "ROLLBACK_IN_PROGRESS"
    call(w, "StopServiceDeployment", serviceDeploymentArn=arn)
    w.settle()
    assert _records(w)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert the_service(w).primary is old
    assert new.rollout_state == "FAILED"


def test_a_deployment_that_has_ended_cannot_be_stopped() -> None:
    w = world()
    with pytest.raises(Refused, match="ConflictException"):
        call(w, "StopServiceDeployment", serviceDeploymentArn=_records(w)[0]["serviceDeploymentArn"])


def test_a_deleted_service_drains_and_becomes_inactive() -> None:
    w = world("desired = 1")
    with pytest.raises(Refused, match="The service cannot be stopped while it is scaled above 0"):
        call(w, "DeleteService", cluster="prod", service="web")
    reply = call(w, "DeleteService", cluster="prod", service="web", force=True)["service"]
    assert (reply["status"], reply["desiredCount"]) == ("DRAINING", 0)
    assert "currentServiceRevisions" not in reply
    assert call(w, "ListServices", cluster="prod")["serviceArns"] == []
    with pytest.raises(Refused, match="ServiceNotActiveException: Service was not ACTIVE"):
        update(w, desiredCount=1)
    w.settle()
    assert described(w)["status"] == "INACTIVE"
    assert described(w)["deployments"] == []


def test_partial_configurations_merge_into_what_is_there() -> None:
    w = world('deployment = { circuit_breaker = "rollback", maximum_percent = 150 }')
    breaker = {"enable": True, "rollback": False, "thresholdConfiguration": {"type": "COUNT", "value": 7}}
    update(w, deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    update(w, deploymentConfiguration={"deploymentCircuitBreaker": {"enable": False, "rollback": True}})
    stored = described(w)["deploymentConfiguration"]
    assert stored["maximumPercent"] == 150
    assert stored["deploymentCircuitBreaker"] == {
        "enable": False,
        "rollback": False,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "COUNT", "value": 7},
    }


def test_a_rollback_restores_what_the_revision_fixes_and_leaves_counts_and_bounds() -> None:
    w = world('desired = 2\ndeployment = { circuit_breaker = "rollback" }', image('pull = "not-found"'))
    update(w, taskDefinition=register(w), platformVersion="1.4.0", desiredCount=3)
    w.settle()
    assert described(w)["platformVersion"] == "LATEST"
    assert described(w)["desiredCount"] == described(w)["runningCount"] == 3
