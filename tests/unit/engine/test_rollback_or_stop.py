"""What still moves is stopped first; what has completed meanwhile has succeeded."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    ReplyLost,
    Throttled,
)
from ecsdeploy.model.events import Concluded, RollingBack
from ecsdeploy.model.outcome import UNDER_WAY, Phase, Status
from ecsdeploy.model.request import OnFailure, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import (
    ECS_IS_BACK,
    Happening,
    all_run,
    at_once,
    completes,
    ecs_goes_back,
    fails,
    goes_on,
)
from tests.unit.engine.runs import REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import deployed

STOPPING = replace(WITH_ROLLBACK, on_failure=OnFailure.STOP)


def test_a_deployment_that_still_moves_is_stopped_and_nothing_else_is_written() -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))

    def taken_back(service: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
        return ECS_IS_BACK(service)

    plane.meanwhile["stop_deployment"] = taken_back
    ran = run(plane, STOPPING)
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.ROLLED_BACK, 1, 1)


def test_where_nothing_moves_any_more_nothing_is_stopped_or_put_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]])
    ran = run(plane, STOPPING)
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (Status.FAILED, None, 1)
    assert ran.outcome.warnings == ("W-NOTHING-TO-STOP web",)


def test_f06_after_a_write_that_stayed_lost_stopping_puts_nothing_back() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", ReplyLost("Reset."), times=ALWAYS)
    ran = run(plane, STOPPING)
    assert (ran.status, ran.outcome.rollback) == (Status.UNKNOWN, None)


def completes_late(plane: ScriptedPlane) -> Happening:
    def late(service: Service) -> Service:
        plane.deployed = deployed("SUCCESSFUL")
        return all_run(completes(service))

    return late


def lists_it_as_it_was(service: Service) -> Service:
    """The list of deployments lags behind the deployment's own record."""
    return replace(
        service, deployments=tuple(replace(each, rollout_state="IN_PROGRESS") for each in service.deployments)
    )


@pytest.mark.parametrize("on_failure", [OnFailure.ROLLBACK, OnFailure.STOP])
@pytest.mark.parametrize("when", ["before our stop", "while we stop it", "not recorded", "recorded alone"])
def test_f67_a_release_that_completed_just_after_the_timeout_has_succeeded(on_failure: OnFailure, when: str) -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))
    if when == "while we stop it":
        plane.meanwhile["stop_deployment"] = completes_late(plane)
    else:
        plane.courses = [[goes_on] * 15 + [completes_late(plane)]]
    if when == "recorded alone":
        plane.courses = [[goes_on] * 15 + [at_once(completes_late(plane), lists_it_as_it_was)]]
    if when == "not recorded":
        plane.fail("service_deployment", AccessDenied("No."), times=ALWAYS)
    ran = run(plane, replace(WITH_ROLLBACK, on_failure=on_failure, budget=WholeBudget(seconds=60)))
    told = [each.verdict.status for each in ran.told.of(Concluded)]
    assert told == [Status.TIMED_OUT, Status.SUCCEEDED]
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (Status.SUCCEEDED, None, 1)


@pytest.mark.parametrize("error", [Throttled("Slow down."), AccessDenied("Not allowed.")])
def test_t03_what_could_not_be_stopped_where_only_that_was_asked_for_is_told_with_its_reason(error: AwsError) -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]], deployed=deployed("IN_PROGRESS"))
    plane.fail("stop_deployment", error, times=ALWAYS)
    ran = run(plane, STOPPING)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.reason) == (Status.ROLLBACK_FAILED, error.message)
    assert ran.outcome.warnings == (), "it moves still"
    assert plane.made("update_service") == 1


def test_t03_what_moves_is_stopped_by_the_arn_that_was_seen_where_it_cannot_be_read_again() -> None:
    plane = ScriptedPlane(courses=[[*[goes_on] * 12]], deployed=deployed("IN_PROGRESS"))

    def taken_back(service: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
        return ECS_IS_BACK(service)

    plane.meanwhile["stop_deployment"] = taken_back
    plane.fail("service_deployment", Throttled("Slow down."), times=ALWAYS, after=1)
    ran = run(plane, replace(STOPPING, budget=WholeBudget(seconds=60)))
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.ROLLED_BACK, 1, 1)


def test_t04_a_stop_that_ecs_has_not_finished_is_under_way() -> None:
    plane = ScriptedPlane(courses=[[goes_on]], deployed=deployed("IN_PROGRESS"))

    def taken_back(service: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_IN_PROGRESS")
        return ecs_goes_back(service)

    plane.meanwhile["stop_deployment"] = taken_back
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.status, ran.outcome.rollback.by) == (Status.TIMED_OUT, UNDER_WAY, "us")
    assert ran.outcome.verdict.phase is Phase.ROLLING_BACK


def puts_nothing_back(plane: ScriptedPlane) -> Happening:
    """ECS knows no completed deployment: the stop leaves ours where it is."""

    def stopped(service: Service) -> Service:
        plane.deployed = deployed("STOPPED")
        return service

    return stopped


@pytest.mark.parametrize(
    ("on_failure", "ends", "updates"),
    [(OnFailure.ROLLBACK, Status.ROLLED_BACK, 2), (OnFailure.STOP, Status.ROLLBACK_FAILED, 1)],
)
def test_where_a_stop_put_nothing_back_the_baseline_is_released_unless_only_a_stop_was_asked_for(
    on_failure: OnFailure, ends: Status, updates: int
) -> None:
    plane = ScriptedPlane(courses=[[goes_on], [completes]], deployed=deployed("IN_PROGRESS"))
    plane.meanwhile["stop_deployment"] = puts_nothing_back(plane)
    ran = run(plane, replace(WITH_ROLLBACK, on_failure=on_failure, budget=WholeBudget(seconds=60)))
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (ends, 1, updates)
    assert ran.outcome.rollback is not None
    assert (ran.outcome.rollback.by, ran.outcome.rollback.to_revision) == ("us", REVISION(1))


def test_a_signal_after_a_stop_that_put_nothing_back_sends_the_update_that_is_owed() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [completes]], deployed=deployed("IN_PROGRESS"))

    def stopped(service: Service) -> Service:
        plane.fail("service", KeyboardInterrupt(), after=2)
        plane.fail("stop_deployment", AwsRefused("It has ended."), after=1)
        return puts_nothing_back(plane)(service)

    plane.meanwhile["stop_deployment"] = stopped
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.INTERRUPTED, 2, 2)
    assert plane.updates[-1][1].endswith(":1")
    assert [each.stopped for each in ran.told.of(RollingBack)] == [True, False]
