"""What one signal sends, and what is said of it where the reply is lost, or nothing could be sent."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, EcsDeployError, HungUp, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.events import Concluded, RollingBack
from ecsdeploy.model.outcome import Phase, RollbackReport, Status
from ecsdeploy.model.request import Answer, OnFailure, OnInterrupt, Sizing, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import at_once, completes, ecs_goes_back, fails, goes_on, started
from tests.unit.engine.runs import RELEASE, REVISION, WITH_ROLLBACK, Ran, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, deployed, old, service_with

GOES_BACK = replace(RELEASE, on_interrupt=OnInterrupt.ROLLBACK)
STOPS = replace(RELEASE, on_failure=OnFailure.STOP, budget=WholeBudget(seconds=60))
BASELINE = REVISION(1)
LOST = ReplyLost("Connection reset.")


def rolling(*, moves: bool) -> ScriptedPlane:
    """A release goes on; Ctrl-C comes after twelve seconds. Where it `moves`, ECS has a record of it to be stopped."""
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]], deployed=deployed("IN_PROGRESS") if moves else None)
    plane.clock.interrupt_at = plane.clock.seconds + 12
    return plane


def told_back(ran: Ran) -> list[RollingBack]:
    return ran.told.of(RollingBack)


@pytest.mark.parametrize("moves", [True, False], ids=["stopped", "put back"])
def test_what_a_signal_sends_is_told_and_reported_as_ours_and_not_awaited(moves: bool) -> None:
    ran = run(rolling(moves=moves), GOES_BACK)
    assert told_back(ran) == [RollingBack(by="us", to_revision=BASELINE, stopped=moves)]
    assert ran.outcome.rollback == RollbackReport(by="us", to_revision=BASELINE, status=Status.INTERRUPTED)
    assert (ran.status, ran.outcome.verdict.phase, ran.outcome.warnings) == (
        Status.INTERRUPTED,
        Phase.ROLLING_BACK,
        (),
    )


LOSSES: dict[str, tuple[bool, bool]] = {
    "a stop": (True, False),
    "an update that was not applied": (False, False),
}


@pytest.mark.parametrize(("moves", "applied"), LOSSES.values(), ids=LOSSES)
def test_what_a_signal_sent_into_silence_is_told_as_not_known(moves: bool, applied: bool) -> None:
    plane = rolling(moves=moves)
    if moves:
        plane.fail("stop_deployment", LOST, times=ALWAYS)
    else:
        plane.fail("update_service", LOST, after=1, applied=applied)
    ran = run(plane, GOES_BACK)
    assert told_back(ran) == []
    assert ran.outcome.rollback == RollbackReport(
        by="us", to_revision=BASELINE, status=Status.UNKNOWN, reason=LOST.message
    )
    assert ran.outcome.warnings == (f"W-ROLLBACK-LOST {LOST.message}",)
    assert (ran.status, plane.made("update_service")) == (Status.INTERRUPTED, 1 if moves else 2)
    assert ran.seconds < 20, "whoever sends a signal may be about to kill"


def test_an_update_whose_reply_is_lost_and_that_shows_was_sent() -> None:
    plane = rolling(moves=False)
    plane.fail("update_service", LOST, after=1, applied=True)
    ran = run(plane, GOES_BACK)
    assert told_back(ran) == [RollingBack(by="us", to_revision=BASELINE, stopped=False)]
    assert (ran.outcome.rollback, ran.outcome.warnings) == (
        RollbackReport(by="us", to_revision=BASELINE, status=Status.INTERRUPTED),
        (),
    )


Meanwhile = Callable[[Service], Service]
NO_EFFECT: dict[str, Meanwhile | None] = {
    "cannot be read": None,
    "ours still": lambda now: now,
    "somebody else's": started(FOREIGN_ID, REVISION(9)),
    "no primary deployment": lambda now: replace(now, deployments=()),
}


@pytest.mark.parametrize("seen", NO_EFFECT.values(), ids=NO_EFFECT)
def test_an_update_whose_reply_is_lost_and_that_does_not_show_is_not_known(seen: Meanwhile | None) -> None:
    plane = rolling(moves=False)

    def after_the_write(now: Service) -> Service:
        if plane.made("update_service") < 2:
            plane.meanwhile["service"] = after_the_write
            return now
        if seen is None:
            plane.fail("service", Unreachable("No route."), times=ALWAYS)
            return now
        return seen(now)

    plane.meanwhile["service"] = after_the_write
    plane.fail("update_service", LOST, after=1)
    ran = run(plane, GOES_BACK)
    assert ran.outcome.rollback is not None
    assert (ran.outcome.rollback.status, ran.outcome.rollback.reason) == (Status.UNKNOWN, LOST.message)
    assert plane.made("update_service") == 2, "it is never sent twice"


@pytest.mark.parametrize("second", [None, AwsRefused("It has ended.")], ids=["a reply", "stopped already"])
def test_a_stop_whose_reply_is_lost_once_is_sent_again(second: AwsRefused | None) -> None:
    plane = rolling(moves=True)
    plane.fail("stop_deployment", LOST)
    if second:
        plane.fail("stop_deployment", second)
    ran = run(plane, GOES_BACK)
    assert told_back(ran) == [RollingBack(by="us", to_revision=BASELINE, stopped=True)]
    assert (plane.made("stop_deployment"), plane.made("update_service")) == (2, 1)


def test_a_record_that_nobody_has_read_yet_is_read_to_stop_it() -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))
    plane.fail("service", KeyboardInterrupt(), after=1)
    plane.fail("service_deployment", Throttled("Slow down."))
    ran = run(plane, GOES_BACK)
    assert (plane.made("stop_deployment"), plane.made("update_service")) == (1, 1)
    assert [each.stopped for each in told_back(ran)] == [True]


@pytest.mark.parametrize("error", [AwsRefused("No."), AccessDenied("No."), Throttled("Slow down."), LOST])
@pytest.mark.parametrize("call", ["service_deployment", "stop_deployment"])
def test_what_cannot_be_stopped_is_put_back_in_seconds(call: str, error: EcsDeployError) -> None:
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]], deployed=deployed("IN_PROGRESS"))
    plane.fail("service", KeyboardInterrupt(), after=1)
    plane.fail(call, error, times=ALWAYS)
    ran = run(plane, GOES_BACK)
    may_have_arrived = call == "stop_deployment" and error is LOST
    assert plane.made("update_service") == (1 if may_have_arrived else 2)
    assert ran.status is Status.INTERRUPTED
    assert ran.seconds < 8


def test_a_signal_puts_nothing_back_where_nothing_is_known_good() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    plane.now = service_with(old("FAILED", status="PRIMARY"))
    plane.clock.interrupt_at = plane.clock.seconds + 12
    ran = run(plane, GOES_BACK)
    assert (ran.status, plane.made("update_service"), ran.outcome.rollback) == (Status.INTERRUPTED, 1, None)


def test_a_signal_touches_nothing_where_no_primary_deployment_is_to_be_seen() -> None:
    plane = rolling(moves=False)

    def after_the_signal(now: Service) -> Service:
        if plane.clock.interrupt_at is None:
            return replace(now, deployments=now.deployments[1:])
        plane.meanwhile["service"] = after_the_signal
        return now

    plane.meanwhile["service"] = after_the_signal
    ran = run(plane, GOES_BACK)
    assert (ran.status, plane.made("update_service"), ran.outcome.rollback) == (Status.INTERRUPTED, 1, None)


def test_a_signal_leaves_a_count_that_others_have_changed_since() -> None:
    plane = rolling(moves=False)

    def others_scale(now: Service) -> Service:
        if plane.clock.interrupt_at is None:
            return replace(now, desired=9)
        plane.meanwhile["service"] = others_scale
        return now

    plane.meanwhile["service"] = others_scale
    run(plane, replace(GOES_BACK, sizing=Sizing(desired_count=5, maximum_percent=150)))
    back, revision = plane.updates[-1]
    assert (revision, back.sizing.desired_count, back.sizing.maximum_percent) == (BASELINE, None, 200)


def late(*, moves: bool) -> ScriptedPlane:
    """A release that is to be stopped once its time is over; the signal comes right before that is sent."""
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]], deployed=deployed("IN_PROGRESS") if moves else None)

    def at_the_deadline(now: Service) -> Service:
        if plane.clock.seconds < 1060:
            plane.meanwhile["service"] = at_the_deadline
        else:
            plane.fail("service", KeyboardInterrupt(), after=1)
        return now

    plane.meanwhile["service"] = at_the_deadline
    return plane


def test_a_signal_right_before_a_stop_that_was_asked_for_has_it_sent() -> None:
    plane = late(moves=True)
    ran = run(plane, STOPS)
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.INTERRUPTED, 1, 1)


def test_where_only_a_stop_was_asked_for_a_signal_puts_nothing_back() -> None:
    plane = late(moves=False)
    ran = run(plane, STOPS)
    assert (ran.status, plane.made("update_service"), ran.outcome.rollback) == (Status.TIMED_OUT, 1, None)


@pytest.mark.parametrize("error", [AccessDenied("Not allowed."), Throttled("Slow down.")])
def test_a_stop_that_a_signal_could_not_send_says_why(error: EcsDeployError) -> None:
    plane = late(moves=True)
    plane.fail("stop_deployment", error, times=ALWAYS)
    ran = run(plane, STOPS)
    assert (plane.made("update_service"), ran.outcome.rollback) == (1, None)
    assert ran.outcome.warnings[-1:] == (f"W-ROLLBACK-NOT-SENT {error.message}",)


def test_while_nothing_of_ours_shows_a_signal_says_that_nothing_was_sent() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    plane.fail("service", KeyboardInterrupt(), after=1)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.outcome.warnings == ("W-ROLLBACK-NOT-SENT the service shows no deployment of ours",)


def in_the_update_back(*meanwhile: Meanwhile) -> Ran:
    """A release failed; the signal comes within the request that puts the service back, which does not arrive."""
    plane = ScriptedPlane(courses=[[goes_on, fails], [completes]])

    def at_the_second(now: Service) -> Service:
        if plane.made("update_service") < 2:
            plane.meanwhile["update_service"] = at_the_second
            return now
        plane.now = at_once(*meanwhile)(now)
        raise KeyboardInterrupt

    plane.meanwhile["update_service"] = at_the_second
    return run(plane, WITH_ROLLBACK)


def test_a_request_to_go_back_that_a_signal_cut_off_is_sent_again() -> None:
    ran = in_the_update_back()
    assert told_back(ran) == [RollingBack(by="us", to_revision=BASELINE, stopped=False)]


def test_a_request_to_go_back_that_arrived_is_told_as_ours() -> None:
    ran = in_the_update_back(started("ecs-svc/7000000000000000000", BASELINE))
    assert told_back(ran) == [RollingBack(by="us", to_revision=BASELINE, stopped=False)]


def test_what_ecs_takes_back_itself_is_not_told_as_ours() -> None:
    ran = in_the_update_back(ecs_goes_back)
    assert (told_back(ran), ran.outcome.rollback, ran.status) == ([], None, Status.FAILED)


@pytest.mark.parametrize("on_failure", [OnFailure.LEAVE, OnFailure.ROLLBACK])
def test_a_terminal_that_went_away_takes_nothing_back_whatever_ctrl_c_would_do(on_failure: OnFailure) -> None:
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]])
    plane.fail("service", HungUp(), after=3)
    ran = run(plane, replace(GOES_BACK, on_failure=on_failure))
    assert (ran.status, plane.made("update_service"), ran.outcome.rollback) == (Status.INTERRUPTED, 1, None)


@pytest.mark.parametrize(("seconds", "phase"), [(1, Phase.STARTING), (12, Phase.WAITING)])
def test_an_answer_to_go_back_is_told_with_how_far_the_release_was(seconds: float, phase: Phase) -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, goes_on], [completes]])
    plane.clock.interrupt_at = plane.clock.seconds + seconds
    ran = run(plane, replace(RELEASE, on_interrupt=OnInterrupt.ASK), lambda: Answer.ROLLBACK)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, phase)
    assert [each.verdict.phase for each in ran.told.of(Concluded)][:1] == [phase]
