"""A deployment of others that cannot succeed any more: it is no reason to wait, and none to refuse the release."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.events import Warned
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import IfBusy, WholeBudget
from ecsdeploy.model.service import Service, Task
from tests.unit.diagnose.builders import crashed
from tests.unit.engine.happenings import completes
from tests.unit.engine.runs import RELEASE, REVISION, Ran, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import TARGET_GROUP, old, ours, service_with

LOOP = tuple(crashed(1, number=number) for number in range(3))


def a_failing_release() -> ScriptedPlane:
    plane = ScriptedPlane()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    return plane


FAILING = replace(service_with(ours(failed=3, running=0), old()), events=())


def failing(if_busy: IfBusy, *, now: Service = FAILING, dead: tuple[Task, ...] = LOOP) -> tuple[ScriptedPlane, Ran]:
    """What comes of a release while that deployment is under way: the next one completes."""
    plane = a_failing_release()
    plane.now, plane.stopped, plane.courses = now, dead, [[completes]]
    return plane, run(plane, replace(RELEASE, if_busy=if_busy, budget=WholeBudget(seconds=300)))


@pytest.mark.parametrize("if_busy", [IfBusy.FAIL, IfBusy.WAIT])
def test_t13_a_deployment_that_cannot_succeed_stands_in_nobody_s_way(if_busy: IfBusy) -> None:
    plane, ran = failing(if_busy)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)
    assert "W-SUPERSEDES-HOPELESS" in [each.split()[0] for each in ran.outcome.warnings]
    assert "W-WAITING-FOR" not in [each.finding.code for each in ran.told.of(Warned)]


LONG_LIVED = tuple(crashed(1, number=number, ran=60) for number in range(3))
NOT_HOPELESS: dict[str, tuple[Service, tuple[Task, ...], str]] = {
    "two have failed": (FAILING, LOOP[:2], ""),
    "no failure is counted": (service_with(ours(running=0), old()), LOOP, ""),
    "it wants no task": (replace(FAILING, desired=0), LOOP, ""),
    "its tasks cannot be read": (FAILING, LOOP, "tasks_started_by"),
    "a task may have been healthy": (service_with(ours(failed=3), old(running=1)), LONG_LIVED, ""),
}


@pytest.mark.parametrize(("now", "dead", "denied"), NOT_HOPELESS.values(), ids=NOT_HOPELESS)
def test_t13_one_that_may_succeed_is_busy(now: Service, dead: tuple[Task, ...], denied: str) -> None:
    plane = a_failing_release()
    plane.now, plane.stopped = now, dead
    if denied:
        plane.fail(denied, AccessDenied("No."), times=ALWAYS)
    assert (run(plane, RELEASE).status, plane.writes) == (Status.BUSY, [])


def test_t13_while_all_old_tasks_run_a_long_life_is_no_health_where_there_are_checks() -> None:
    checked = replace(FAILING, target_groups=(TARGET_GROUP,))
    _, ran = failing(IfBusy.FAIL, now=checked, dead=LONG_LIVED)
    assert ran.status is Status.SUCCEEDED
    _, ran = failing(IfBusy.FAIL, now=replace(checked, deployments=(checked.deployments[0], old(running=1))))
    assert ran.status is Status.SUCCEEDED, "they died at once"
    fewer = replace(checked, deployments=(checked.deployments[0], old(running=1)))
    assert failing(IfBusy.FAIL, now=fewer, dead=LONG_LIVED)[1].status is Status.BUSY
