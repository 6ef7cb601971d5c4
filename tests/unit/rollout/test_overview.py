"""How the services of a cluster stand by DescribeServices alone, and their order."""

from dataclasses import replace

import pytest

from ecsdeploy.model.report import Condition
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.overview import condition_of, worst_first
from tests.unit.rollout.builders import event, old, ours, service_with

STEADY = service_with(ours("COMPLETED", running=2))
BEHIND = replace(STEADY, running=1)
DEPLOYING = service_with(ours(), old())
FAILING = service_with(ours(failed=3), old())
GOES_BACK = service_with(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
FAILED = service_with(ours("FAILED", failed=3), old())
GOING = service_with(ours(failed=3), status="DRAINING")
LINE = "is unable to consistently start tasks successfully."
ALL = (STEADY, BEHIND, DEPLOYING, FAILING, GOES_BACK, FAILED, GOING)


@pytest.mark.parametrize(
    ("service", "hindered", "condition", "reason"),
    [
        pytest.param(STEADY, False, Condition.STEADY, "", id="steady: its past trouble is past"),
        pytest.param(BEHIND, False, Condition.UNSTEADY, LINE, id="behind"),
        pytest.param(DEPLOYING, False, Condition.DEPLOYING, LINE, id="under way"),
        pytest.param(FAILING, False, Condition.FAILING, LINE, id="failing"),
        pytest.param(FAILING, True, Condition.STUCK, LINE, id="stuck"),
        pytest.param(FAILED, False, Condition.FAILED, ours("FAILED").rollout_reason, id="failed, by ECS's own reason"),
        pytest.param(GOES_BACK, False, Condition.ROLLING_BACK, ours("FAILED").rollout_reason, id="on the way back"),
        pytest.param(GOING, True, Condition.GOING, "", id="being deleted"),
    ],
)
def test_m09_what_differs_is_told_apart(service: Service, hindered: bool, condition: Condition, reason: str) -> None:
    found = condition_of(service, trouble=LINE, hindered=hindered)
    assert (found.condition, found.reason) == (condition, reason)


def test_m09_the_worst_come_first_and_equals_by_name() -> None:
    twin = replace(STEADY, name="api")
    found = worst_first(condition_of(each, trouble="", hindered=False) for each in (*ALL, twin))
    assert [each.condition.value for each in found] == [
        "failed", "going", "failing", "rolling_back", "unsteady", "deploying", "steady", "steady",
    ]  # fmt: skip
    assert [each.service.name for each in found[-2:]] == ["api", "web"]


@pytest.mark.parametrize("condition", Condition)
def test_m09_every_condition_has_its_place(condition: Condition) -> None:
    found = condition_of(STEADY, trouble="", hindered=False)
    assert worst_first([replace(found, condition=condition), found])[0].condition is condition


def test_m09_events_are_read_and_not_kept() -> None:
    assert condition_of(replace(STEADY, events=(event(1, LINE),)), trouble="", hindered=False).service.events == ()
