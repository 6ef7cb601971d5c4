"""A success is never bare where tasks failed on the way, or where none is left that would try the image."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, Terminated, Throttled
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import OnFailure, OnInterrupt, Sizing
from ecsdeploy.model.service import Service, Task
from tests.unit.diagnose.builders import crashed, stopped
from tests.unit.engine.happenings import Happening, completes, goes_on, old_is_gone
from tests.unit.engine.runs import RELEASE, Ran, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane

CRASHES = tuple(crashed(1, number=number) for number in range(2))
LONG = stopped("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", number=9, ran=60)


def fails_once(service: Service) -> Service:
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, failed=1), *others))


def one_less(service: Service) -> Service:
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, running=new.running - 1), *others))


def to_zero(service: Service) -> Service:
    """Somebody scales it to zero; ECS has nothing left to wait for."""
    new = replace(service.deployments[0], desired=0, running=0, failed=0, rollout_state="COMPLETED")
    return replace(service, desired=0, running=0, deployments=(new,))


def released(*course: Happening, dead: tuple[Task, ...] = CRASHES, denied: bool = False) -> tuple[ScriptedPlane, Ran]:
    plane = ScriptedPlane(courses=[[goes_on, *course], [completes]], stopped=dead)
    if denied:
        plane.fail("tasks_started_by", AccessDenied("No."), times=ALWAYS)
    return plane, run(plane)


def codes(ran: Ran) -> list[str]:
    return [each.split()[0] for each in ran.outcome.warnings]


@pytest.mark.parametrize("stumbles", [fails_once, one_less], ids=["a failure is counted", "fewer run"])
def test_t12_a_success_with_failed_tasks_says_why_they_failed(stumbles: Happening) -> None:
    _, ran = released(stumbles, goes_on, completes)
    assert (ran.status, codes(ran)) == (Status.SUCCEEDED, ["W-TASKS-FAILED"])
    assert ran.outcome.warnings[0].startswith("W-TASKS-FAILED 2 tasks container")
    assert "E-CONTAINER-EXIT" in ran.outcome.warnings[0]
    _, ran = released(stumbles, goes_on, completes, dead=CRASHES[:1])
    assert ran.outcome.warnings[0].startswith("W-TASKS-FAILED 1 task container")


def test_t12_a_success_without_a_failure_asks_for_nothing_more() -> None:
    plane, ran = released(goes_on, old_is_gone, completes)
    assert (ran.outcome.warnings, plane.asked_tasks) == ((), [])
    _, ran = released(one_less, goes_on, completes, dead=())
    assert ran.outcome.warnings == ()


def test_t12_tasks_that_cannot_be_read_leave_a_success_as_it_is() -> None:
    _, ran = released(fails_once, completes, denied=True)
    assert (ran.status, codes(ran)) == (Status.SUCCEEDED, ["W-UNREADABLE", "W-UNREADABLE-TASKS"])


def test_t11_a_count_that_becomes_zero_after_nothing_but_failures_is_a_failure() -> None:
    _, ran = released(to_zero)
    assert (ran.status, codes(ran)) == (Status.FAILED, ["W-TASKS-FAILED", "W-SCALED-TO-ZERO"])
    assert "scaled to zero on the way: no task of it was healthy before, and 2 failed" in ran.outcome.verdict.reason
    assert ran.outcome.cause is not None
    assert ran.outcome.cause.code == "E-CONTAINER-EXIT"


def test_t11_it_goes_back_where_that_was_asked_for() -> None:
    plane = ScriptedPlane(courses=[[goes_on, to_zero], [completes]], stopped=CRASHES)
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 2)


@pytest.mark.parametrize(
    "dead",
    [
        pytest.param((), id="none failed"),
        pytest.param((*CRASHES, LONG), id="one lived on until it was scaled in"),
        pytest.param(tuple(crashed(1, number=number, ran=50) for number in range(2)), id="they may have been healthy"),
    ],
)
def test_t11_a_count_that_becomes_zero_is_never_a_bare_success(dead: tuple[Task, ...]) -> None:
    _, ran = released(to_zero, dead=dead)
    assert (ran.status, codes(ran)[-1]) == (Status.SUCCEEDED, "W-SCALED-TO-ZERO")


def test_t11_what_cannot_be_read_is_no_failure() -> None:
    _, ran = released(to_zero, denied=True)
    assert (ran.status, codes(ran)[-1]) == (Status.SUCCEEDED, "W-SCALED-TO-ZERO")


def test_t11_a_failure_that_was_read_on_the_way_says_nothing_of_tasks_that_cannot_be_read_at_the_end() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails_once, goes_on, to_zero], [completes]], stopped=CRASHES[:1])
    plane.fail("tasks_started_by", Throttled("Slow down."), after=1, times=ALWAYS)
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)
    assert codes(ran)[-1] == "W-SCALED-TO-ZERO"


def test_t12_a_signal_in_the_look_back_leaves_the_success_of_a_release() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails_once, completes], [completes]], stopped=CRASHES[:1])
    plane.fail("tasks_started_by", Terminated(), after=1)
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_t11_a_count_of_zero_that_was_asked_for_is_told_by_the_plan_alone() -> None:
    plane = ScriptedPlane(courses=[[to_zero]], stopped=CRASHES)
    ran = run(plane, replace(RELEASE, sizing=Sizing(desired_count=0)))
    assert (ran.status, codes(ran)) == (Status.SUCCEEDED, ["W-SCALED-TO-ZERO"])
