"""What is under way is stopped rather than overtaken; what cannot be stopped is said."""

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, Refused, ReplyLost, Throttled
from ecsdeploy.model.events import Started
from ecsdeploy.model.outcome import Status
from tests.unit.engine.happenings import completes, ecs_goes_back
from tests.unit.engine.hearing import Hearing
from tests.unit.engine.others_at_work import BACK, BUSY, STOP, busy, past, stopping
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import OUR_ID, deployed


def test_what_is_under_way_is_stopped_rather_than_overtaken() -> None:
    plane = stopping(ecs_goes_back, ecs_goes_back)
    plane.deployed = deployed("IN_PROGRESS")
    ran = run(plane, STOP)
    assert plane.calls.count("stop_deployment") == 1
    assert plane.made("update_service") == 0
    assert ran.told.of(Started)[0].deployment_id == OUR_ID


def test_nothing_under_way_cannot_be_stopped() -> None:
    plane = ScriptedPlane()
    ran = run(plane, STOP)
    assert isinstance(ran.error, Refused)
    assert plane.calls.count("stop_deployment") == 0


def test_a_rollback_of_a_deployment_that_cannot_be_stopped_releases_the_old_revision() -> None:
    plane = stopping()
    plane.past, plane.courses = (past(1),), [[completes]]
    plane.fail("stop_deployment", AwsRefused("No."), times=ALWAYS)
    assert (run(plane, BACK).status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


OPTIONAL = [Throttled("Slow down."), ReplyLost("500"), AccessDenied("No.")]


@pytest.mark.parametrize("error", OPTIONAL, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("calls", [("service_deployment",), ("stop_deployment",), ("service_deployment", "history")])
def test_t03_no_optional_call_stands_between_the_request_and_the_way_back(
    calls: tuple[str, ...], error: Exception
) -> None:
    plane = stopping()
    plane.past, plane.courses = (past(1),), [[completes]]
    for call in calls:
        plane.fail(call, error, times=ALWAYS)
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision, plane.made("update_service")) == (Status.SUCCEEDED, REVISION(1), 1)
    assert ran.seconds < 90


@pytest.mark.parametrize("error", OPTIONAL, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("call", ["service_deployment", "stop_deployment"])
def test_t03_a_stop_that_cannot_be_asked_for_says_why(call: str, error: Exception) -> None:
    plane = stopping()
    plane.fail(call, error, times=ALWAYS)
    ran = run(plane, STOP)
    assert isinstance(ran.error, type(error)), "not asked is not: there was nothing to stop"
    assert plane.made("update_service") == 0


def test_t03_what_cannot_be_stopped_for_want_of_a_record_is_not_called_nothing() -> None:
    ran = run(busy(), STOP)
    assert (type(ran.error), ran.status) == (Refused, Status.REFUSED)
    assert OUR_ID in str(ran.error)


@pytest.mark.parametrize("after", [ReplyLost("Reset."), AwsRefused("It is rolled back.")], ids=["silent", "refused"])
def test_t03_a_lost_stop_that_arrived_is_followed_and_nothing_is_put_back_twice(after: Exception) -> None:
    plane = Hearing(now=BUSY, deployed=deployed("IN_PROGRESS"), past=(past(2, "IN_PROGRESS"), past(1)))
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.fail("stop_deployment", ReplyLost("Reset."))
    plane.fail("stop_deployment", after, times=ALWAYS)
    ran = run(plane, BACK)
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 0)
