"""What ECS has rolled back itself is followed, reported and left alone, but for the sizing that was ours."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsRefused,
)
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import UNDER_WAY, Phase, Status
from ecsdeploy.model.request import DeployRequest, Sizing, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import (
    ECS_IS_BACK,
    TAKEN_OVER,
    Happening,
    at_once,
    completes,
    ecs_goes_back,
    fails,
    goes_on,
)
from tests.unit.engine.runs import RELEASE, REVISION, SIZED, WITH_ROLLBACK, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import OLD_ID, deployed


def test_f37_what_ecs_rolled_back_is_reported_and_left_alone() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, ECS_IS_BACK]])
    plane.courses[0][2] = completes
    ran = run(plane, WITH_ROLLBACK)
    report = ran.outcome.rollback
    assert report is not None
    assert (ran.status, report.by, report.to_revision) == (Status.ROLLED_BACK, "ecs", REVISION(1))
    assert plane.made("update_service") == 1


SHORT = replace(WITH_ROLLBACK, budget=WholeBudget(seconds=3))
"""Three looks, and the one before we act finds what ECS does."""


@pytest.mark.parametrize(
    ("end", "status"),
    [
        pytest.param(completes, Status.ROLLED_BACK, id="back"),
        pytest.param(goes_on, Status.TIMED_OUT, id="t04 under way"),
    ],
)
def test_f37_a_rollback_that_ecs_began_after_our_verdict_is_followed(end: Happening, status: Status) -> None:
    plane = ScriptedPlane(courses=[[goes_on, goes_on, goes_on, ecs_goes_back, ecs_goes_back, end]])
    plane.courses[0][4] = lambda now: now
    ran = run(plane, SHORT)
    report = ran.outcome.rollback
    assert report is not None
    assert (ran.status, report.by, report.to_revision) == (status, "ecs", REVISION(1))
    assert report.status == (status if status is Status.ROLLED_BACK else UNDER_WAY)
    assert plane.made("update_service") == 1
    assert [(each.by, each.to_revision) for each in ran.told.of(RollingBack)] == [("ecs", REVISION(1))]


@pytest.mark.parametrize("begun", ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"])
def test_f37_what_ecs_takes_back_already_is_not_stopped(begun: str) -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]])

    def shows(status: str, what: Happening) -> Happening:
        def happen(service: Service) -> Service:
            plane.deployed = deployed(status)
            return what(service)

        return happen

    plane.courses[0] += [shows(begun, lambda now: now), shows("ROLLBACK_SUCCESSFUL", ECS_IS_BACK)]
    ran = run(plane, WITH_ROLLBACK)
    assert (plane.made("stop_deployment"), plane.made("update_service")) == (0, 1)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.by) == (Status.ROLLED_BACK, "ecs")


def test_f37_where_ecs_was_faster_than_our_stop_its_rollback_is_followed() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails, fails]], deployed=deployed("IN_PROGRESS"))
    plane.courses[0][1] = lambda now: now

    def taken_back(service: Service) -> Service:
        plane.deployed = deployed("ROLLBACK_SUCCESSFUL")
        return ECS_IS_BACK(service)

    plane.meanwhile["stop_deployment"] = taken_back
    plane.fail("stop_deployment", AwsRefused("It has ended."))
    ran = run(plane, SHORT)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.by, plane.made("update_service")) == (Status.ROLLED_BACK, "ecs", 1)


def test_f31_what_others_stopped_and_ecs_took_back_needs_no_rollback() -> None:
    """Their deployment stopped ours and was rolled back itself, all while nobody could look."""
    plane = ScriptedPlane(courses=[[ECS_IS_BACK]], deployed=deployed("STOPPED"))
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.STOPPED, REVISION(1))
    assert (ran.outcome.rollback, plane.made("update_service"), plane.made("stop_deployment")) == (None, 1, 0)


def test_f42_a_rollback_of_ecs_that_failed_is_left_alone_too() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back]], deployed=deployed("ROLLBACK_FAILED", reason="Stuck."))
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service")) == (Status.ROLLBACK_FAILED, 1)


def test_d11_after_ecs_rolled_back_the_sizing_is_restored() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    ran = run(plane, SIZED)
    step, revision = plane.updates[1]
    assert (ran.status, step.sizing, revision) == (Status.ROLLED_BACK, Sizing(desired_count=2, maximum_percent=200), "")
    assert plane.now.deployments[0].id == OLD_ID, "restoring starts no deployment"


@pytest.mark.parametrize(
    ("request_", "after"),
    [
        pytest.param(WITH_ROLLBACK, [], id="nothing was resized"),
        pytest.param(replace(SIZED, on_failure=RELEASE.on_failure), [], id="not asked to go back"),
        pytest.param(SIZED, [TAKEN_OVER], id="f33 somebody deployed meanwhile"),
    ],
)
def test_sizing_is_only_restored_where_it_is_ours_to_restore(request_: DeployRequest, after: list[Happening]) -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes, *after]])
    assert run(plane, request_).status is Status.ROLLED_BACK
    assert plane.made("update_service") == 1


def test_sizing_that_cannot_be_restored_is_a_warning() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back, completes]])
    plane.fail("update_service", AccessDenied("No."), after=1)
    ran = run(plane, SIZED)
    assert (ran.status, ran.outcome.warnings) == (Status.ROLLED_BACK, ("W-SIZING-NOT-RESTORED web No.",))


@pytest.mark.parametrize("by_ecs", [True, False], ids=["ECS went back", "we go back"])
def test_f34_a_count_that_others_have_changed_since_is_not_put_back(by_ecs: bool) -> None:
    def scaled(service: Service) -> Service:
        return replace(service, desired=8)

    course = [goes_on, at_once(ecs_goes_back, completes, scaled)] if by_ecs else [goes_on, at_once(fails, scaled)]
    plane = ScriptedPlane(courses=[course, [completes]])
    ran = run(plane, SIZED)
    step, _ = plane.updates[1]
    assert (ran.status, step.sizing, plane.now.desired) == (Status.ROLLED_BACK, Sizing(maximum_percent=200), 8)
    assert ran.outcome.warnings == ("W-SIZING-NOT-RESTORED web somebody else has changed them since",)


def test_f34_where_others_have_changed_all_of_it_nothing_is_sent() -> None:
    def changed(service: Service) -> Service:
        return replace(service, desired=8, maximum_percent=120)

    plane = ScriptedPlane(courses=[[goes_on, at_once(ecs_goes_back, completes, changed)]])
    run(plane, SIZED)
    assert plane.made("update_service") == 1


def test_t04_ecs_s_own_rollback_that_outlasts_the_time_is_left_to_ecs() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back]])
    ran = run(plane, WITH_ROLLBACK)
    report = ran.outcome.rollback
    assert report is not None
    assert (ran.status, ran.outcome.verdict.phase) == (Status.TIMED_OUT, Phase.ROLLING_BACK)
    assert (report.by, report.status, report.to_revision, report.running) == ("ecs", UNDER_WAY, REVISION(1), 2)
    assert plane.made("update_service") == 1
    assert ran.seconds < 1000, "it is not followed once more"
