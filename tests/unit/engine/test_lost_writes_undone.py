"""A write that stays lost is undone where it was asked for; nothing else is, and what was sent is told."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    CredentialsError,
)
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import OnInterrupt
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import completes, fails, goes_on, started
from tests.unit.engine.lost_writes import LOST, lost_for_long, nothing_of_ours_is_listed
from tests.unit.engine.runs import REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, deployed


def test_d11_a_write_that_stays_lost_is_rolled_back_where_asked() -> None:
    plane = lost_for_long()
    ran = run(plane, WITH_ROLLBACK)
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert ran.outcome.verdict.reason == LOST.message
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.ROLLED_BACK


def test_f42_a_write_that_stays_lost_and_whose_rollback_fails_is_that() -> None:
    plane = lost_for_long()
    plane.courses = [[], [goes_on, fails]]
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.reason) == (Status.ROLLBACK_FAILED, LOST.message)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.ROLLBACK_FAILED


def test_f18_a_write_that_stays_lost_and_whose_rollback_cannot_be_sent_is_unknown() -> None:
    plane = lost_for_long()
    plane.fail("update_service", CredentialsError("The token has expired."), times=ALWAYS)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, ran.status) == (LOST, Status.UNKNOWN)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.UNKNOWN


@pytest.mark.parametrize("phase", ["settling", "undoing"])
def test_f26_a_signal_while_a_write_is_lost_has_the_rollback_sent(phase: str) -> None:
    plane = lost_for_long() if phase == "undoing" else ScriptedPlane(courses=[[], [completes]])
    if phase == "undoing":
        plane.fail("service", KeyboardInterrupt(), after=11)
    else:
        plane.fail("update_service", LOST, applied=True)
        plane.fail("service", KeyboardInterrupt(), after=1)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is Status.INTERRUPTED
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert ran.outcome.rollback is not None


def test_f26_a_signal_right_after_the_undo_of_a_lost_write_was_sent_says_that_it_was() -> None:
    plane = lost_for_long()
    plane.fail("update_service", KeyboardInterrupt(), applied=True)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is Status.INTERRUPTED
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert (ran.outcome.rollback is not None, ran.outcome.warnings) == (True, ())


def test_f26_what_others_did_is_not_told_as_our_undo_of_a_lost_write() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)
    plane.fail("service", KeyboardInterrupt(), after=11)

    def right_after_the_signal(service: Service) -> Service:
        if plane.made("service") > 12:
            return started(FOREIGN_ID, REVISION(1))(service)
        plane.meanwhile["service"] = right_after_the_signal
        return service

    plane.meanwhile["service"] = right_after_the_signal
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, plane.updates, ran.outcome.rollback) == (Status.INTERRUPTED, [], None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


def test_f26_a_signal_while_a_lost_write_is_not_to_be_seen_says_that_nothing_was_sent() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    plane.fail("service", KeyboardInterrupt(), after=1)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, plane.updates) == (Status.INTERRUPTED, [])
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


def test_d11_a_lost_write_that_was_not_applied_needs_no_rollback() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, ran.outcome.rollback, plane.updates) == (LOST, None, [])
    assert not ran.told.of(RollingBack)


def test_x02_what_others_began_while_our_write_was_lost_is_not_undone() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)

    def once_it_is_given_up(service: Service) -> Service:
        if plane.made("service") > 11:
            return started(FOREIGN_ID, REVISION(9))(service)
        plane.meanwhile["service"] = once_it_is_given_up
        return service

    plane.meanwhile["service"] = once_it_is_given_up
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, plane.updates, ran.outcome.rollback) == (LOST, [], None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-NOT-OURS"]


def test_x02_what_ecs_took_back_itself_is_not_told_as_our_undo_of_a_lost_write() -> None:
    plane = lost_for_long()
    plane.fail("update_service", KeyboardInterrupt())

    def once_the_signal_came(service: Service) -> Service:
        if plane.made("update_service") > 2:
            return nothing_of_ours_is_listed(service)
        plane.meanwhile["service"] = once_the_signal_came
        return service

    plane.meanwhile["service"] = once_the_signal_came
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, ran.outcome.rollback) == (Status.INTERRUPTED, None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


@pytest.mark.parametrize("signal", [False, True], ids=["given up", "a signal"])
def test_x02_while_our_write_is_lost_no_deployment_is_stopped(signal: bool) -> None:
    """One that moves may be anybody's: what was asked for is the service pointed back, where its revision is ours."""
    plane = lost_for_long()
    plane.deployed = deployed("IN_PROGRESS")
    if signal:
        plane.fail("service", KeyboardInterrupt(), after=11)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is (Status.INTERRUPTED if signal else Status.ROLLED_BACK)
    assert plane.made("stop_deployment") == 0
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
