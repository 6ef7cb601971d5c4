"""The circuit breaker: thresholds, what counts, what a trip does."""

from itertools import pairwise
from typing import Any

import pytest

from ecsdeploy.sim.deployments.breaker import threshold
from tests.unit.sim.builders import call, deploy, described, events, image, seconds, the_service, update, world

CRASHES = image('run = "exit"\nafter = 4')
ROLLBACK = 'deployment = { circuit_breaker = "rollback" }'


def _configuration(kind: str, value: int) -> dict[str, Any]:
    return {"deploymentCircuitBreaker": {"thresholdConfiguration": {"type": kind, "value": value}}}


@pytest.mark.parametrize(
    ("kind", "value", "desired", "expected"),
    [
        ("BOUNDED_PERCENT", 50, 1, 3),
        ("BOUNDED_PERCENT", 50, 25, 13),
        ("BOUNDED_PERCENT", 50, 400, 200),
        ("BOUNDED_PERCENT", 50, 800, 200),
        ("UNBOUNDED_PERCENT", 50, 800, 400),
        ("COUNT", 7, 800, 7),
    ],
)
def test_thresholds_are_those_of_the_documentation(kind: str, value: int, desired: int, expected: int) -> None:
    assert threshold(_configuration(kind, value), desired) == expected


def _record(w: Any) -> dict[str, Any]:
    brief = call(w, "ListServiceDeployments", cluster="prod", service="web")["serviceDeployments"][0]
    arns = [brief["serviceDeploymentArn"]]
    record: dict[str, Any] = call(w, "DescribeServiceDeployments", serviceDeploymentArns=arns)["serviceDeployments"][0]
    return record


def test_a_trip_rolls_back_to_the_same_old_deployment_under_its_own_id() -> None:
    w = world(f"desired = 4\n{ROLLBACK}", CRASHES)
    old = the_service(w).primary
    failed = deploy(w)
    w.settle()
    (primary,) = described(w)["deployments"]
    assert (primary["id"], primary["createdAt"]) == (old.id, old.created_at)
    assert primary["rolloutState"] == "COMPLETED"
    assert failed.rollout_state == "FAILED"
    assert failed.rollout_reason == "ECS deployment circuit breaker: tasks failed to start."


def test_a_rollback_makes_no_new_revision_and_no_new_record() -> None:
    w = world(f"desired = 2\n{ROLLBACK}", CRASHES)
    old = the_service(w).primary.revision.arn
    deploy(w)
    w.settle()
    record = _record(w)
    assert len(the_service(w).history) == len(the_service(w).revisions) == 2
    assert record["status"] == "ROLLBACK_SUCCESSFUL"
    assert record["rollback"]["serviceRevisionArn"] == old
    assert (
        record["statusReason"] == "Service deployment rolled back because the circuit breaker threshold was exceeded."
    )
    assert record["deploymentCircuitBreaker"]["status"] == "TRIGGERED"


def test_the_rollback_is_said_a_millisecond_after_the_failure() -> None:
    w = world(f"desired = 1\n{ROLLBACK}", CRASHES)
    old, failed = the_service(w).primary, deploy(w)
    w.settle()
    said = [(at, text) for at, text in events(w) if "failed" in text or "rolling back" in text]
    assert [text for _, text in said] == [
        f"(deployment {failed.id}) deployment failed: tasks failed to start.",
        f"rolling back to deployment {old.id}.",
    ]
    assert said[1][0] - said[0][0] == pytest.approx(0.001, abs=1e-4)


def test_the_breaker_is_evaluated_at_the_next_launch() -> None:
    """Observed in a drill with one task: crash, relaunch after about 50 s, three times, then the trip."""
    w = world(f"desired = 1\n{ROLLBACK}", image('run = "exit"\nafter = 1'))
    failed = deploy(w)
    w.settle()
    started = [at for at, text in events(w) if "has started" in text]
    assert len(started) == 3
    assert {round(later - earlier) for earlier, later in pairwise(started)} == {52}
    assert failed.rollout_state == "FAILED"


def test_without_rollback_the_deployment_stays_failed_and_the_old_tasks_serve_on() -> None:
    w = world('desired = 2\ndeployment = { circuit_breaker = "stop" }', CRASHES)
    old, failed = the_service(w).primary, deploy(w)
    w.settle()
    w.clock.sleep(3600)
    assert [d["id"] for d in described(w)["deployments"]] == [failed.id, old.id]
    assert [d["runningCount"] for d in described(w)["deployments"]] == [0, 2]
    assert _record(w)["status"] == "STOPPED"
    assert "rollback" not in _record(w)


def test_without_a_breaker_failing_tasks_are_started_for_ever() -> None:
    w = world("desired = 1", CRASHES)
    failed = deploy(w)
    w.clock.sleep(7200)
    assert failed.rollout_state == "IN_PROGRESS"
    assert failed.launches > 100
    assert _record(w)["deploymentCircuitBreaker"]["status"] == "DISABLED"


def test_tasks_that_never_run_come_ever_further_apart_up_to_27_minutes() -> None:
    w = world("desired = 1", image('pull = "not-found"'))
    deploy(w)
    w.clock.sleep(4 * 3600)
    started = [at for at, text in events(w) if "has started" in text]
    gaps = [later - earlier for earlier, later in pairwise(started)]
    assert gaps == sorted(gaps)
    assert 1620 <= gaps[-1] <= 1620 + 60
    assert "is unable to consistently start tasks successfully." in {text for _, text in events(w)}


def test_tasks_that_reached_running_never_lengthen_the_gap() -> None:
    w = world("desired = 1", CRASHES)
    deploy(w)
    w.clock.sleep(3600)
    started = [at for at, text in events(w) if "has started" in text]
    assert max(later - earlier for earlier, later in pairwise(started)) < 60


def test_a_new_definition_resets_the_gap() -> None:
    w = world("desired = 1", image('pull = "not-found"'))
    deploy(w)
    w.clock.sleep(3600)
    before = seconds(w)
    deploy(w, "3")
    w.settle()
    assert seconds(w) - before < 120


def test_a_healthy_task_clears_the_count_of_failures() -> None:
    w = world(f"desired = 3\n{ROLLBACK}", image('run = "exit"\nafter = 4\nfails = 2'))
    deployment = deploy(w)
    w.clock.sleep(70)
    assert described(w)["deployments"][0]["failedTasks"] == 2
    w.settle()
    assert deployment.failed_tasks == deployment.failures == 0
    assert deployment.rollout_state == "COMPLETED"


def test_without_the_reset_failures_add_up() -> None:
    breaker = "{ enable = true, rollback = true, reset_on_healthy_task = false }"
    w = world(
        f"desired = 3\ndeployment = {{ deployment_circuit_breaker = {breaker} }}",
        image('run = "exit"\nafter = 50'),
    )
    deployment = deploy(w)
    w.settle()
    assert deployment.failures >= 3
    assert deployment.rollout_state == "FAILED"


def test_nothing_completed_to_go_back_to_stalls_the_deployment() -> None:
    w = world(f"desired = 2\n{ROLLBACK}", CRASHES)
    failed = deploy(w)
    the_service(w).last_completed = None
    w.settle()
    assert failed.rollout_state == "FAILED"
    assert the_service(w).primary is failed
    assert _record(w)["status"] == "STOPPED"


def test_a_rollback_that_fails_too_ends_as_rollback_failed() -> None:
    w = world(
        f"desired = 2\n{ROLLBACK.replace('}', ', minimum_healthy_percent = 0 }')}",
        CRASHES + image('run = "exit"\nafter = 4', tag="1"),
    )
    deploy(w)
    w.settle()
    assert _record(w)["status"] == "ROLLBACK_FAILED"


def test_a_changed_desired_count_changes_the_threshold() -> None:
    w = world(f"desired = 2\n{ROLLBACK}", image('pull = "not-found"\npull_seconds = 100'))
    deploy(w)
    w.clock.sleep(10)
    assert _record(w)["deploymentCircuitBreaker"]["threshold"] == 3
    update(w, desiredCount=20)
    w.clock.sleep(20)
    assert _record(w)["deploymentCircuitBreaker"]["threshold"] == 10
