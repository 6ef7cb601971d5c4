"""No call that fails on the way back is taken for its end."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsRefused,
    CredentialsError,
    ReplyLost,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import completes, ecs_goes_back, fails, goes_on
from tests.unit.engine.hearing import Hearing
from tests.unit.engine.runs import SIZED, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import deployed


@pytest.mark.parametrize(("call", "after"), [("service", 2), ("update_service", 1)])
def test_f08_a_rollback_waits_for_a_network_that_is_away(call: str, after: int) -> None:
    plane = ScriptedPlane(courses=[[fails], [completes]])
    plane.fail(call, Unreachable("No route."), times=5, after=after)
    assert run(plane, WITH_ROLLBACK).status is Status.ROLLED_BACK


@pytest.mark.parametrize("after", [ReplyLost("Reset."), AwsRefused("It is rolled back.")], ids=["silent", "refused"])
def test_t03_a_lost_stop_that_arrived_is_followed_and_nothing_is_put_back_twice(after: Exception) -> None:
    plane = Hearing(courses=[[goes_on, fails]], deployed=deployed("IN_PROGRESS"))
    plane.fail("stop_deployment", ReplyLost("Reset."))
    plane.fail("stop_deployment", after, times=ALWAYS)
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.by, plane.made("update_service")) == (Status.ROLLED_BACK, "us", 1)


def test_t03_a_stop_of_which_nothing_came_is_followed_by_an_update() -> None:
    """It is lost once, then refused, as the deployment ended another way."""
    plane = ScriptedPlane(courses=[[goes_on, fails], [completes]], deployed=deployed("IN_PROGRESS"))
    plane.fail("stop_deployment", ReplyLost("Reset."))
    plane.fail("stop_deployment", AwsRefused("It has ended."), times=ALWAYS)

    def ended(service: Service) -> Service:
        plane.deployed = deployed("STOPPED")
        return service

    plane.meanwhile["stop_deployment"] = ended
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 2)


def test_t03_a_way_back_whose_first_read_came_late_is_sent_again_where_it_is_throttled() -> None:
    plane = ScriptedPlane(courses=[[fails], [completes]])
    plane.fail("service", Throttled("Slow down."), takes=59, after=2)
    plane.fail("update_service", Throttled("Slow down."), times=3, after=1)
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 5)


OPTIONAL = [Throttled("Slow down."), ReplyLost("500"), Unreachable("No route."), AccessDenied("No.")]


@pytest.mark.parametrize("error", OPTIONAL, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("read", ["service_deployment", "stop_deployment"])
def test_t03_no_optional_call_stands_between_a_failure_and_the_way_back(read: str, error: Exception) -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, completes]], deployed=deployed("IN_PROGRESS"))
    plane.fail(read, error, times=ALWAYS)
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 2)
    assert ran.seconds < 60 + 45


def test_t03_sizing_that_cannot_be_put_back_does_not_hold_up_the_outcome() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    plane.fail("update_service", Throttled("Slow down."), times=ALWAYS, after=1)
    ran = run(plane, SIZED)
    assert (ran.status, ran.outcome.warnings) == (Status.ROLLED_BACK, ("W-SIZING-NOT-RESTORED web Slow down.",))
    assert ran.seconds < 60


@pytest.mark.parametrize("error", [CredentialsError("Expired."), AccessDenied("No.")], ids=["credentials", "denied"])
def test_t10_a_rollback_outlives_a_blip(error: Exception) -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, completes]])
    plane.fail("service", error, times=2, after=3)
    assert run(plane, WITH_ROLLBACK).status is Status.ROLLED_BACK


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unreachable("No route."), Status.UNKNOWN),
        (CredentialsError("Expired."), Status.UNKNOWN),
        (AccessDenied("No."), Status.ROLLBACK_FAILED),
    ],
    ids=["out of reach", "expired", "denied"],
)
def test_t04_who_is_silent_has_not_refused_a_rollback(error: Exception, status: Status) -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]])
    plane.fail("service", error, times=ALWAYS, after=3)
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.reason) == (status, str(error))
