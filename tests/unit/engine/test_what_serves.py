"""What is told to serve while a service goes back, and after it."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.events import Concluded
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import Happening, at_once, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.engine.runs import REVISION, WITH_ROLLBACK, run
from tests.unit.engine.test_judge import fails_again
from tests.unit.engine.test_judge import world as hopeless
from tests.unit.engine.test_way_back import BASELINE, SHORT, old_runs
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, deployed, old, service_with


def beside(running: int) -> Happening:
    """One task of ours runs, and so many of the old revision."""

    def happen(now: Service) -> Service:
        first, *others = goes_on(now).deployments
        return replace(now, deployments=(first, *(replace(each, running=running) for each in others)))

    return happen


@pytest.mark.parametrize(("left", "back"), [(1, 1), (1, 0), (0, 1)], ids=["both", "what was left", "what came back"])
def test_while_a_rollback_is_under_way_it_is_told_what_serves(left: int, back: int) -> None:
    plane = ScriptedPlane(courses=[[beside(left), at_once(beside(left), fails)], [old_runs(back)]])
    verdict = run(plane, replace(WITH_ROLLBACK, budget=SHORT)).outcome.verdict
    assert (verdict.status, verdict.serving, verdict.serves, verdict.doom) == (Status.TIMED_OUT, BASELINE, (), None)


def test_where_a_rollback_has_no_task_yet_and_nothing_is_left_nothing_serves() -> None:
    plane = ScriptedPlane(courses=[[beside(0), at_once(beside(0), fails)], [old_runs(0)]])
    assert run(plane, replace(WITH_ROLLBACK, budget=SHORT)).outcome.verdict.serving == ""


@pytest.mark.parametrize(("end", "serving"), [(completes, BASELINE), (fails, "")])
def test_after_a_rollback_what_served_before_it_is_not_told(end: Happening, serving: str) -> None:
    plane = ScriptedPlane(courses=[[beside(1), at_once(beside(1), fails)], [goes_on, end]])
    ran = run(plane, WITH_ROLLBACK)
    told_before = ran.told.of(Concluded)[0].verdict
    assert {each.revision for each in told_before.serves} == {BASELINE, REVISION(2)}
    assert (ran.outcome.verdict.serving, ran.outcome.verdict.serves) == (serving, ())


def test_a_judgement_is_not_why_a_rollback_ran_out_of_time() -> None:
    plane = hopeless(*[fails_again] * 5)
    plane.courses.append([goes_on])
    verdict = run(plane, replace(WITH_ROLLBACK, budget=SHORT)).outcome.verdict
    assert (verdict.status, verdict.doom) == (Status.TIMED_OUT, None)


def test_what_can_be_put_back_is_not_stopped_by_a_record_that_can_no_longer_be_read() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [completes]], deployed=deployed("IN_PROGRESS"))

    def denied_at_the_end(now: Service) -> Service:
        if plane.clock.seconds < 1000 + SHORT.seconds:
            plane.meanwhile["service"] = denied_at_the_end
        else:
            plane.fail("service_deployment", AccessDenied("No."), times=ALWAYS)
        return now

    plane.meanwhile["service"] = denied_at_the_end
    ran = run(plane, replace(WITH_ROLLBACK, budget=SHORT))
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.ROLLED_BACK, 0, 2)


def test_who_took_over_before_our_way_back_is_named() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]])

    def once_it_failed(now: Service) -> Service:
        if now.deployments[0].rollout_state != "FAILED":
            plane.meanwhile["service"] = once_it_failed
            return now
        return started(FOREIGN_ID, REVISION(9))(now)

    plane.meanwhile["service"] = once_it_failed
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.warnings == (f"W-NOT-OURS {FOREIGN_ID} {REVISION(9)}",)
    assert plane.made("update_service") == 1


LED_TO: dict[str, tuple[Happening, str]] = {
    "the list lags": (beside(2), BASELINE),
    "it is primary again, and has no task yet": (at_once(ecs_goes_back, old_runs(0)), BASELINE),
    "others took over": (at_once(started(FOREIGN_ID, REVISION(9)), goes_on), ""),
}


@pytest.mark.parametrize(("shows", "led_to"), LED_TO.values(), ids=LED_TO)
def test_where_a_rollback_of_ecs_led_is_told_as_far_as_it_shows(shows: Happening, led_to: str) -> None:
    plane = ScriptedPlane(deployed=deployed("IN_PROGRESS"))

    def is_taken_back(now: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
        return shows(now)

    plane.courses = [[goes_on, is_taken_back]]
    found = run(plane).outcome.rollback
    assert found is not None
    assert (found.by, found.status, found.to_revision) == ("ecs", Status.ROLLED_BACK, led_to)


def test_where_ecs_goes_back_to_after_our_stop_is_for_ecs_to_say() -> None:
    """It lists another deployment of before, and names that one."""
    other = replace(old(), id=FOREIGN_ID, task_definition=REVISION(9))
    plane = ScriptedPlane(now=service_with(old(status="PRIMARY"), other), courses=[[goes_on]])
    plane.deployed = deployed("IN_PROGRESS")

    def goes_elsewhere(now: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL", rollback_to=FOREIGN_ID)
        new, _, before = now.deployments
        listed = (replace(before, status="PRIMARY"), replace(new, status="ACTIVE", running=0))
        return replace(now, deployments=listed, task_definition=REVISION(9))

    plane.meanwhile["stop_deployment"] = goes_elsewhere
    found = run(plane, replace(WITH_ROLLBACK, budget=SHORT)).outcome.rollback
    assert found is not None
    assert (found.by, found.status, found.to_revision) == ("us", Status.ROLLED_BACK, REVISION(9))
