"""One word for a service, from the list of its deployments and from its newest service deployment."""

from dataclasses import replace

import pytest

from ecsdeploy.model.report import Condition
from ecsdeploy.model.service import Deployment, Service, ServiceDeployment
from ecsdeploy.rollout.condition import judge
from tests.unit.rollout.builders import OLD_ID, deployed, old, ours, service_with

RUNNING = service_with(ours("COMPLETED", running=2))
ROLLING = service_with(ours(), old())
GONE_BACK = service_with(old(status="PRIMARY"))
BROKEN = service_with(ours("FAILED"), old())
CLASSIC = service_with(ours("", running=2))


def on_the_way_back() -> Service:
    return service_with(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))


def gone_back(state: str) -> Deployment:
    """The old deployment once the one that failed is no longer listed."""
    reason = f"ECS deployment circuit breaker: rolling back to deploymentId {OLD_ID}."
    return replace(old(state, status="PRIMARY"), rollout_reason=reason)


@pytest.mark.parametrize(
    ("service", "newest", "condition"),
    [
        (RUNNING, deployed("SUCCESSFUL"), Condition.STEADY),
        (RUNNING, None, Condition.STEADY),
        (RUNNING, deployed("STOPPED"), Condition.STEADY),
        (CLASSIC, None, Condition.STEADY),
        (GONE_BACK, deployed("ROLLBACK_SUCCESSFUL"), Condition.ROLLED_BACK),
        (replace(RUNNING, running=1), deployed("SUCCESSFUL"), Condition.UNSTEADY),
        (replace(RUNNING, running=3), deployed("SUCCESSFUL"), Condition.STEADY),
        (ROLLING, deployed("IN_PROGRESS"), Condition.DEPLOYING),
        (ROLLING, deployed("A_STATUS_OF_TOMORROW"), Condition.DEPLOYING),
        (ROLLING, None, Condition.DEPLOYING),
        (RUNNING, deployed("PENDING"), Condition.DEPLOYING),
        (service_with(ours(failed=1), old()), deployed("IN_PROGRESS"), Condition.FAILING),
        (service_with(ours(failed=1), old()), None, Condition.FAILING),
        (service_with(ours("COMPLETED", running=2, failed=1)), deployed("SUCCESSFUL"), Condition.STEADY),
        (service_with(ours(""), old("")), None, Condition.DEPLOYING),
        (on_the_way_back(), deployed("ROLLBACK_IN_PROGRESS"), Condition.ROLLING_BACK),
        (ROLLING, deployed("ROLLBACK_REQUESTED"), Condition.ROLLING_BACK),
        (on_the_way_back(), None, Condition.ROLLING_BACK),
        (service_with(gone_back("IN_PROGRESS")), None, Condition.ROLLING_BACK),
        (service_with(gone_back("COMPLETED")), None, Condition.STEADY),
        (BROKEN, deployed("STOPPED"), Condition.FAILED),
        (BROKEN, None, Condition.FAILED),
        (service_with(ours("FAILED"), replace(old("FAILED"), running=0)), None, Condition.FAILED),
        (GONE_BACK, deployed("ROLLBACK_FAILED"), Condition.FAILED),
        (service_with(status="DRAINING"), None, Condition.GOING),
        (service_with(status="INACTIVE"), deployed("SUCCESSFUL"), Condition.GOING),
        (replace(service_with(), desired=0), None, Condition.STEADY),
        (service_with(), None, Condition.UNSTEADY),
        (service_with(replace(old("FAILED"), status="ACTIVE")), None, Condition.STEADY),
    ],
)
def test_condition(service: Service, newest: ServiceDeployment | None, condition: Condition) -> None:
    assert judge(service, newest, hindered=False) is condition


@pytest.mark.parametrize("service", [ROLLING, replace(RUNNING, running=1)], ids=["deploying", "short of tasks"])
def test_what_does_not_pass_by_itself_makes_it_stuck(service: Service) -> None:
    assert judge(service, None, hindered=True) is Condition.STUCK


@pytest.mark.parametrize("primary", [ours("COMPLETED", running=2), ours("FAILED")], ids=["steady", "failed"])
def test_what_has_ended_is_not_stuck(primary: Deployment) -> None:
    assert judge(service_with(primary), None, hindered=True) is not Condition.STUCK
