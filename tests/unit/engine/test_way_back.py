"""What is reported of a way back: whose it was, where it led, with how many tasks; and what a signal leaves of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from ecsdeploy import api
from ecsdeploy.engine.patience import Patience
from ecsdeploy.errors import AwsRefused, ReplyLost, Throttled
from ecsdeploy.model.events import Concluded, Record, RollingBack, Spared
from ecsdeploy.model.outcome import UNDER_WAY, RollbackReport, Status
from ecsdeploy.model.request import OnFailure, Sizing, WholeBudget
from ecsdeploy.model.service import Service
from tests.clock import StoppedClock
from tests.unit.engine.happenings import Happening, at_once, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.engine.lost_writes import FIRST, LOST, forced_by_others, lost_for_long, recorded
from tests.unit.engine.others_at_work import STOP, busy
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, Ran, run
from tests.unit.engine.test_prune import numbers, with_revisions
from tests.unit.engine.test_rollback import without_baseline
from tests.unit.engine.world import ALWAYS, Listener, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, OUR_ID, deployed, old, service_with

BASELINE = REVISION(1)
THIRD = "ecs-svc/3333333333333333333"
SHORT = WholeBudget(seconds=120)


def report(ran: Ran) -> RollbackReport:
    assert ran.outcome.rollback is not None
    return ran.outcome.rollback


def old_runs(running: int) -> Happening:
    """So many tasks of the revision that is gone back to run."""

    def happen(now: Service) -> Service:
        first, *others = now.deployments
        return replace(now, deployments=(replace(first, running=running), *others))

    return happen


def because(reason: str) -> Happening:
    """ECS says why it gives ours up."""

    def happen(now: Service) -> Service:
        changed = [replace(each, rollout_reason=reason) for each in now.deployments]
        return replace(now, deployments=tuple(changed))

    return happen


def test_a_rollback_of_ecs_that_is_under_way_is_reported_with_its_tasks_and_its_reason() -> None:
    plane = ScriptedPlane(courses=[[goes_on, at_once(ecs_goes_back, old_runs(1), because("tasks failed."))]])
    ran = run(plane, replace(RELEASE, budget=SHORT))
    assert report(ran) == RollbackReport(
        by="ecs", to_revision=BASELINE, status=UNDER_WAY, running=1, desired=2, reason="tasks failed."
    )
    assert ran.status is Status.TIMED_OUT


def test_a_rollback_of_ecs_that_has_ended_is_reported_with_where_it_led() -> None:
    plane = ScriptedPlane(deployed=deployed("IN_PROGRESS"))
    done = deployed("ROLLBACK_SUCCESSFUL", reason="The alarm went off.")

    def is_back(now: Service) -> Service:
        plane.deployed = done
        return completes(now)

    plane.courses = [[goes_on, ecs_goes_back, is_back]]
    found = report(run(plane))
    assert (found.running, found.desired) == (2, 2), "the tasks of the revision that it went back to"
    assert (found.by, found.to_revision, found.status, found.reason) == (
        "ecs",
        BASELINE,
        Status.ROLLED_BACK,
        "The alarm went off.",
    )


def test_what_we_stopped_is_reported_as_taken_back_by_us() -> None:
    plane = busy(ecs_goes_back, completes)
    plane.deployed = deployed("IN_PROGRESS")

    def obeys(now: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_IN_PROGRESS")
        return now

    plane.meanwhile["stop_deployment"] = obeys
    ran = run(plane, STOP)
    assert (report(ran).by, ran.outcome.deployment_id) == ("us", OUR_ID)


def test_a_rollback_of_ours_is_reported_with_where_it_led_its_deployment_and_its_tasks() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, completes]])
    assert report(run(plane, WITH_ROLLBACK)) == RollbackReport(
        by="us",
        to_revision=BASELINE,
        status=Status.ROLLED_BACK,
        deployment_id="ecs-svc/2000000000000000000",
        running=2,
        desired=2,
    )


def test_a_rollback_of_ours_that_fails_is_reported_with_ecs_s_reason() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, fails]])
    found = report(run(plane, WITH_ROLLBACK))
    assert (found.status, found.reason, found.running, found.desired) == (
        Status.ROLLBACK_FAILED,
        "tasks failed to start.",
        1,
        2,
    )


def test_a_rollback_of_ours_that_ecs_takes_back_led_to_the_revision_that_we_sent() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, ecs_goes_back]])
    ran = run(plane, replace(WITH_ROLLBACK, budget=SHORT))
    assert (report(ran).to_revision, report(ran).deployment_id) == (BASELINE, "ecs-svc/2000000000000000000")


def test_a_rollback_that_nobody_saw_is_reported_with_what_was_sent() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [completes]])

    def away(now: Service) -> Service:
        if plane.made("update_service") == 2:
            plane.fail("service", ReplyLost("Reset."), times=ALWAYS)
        else:
            plane.meanwhile["update_service"] = away
        return now

    plane.meanwhile["update_service"] = away
    found = report(run(plane, WITH_ROLLBACK))
    assert (found.status, found.to_revision, found.running, found.desired) == (Status.UNKNOWN, BASELINE, None, None)


@pytest.mark.parametrize("by", ["us", "ecs"])
def test_while_ecs_does_not_say_where_to_a_rollback_is_reported_to_the_baseline(by: str) -> None:
    """It was stopped, or had failed right before that."""
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))

    def begins(now: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_REQUESTED")
        return now

    plane.meanwhile["stop_deployment"] = begins
    if by == "ecs":
        plane.fail("stop_deployment", AwsRefused("It has ended."))
    found = report(run(plane, replace(WITH_ROLLBACK, budget=SHORT)))
    assert (found.by, found.to_revision, found.status) == (by, BASELINE, UNDER_WAY)


def test_a_stop_that_is_all_that_was_asked_for_is_sent_for_as_long_as_there_is_time() -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))
    plane.fail("stop_deployment", Throttled("Slow down."), times=4, takes=10)

    def taken_back(now: Service) -> Service:
        if plane.made("stop_deployment") == 5:
            plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
            return at_once(ecs_goes_back, completes)(now)
        plane.meanwhile["stop_deployment"] = taken_back
        return now

    plane.meanwhile["stop_deployment"] = taken_back
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.STOP))
    assert (report(ran).status, plane.made("update_service")) == (Status.ROLLED_BACK, 1)


def test_a_stop_is_told_once_with_where_it_leads() -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))

    def taken_back(now: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
        return at_once(ecs_goes_back, completes)(now)

    plane.meanwhile["stop_deployment"] = taken_back
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.STOP))
    assert ran.told.of(RollingBack) == [RollingBack(by="us", to_revision=BASELINE, stopped=True)]


@pytest.mark.parametrize(("applied", "copies"), [(True, 1), (False, 2)])
def test_a_lost_copy_of_the_baseline_is_found_by_its_content_and_number(applied: bool, copies: int) -> None:
    plane = without_baseline()
    plane.fail("register", LOST, after=1, applied=applied)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, report(ran).to_revision) == (Status.ROLLED_BACK, REVISION(3))
    assert plane.made("register") == 1 + copies


def test_a_release_of_the_baseline_s_own_content_is_not_taken_for_its_lost_copy() -> None:
    """It is what failed, and what the service is on: to go there would begin no deployment."""
    plane = without_baseline()
    plane.fail("register", LOST, after=1)
    ran = run(plane, replace(WITH_ROLLBACK, edits=()))
    assert report(ran).to_revision != REVISION(2)


def test_who_else_deployed_while_our_way_back_was_lost_is_named() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]], past=(recorded(FOREIGN_ID, 9, 60, "IN_PROGRESS"),))
    plane.fail("update_service", LOST, after=1)

    def second(now: Service) -> Service:
        if plane.made("update_service") < 2:
            plane.meanwhile["update_service"] = second
            return now
        return started(FOREIGN_ID, REVISION(9))(now)

    plane.meanwhile["update_service"] = second
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.warnings == (f"W-NOT-OURS {FOREIGN_ID} {REVISION(9)}",)


def test_of_three_of_our_revision_the_first_is_ours() -> None:
    plane = forced_by_others(lists_ours=False)
    plane.past = (recorded(THIRD, 2, 32, "IN_PROGRESS"), *plane.past)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUPERSEDED, FIRST)


def test_a_lost_write_that_had_no_effect_is_undone_without_a_word() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, ran.outcome.warnings) == (LOST, ())


def at_the_third_update(plane: ScriptedPlane, act: Callable[[], None]) -> None:
    def third(now: Service) -> Service:
        if plane.made("update_service") < 3:
            plane.meanwhile["update_service"] = third
        else:
            act()
        return now

    plane.meanwhile["update_service"] = third


def test_a_signal_while_the_undo_of_a_lost_write_is_followed_sends_nothing_more() -> None:
    plane = lost_for_long()
    plane.courses = [[], [goes_on]]

    def press() -> None:
        plane.clock.interrupt_at = plane.clock.seconds + 10

    at_the_third_update(plane, press)
    ran = run(plane, WITH_ROLLBACK)
    assert len(ran.told.of(RollingBack)) == 1
    assert (ran.status, [revision for _, revision in plane.updates]) == (
        Status.INTERRUPTED,
        [REVISION(2), BASELINE],
    )


def test_a_signal_before_the_undo_of_a_lost_write_is_sent_has_it_sent() -> None:
    plane = lost_for_long()
    plane.fail("service", KeyboardInterrupt(), after=11)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, [revision for _, revision in plane.updates]) == (
        Status.INTERRUPTED,
        [REVISION(2), BASELINE],
    )


@dataclass
class Hasty(Listener):
    """The user presses Ctrl-C while the verdict is told."""

    def emit(self, record: Record) -> None:
        super().emit(record)
        if isinstance(record.event, Concluded):
            raise KeyboardInterrupt


def test_a_signal_while_the_verdict_of_an_undone_write_is_told_sends_nothing_more() -> None:
    plane, told = lost_for_long(), Hasty()
    outcome = api.deploy(api.Connection(plane=plane, clock=plane.clock), WITH_ROLLBACK, told)
    assert outcome.verdict.status is Status.ROLLED_BACK
    assert [revision for _, revision in plane.updates] == [REVISION(2), BASELINE]


def test_without_a_baseline_there_is_no_sizing_to_put_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    plane.now = service_with(old("FAILED", status="PRIMARY"))
    ran = run(plane, replace(WITH_ROLLBACK, sizing=Sizing(desired_count=5)))
    assert (plane.made("update_service"), ran.status) == (1, Status.ROLLED_BACK)


def test_a_way_back_has_the_time_that_the_service_s_own_settings_take() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [*[goes_on] * 40, completes]])
    plane.now = replace(plane.now, grace_seconds=600)
    ran = run(plane, replace(WITH_ROLLBACK, budget=SHORT))
    assert (report(ran).status, ran.status) == (Status.ROLLED_BACK, Status.ROLLED_BACK)
    assert ran.seconds > SHORT.seconds + 30


def test_exactly_twenty_revisions_go_at_once_and_nothing_is_left() -> None:
    plane = with_revisions(21, in_use=21)
    ran = run(plane, replace(RELEASE, keep=1))
    assert (len(plane.gone), ran.outcome.warnings) == (20, ())


def test_an_account_of_a_hundred_clusters_is_looked_through() -> None:
    plane = with_revisions(3, in_use=3)
    plane.clusters_there = tuple(map(str, range(100)))
    run(plane, replace(RELEASE, keep=1))
    assert (plane.made("revisions_in_use"), numbers(plane.gone)) == (100, [1, 2])


def test_why_a_revision_stays_is_told() -> None:
    plane = with_revisions(5, in_use=2)
    ran = run(plane, replace(FORCED, keep=1))
    assert [(each.revision, each.by) for each in ran.told.of(Spared)] == [(REVISION(2), "this release")]


@pytest.mark.parametrize(("takes", "told"), [(3.5, [(4.0, "Slow down.")]), (2.5, [])])
def test_what_is_asked_again_is_told_before_the_pause_that_ends_after_five_seconds(
    takes: float, told: list[tuple[float, str]]
) -> None:
    clock, heard = StoppedClock(), list[tuple[float, str]]()
    patience = Patience(
        clock=clock, seconds=60, start=1000, notice=lambda asked, error: heard.append((asked, str(error)))
    )
    takes_of = iter([0, takes])

    def call() -> str:
        if (spent := next(takes_of, None)) is None:
            return "an answer"
        clock.sleep(spent)
        raise Throttled("Slow down.")

    assert patience.read(call) == "an answer"
    assert heard == told


def test_a_rollback_of_ours_that_is_listed_late_is_waited_for() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, completes]])

    def second(now: Service) -> Service:
        if plane.made("update_service") < 2:
            plane.meanwhile["update_service"] = second
        else:
            plane.lag = 3
        return now

    plane.meanwhile["update_service"] = second
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, report(ran).status) == (Status.ROLLED_BACK, Status.ROLLED_BACK)
