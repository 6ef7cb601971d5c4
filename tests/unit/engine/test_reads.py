"""Reads are asked again until the budget is over; what cannot be reached at all is given up soon."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, CredentialsError, NoSuchResource, ReplyLost, Throttled, Unreachable
from ecsdeploy.model.events import FoundContact, LostContact
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import PhaseBudget, WholeBudget
from tests.unit.engine.happenings import completes, goes_on
from tests.unit.engine.runs import RELEASE, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of

THROTTLED, SERVER_ERROR = Throttled("Slow down."), ReplyLost("500")
UNREACHABLE = Unreachable("No route.")


@pytest.mark.parametrize("read", ["service", "definition"])
@pytest.mark.parametrize("error", [THROTTLED, SERVER_ERROR], ids=["f01 throttled", "f10 server error"])
@pytest.mark.parametrize("times", [1, 7])
def test_reads_before_the_first_write_are_asked_again(read: str, error: Exception, times: int) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail(read, error, times=times)
    assert run(plane).status is Status.SUCCEEDED


@pytest.mark.parametrize("error", [THROTTLED, SERVER_ERROR, UNREACHABLE], ids=["f01", "f10", "f08"])
def test_looks_are_taken_again(error: Exception) -> None:
    plane = ScriptedPlane(courses=[[goes_on, completes]])
    plane.fail("service", error, times=9, after=2)
    ran = run(plane)
    assert ran.status is Status.SUCCEEDED
    assert [type(each) for each in ran.events if isinstance(each, LostContact | FoundContact)] == [
        LostContact,
        FoundContact,
    ]


@pytest.mark.parametrize("error", [THROTTLED, SERVER_ERROR], ids=["f01", "f10"])
def test_read_beside_the_service_that_fails_now_and_then_does_not_fail_the_look(error: Exception) -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, completes]])
    plane.fail("service_deployment", error, times=2)
    ran = run(plane)
    assert (ran.status, plane.made("service_deployment")) == (Status.SUCCEEDED, 3)
    assert not [each for each in ran.events if isinstance(each, LostContact)]
    assert ran.seconds < 20


def test_f01_a_read_that_stays_throttled_ends_with_the_budget() -> None:
    plane = ScriptedPlane()
    plane.fail("service", THROTTLED, times=ALWAYS)
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=300)))
    assert (ran.error, ran.status) == (THROTTLED, Status.REFUSED)
    assert 300 <= ran.seconds <= 330
    assert plane.made("service") < 30, "the pauses grow"


def test_f02_a_throttled_registration_is_sent_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", THROTTLED, times=3)
    assert run(plane).status is Status.SUCCEEDED
    assert (plane.made("register"), len(plane.store)) == (4, 2)


@pytest.mark.parametrize("takes", [0.0, 5.0], ids=["refused at once", "connect times out"])
def test_f07_what_cannot_be_reached_at_the_start_is_given_up_in_ten_seconds(takes: float) -> None:
    for jitter in range(500):
        plane = ScriptedPlane()
        plane.clock.seconds += jitter / 501
        plane.fail("service", UNREACHABLE, times=ALWAYS, takes=takes)
        ran = run(plane)
        assert (ran.error, ran.status, plane.writes) == (UNREACHABLE, Status.REFUSED, [])
        assert ran.seconds < 10


def test_f09_contact_lost_past_the_deadline_is_unknown_and_nothing_is_rolled_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    plane.fail("service", UNREACHABLE, times=ALWAYS, after=2)
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=120)))
    assert (ran.status, ran.outcome.verdict.phase) == (Status.UNKNOWN, Phase.WAITING)
    assert plane.made("update_service") == 1
    assert ran.outcome.causes == ()


def test_f18_expired_credentials_end_the_watch_not_the_deployment() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    plane.fail("service", CredentialsError("Expired."), times=ALWAYS, after=2)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.reason, plane.made("update_service")) == (Status.UNKNOWN, "Expired.", 1)


def test_f16_expired_credentials_at_the_start_change_nothing() -> None:
    plane = ScriptedPlane()
    plane.fail("service", CredentialsError("Expired."))
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.REFUSED, Phase.PLANNING, [])


def test_f15_a_service_that_does_not_exist_is_refused() -> None:
    plane = ScriptedPlane()
    plane.fail("service", NoSuchResource("No service."))
    ran = run(plane)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


@pytest.mark.parametrize("read", ["service_deployment", "tasks_started_by"])
def test_f21_an_optional_read_that_is_denied_never_changes_the_verdict(read: str) -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, goes_on, completes]])
    plane.keep(definition_of(container("app", "acme/app:1", healthCheck={"command": ["CMD", "true"]})))
    plane.fail(read, AccessDenied("No."), times=ALWAYS)
    assert run(plane).status is Status.SUCCEEDED


def test_f21_without_the_right_to_read_tasks_a_running_one_is_enough() -> None:
    plane = ScriptedPlane(courses=[[*[lambda now: now] * 3, *[goes_on] * 3, completes]])
    plane.keep(definition_of(container("app", "acme/app:1", healthCheck={"command": ["CMD", "true"]})))
    plane.fail("tasks_started_by", AccessDenied("No."), times=ALWAYS)
    assert run(plane, replace(RELEASE, budget=PhaseBudget(seconds=20))).status is Status.SUCCEEDED


def test_a_service_deployment_that_is_gone_does_not_mean_that_the_service_is() -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, goes_on, completes]])
    plane.fail("service_deployment", NoSuchResource("No service deployment."), times=ALWAYS)
    assert run(plane).status is Status.SUCCEEDED


def test_f01_the_looks_widen_while_they_fail_and_recover() -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, goes_on, completes]])
    plane.fail("service", THROTTLED, times=4, after=2)
    ran = run(plane, replace(RELEASE, budget=PhaseBudget(seconds=900)))
    assert ran.status is Status.SUCCEEDED
    assert plane.made("service") == 9
    assert 50 < ran.seconds < 90
