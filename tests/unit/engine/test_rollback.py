"""Back to the baseline: compare, act, watch. Never on somebody else's deployment."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    CredentialsError,
    NoSuchResource,
    ReplyLost,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.events import Concluded, RollingBack, Said, Started
from ecsdeploy.model.outcome import UNDER_WAY, Phase, Status
from ecsdeploy.model.request import DeployRequest, IfBusy, OnFailure, PhaseBudget, Sizing, WholeBudget
from ecsdeploy.model.service import Service
from tests.unit.engine.hearing import Hearing
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import (
    ALWAYS,
    Happening,
    ScriptedPlane,
    all_run,
    at_once,
    completes,
    ecs_goes_back,
    fails,
    goes_on,
    old_is_gone,
    says,
    started,
)
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, OLD_ID, deployed, old

SIZED = replace(WITH_ROLLBACK, sizing=Sizing(desired_count=5, maximum_percent=150))
TAKEN_OVER = started(FOREIGN_ID, REVISION(9))
ECS_IS_BACK = at_once(ecs_goes_back, completes)


@pytest.mark.parametrize(
    ("course", "status"),
    [
        pytest.param([goes_on, fails], Status.FAILED, id="f38 failed"),
        pytest.param([goes_on], Status.TIMED_OUT, id="timed out"),
    ],
)
def test_without_being_asked_nothing_is_rolled_back(course: list[Happening], status: Status) -> None:
    plane = ScriptedPlane(courses=[course])
    ran = run(plane)
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (status, None, 1)


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


@pytest.mark.parametrize(
    "course", [pytest.param([goes_on, fails], id="failed"), pytest.param([goes_on], id="timed out")]
)
def test_d11_a_rollback_is_awaited_and_verified(course: list[Happening]) -> None:
    plane = ScriptedPlane(courses=[course, [goes_on, goes_on, completes]])
    ran = run(plane, WITH_ROLLBACK)
    report = ran.outcome.rollback
    assert report is not None
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert (report.by, report.status, report.to_revision) == ("us", Status.ROLLED_BACK, REVISION(1))
    assert report.deployment_id == plane.now.deployments[0].id
    assert [each.verdict.status for each in ran.told.of(Concluded)] != [Status.ROLLED_BACK], "the failure is told first"
    assert [(each.by, each.to_revision) for each in ran.told.of(RollingBack)] == [("us", REVISION(1))]
    assert len(ran.told.of(Started)) == 1


def test_d11_the_rollback_restores_what_the_release_resized() -> None:
    plane = ScriptedPlane(courses=[[fails], [completes]])
    run(plane, SIZED)
    assert plane.updates[1][0].sizing == Sizing(desired_count=2, maximum_percent=200)
    assert plane.now.desired == 2


def lose(tasks: int) -> Happening:
    """So many more tasks of the primary deployment have failed."""

    def happen(service: Service) -> Service:
        first, *others = service.deployments
        return replace(service, deployments=(replace(first, failed=first.failed + tasks), *others))

    return happen


@pytest.mark.parametrize(
    ("course", "status"),
    [
        pytest.param([goes_on, fails], Status.ROLLBACK_FAILED, id="f42 it fails too"),
        pytest.param([goes_on], Status.TIMED_OUT, id="t04 it is under way"),
        pytest.param([goes_on, *[lose(1)] * 3], Status.ROLLBACK_FAILED, id="f42 its tasks keep failing"),
        pytest.param([goes_on, TAKEN_OVER], Status.FAILED, id="f31 somebody deploys meanwhile"),
    ],
)
def test_a_rollback_has_a_verdict_of_its_own(course: list[Happening], status: Status) -> None:
    plane = ScriptedPlane(courses=[[fails], course])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service")) == (status, 2)


@pytest.mark.parametrize("error", [AccessDenied("No."), Throttled("Slow down.")], ids=["denied", "throttled for ever"])
def test_a_rollback_that_cannot_be_sent_has_failed(error: Exception) -> None:
    plane = ScriptedPlane(courses=[[fails]])
    plane.fail("update_service", error, times=ALWAYS, after=1)
    ran = run(plane, WITH_ROLLBACK)
    assert ran.outcome.rollback is not None
    assert (ran.status, ran.outcome.rollback.reason) == (Status.ROLLBACK_FAILED, str(error))


def test_f09_a_rollback_that_went_out_of_sight_is_unknown() -> None:
    plane = ScriptedPlane(courses=[[fails], [goes_on]])
    plane.fail("service", CredentialsError("Expired."), times=ALWAYS, after=4)
    assert run(plane, WITH_ROLLBACK).status is Status.UNKNOWN


def test_f42_a_rollback_that_failed_does_not_say_that_the_old_revision_serves() -> None:
    plane = ScriptedPlane(courses=[[at_once(all_run, old_is_gone)], [fails]])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLBACK_FAILED, "")


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(TAKEN_OVER, id="another revision"),
        pytest.param(
            started(FOREIGN_ID, REVISION(2)),
            id="our revision, forced again",
        ),
    ],
)
def test_f33_a_deployment_that_began_after_our_failure_is_not_touched(meanwhile: Happening) -> None:
    plane = ScriptedPlane(courses=[[fails, meanwhile]])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (Status.FAILED, None, 1)
    assert [each.split()[0] for each in ran.outcome.warnings] == ["W-NOT-OURS"]


def test_f31_a_release_that_was_superseded_is_not_rolled_back() -> None:
    plane = ScriptedPlane(courses=[[goes_on, TAKEN_OVER]])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.by, plane.made("update_service")) == (Status.SUPERSEDED, FOREIGN_ID, 1)


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


def test_a_forced_deployment_has_nothing_to_go_back_to() -> None:
    plane = ScriptedPlane(courses=[[fails]])
    ran = run(plane, replace(FORCED, on_failure=WITH_ROLLBACK.on_failure))
    assert (ran.status, ran.outcome.warnings) == (Status.FAILED, (f"W-NO-ROLLBACK-TARGET {REVISION(1)}",))


def test_each_line_of_ecs_is_told_once_over_release_and_rollback() -> None:
    plane = ScriptedPlane(courses=[[says(2), at_once(says(3), fails)], [says(4), at_once(says(5), completes)]])
    plane.now = says(1)(plane.now)
    ran = run(plane, WITH_ROLLBACK)
    assert [each.id for each in ran.told.of(Said)] == ["event-2", "event-3", "event-4", "event-5"]


def test_f31_a_deployment_from_before_our_write_has_not_superseded_us() -> None:
    """Somebody deployed between our first read and our update, and a late read still shows theirs as primary."""
    plane = ScriptedPlane(courses=[[completes]], lag=1, meanwhile={"definition": TAKEN_OVER})
    assert run(plane).status is Status.SUCCEEDED


def test_the_rollback_has_a_budget_of_its_own() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [*[goes_on] * 10, completes]])
    ran = run(plane, replace(WITH_ROLLBACK, budget=PhaseBudget(seconds=60)))
    assert (ran.status, ran.outcome.verdict.phase) == (Status.ROLLED_BACK, Phase.WAITING)
    assert ran.outcome.verdict.limit_seconds == 60
    assert old().id not in [each.id for each in plane.now.deployments]


@pytest.mark.parametrize(("call", "after"), [("service", 2), ("update_service", 1)])
def test_f08_a_rollback_waits_for_a_network_that_is_away(call: str, after: int) -> None:
    plane = ScriptedPlane(courses=[[fails], [completes]])
    plane.fail(call, Unreachable("No route."), times=5, after=after)
    assert run(plane, WITH_ROLLBACK).status is Status.ROLLED_BACK


INACTIVE = AwsRefused("TaskDefinition is inactive", code="ClientException")


def without_baseline(status: str = "INACTIVE") -> ScriptedPlane:
    """The release fails, and ECS refuses to put the service on the revision before."""
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on, completes]])
    plane.keep(definition_of(container("app", "acme/app:1"), taskDefinitionArn=REVISION(1), status=status))
    plane.fail("update_service", INACTIVE, after=1)
    return plane


def test_f44_a_rollback_to_a_revision_that_is_not_active_deploys_a_copy_of_it() -> None:
    plane = without_baseline()
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(3))
    assert plane.store[REVISION(3)].images == {"app": "acme/app:1"}
    assert f"W-REVISION-COPIED {REVISION(1)} {REVISION(3)}" in ran.outcome.warnings


def test_a_rollback_that_ecs_refuses_for_another_reason_has_failed() -> None:
    plane = without_baseline("ACTIVE")
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("register")) == (Status.ROLLBACK_FAILED, 1)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.reason == "TaskDefinition is inactive"


def test_a_rollback_whose_revision_cannot_be_read_has_failed_for_ecs_s_reason() -> None:
    plane = without_baseline()
    plane.fail("definition", AccessDenied("No."), times=ALWAYS, after=1)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("register")) == (Status.ROLLBACK_FAILED, 1)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.reason == "TaskDefinition is inactive"


@pytest.mark.parametrize("status", ["DRAINING", "INACTIVE", None])
def test_f15_a_service_that_is_deleted_has_nothing_to_be_put_back(status: str | None) -> None:
    def deleted(service: Service) -> Service:
        if status is None:
            raise NoSuchResource("The service `web` has been deleted.")
        return replace(service, status=status)

    plane = ScriptedPlane(courses=[[goes_on, *[deleted] * 9]])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (Status.FAILED, None, 1)


@pytest.mark.parametrize("misses", [2, 3, 4, ALWAYS])
def test_t06_a_service_that_looks_do_not_find_is_never_written_to(misses: int) -> None:
    """The last look shows it in health, also the one that follows the fourth miss, after half a minute of them."""
    plane = ScriptedPlane(courses=[[goes_on, completes]])
    plane.fail("service", NoSuchResource("The service `web` does not exist."), times=misses, after=2)
    ran = run(plane, WITH_ROLLBACK)
    status = Status.FAILED if misses == ALWAYS else Status.SUCCEEDED
    assert (ran.status, ran.outcome.rollback, plane.made("update_service")) == (status, None, 1)


def test_t06_a_service_that_is_found_once_more_after_it_was_called_gone_is_not_written_to() -> None:
    plane = ScriptedPlane(courses=[[goes_on, completes]])
    plane.fail("service", NoSuchResource("The service `web` does not exist."), times=7, after=2)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service")) == (Status.FAILED, 1)


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


def test_f32_a_service_that_took_long_to_plan_is_looked_at_again_before_it_is_changed() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    plane.meanwhile["register"] = TAKEN_OVER
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.made("update_service")) == (Status.BUSY, FOREIGN_ID, 0)


def test_f32_what_began_while_we_registered_is_superseded_where_that_was_asked_for() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    plane.meanwhile["register"] = TAKEN_OVER
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.SUPERSEDE))
    assert ran.status is Status.SUCCEEDED
    assert any(each.startswith(f"W-SUPERSEDES {FOREIGN_ID}") for each in ran.outcome.warnings)


def test_f03_where_nobody_deployed_while_we_registered_it_goes_on() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ())


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


def test_t04_a_rollback_that_outlasts_its_time_is_told_as_what_it_is() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on]])
    ran = run(plane, WITH_ROLLBACK)
    report, verdict = ran.outcome.rollback, ran.outcome.verdict
    assert report is not None
    assert (verdict.status, verdict.phase, verdict.limit_seconds) == (Status.TIMED_OUT, Phase.ROLLING_BACK, 900)
    assert (report.status, report.running, report.desired) == (UNDER_WAY, 1, 2)
    assert (report.deployment_id, verdict.serving) == (plane.now.deployments[0].id, REVISION(1))


def test_t04_ecs_s_own_rollback_that_outlasts_the_time_is_left_to_ecs() -> None:
    plane = ScriptedPlane(courses=[[goes_on, ecs_goes_back]])
    ran = run(plane, WITH_ROLLBACK)
    report = ran.outcome.rollback
    assert report is not None
    assert (ran.status, ran.outcome.verdict.phase) == (Status.TIMED_OUT, Phase.ROLLING_BACK)
    assert (report.by, report.status, report.to_revision, report.running) == ("ecs", UNDER_WAY, REVISION(1), 2)
    assert plane.made("update_service") == 1
    assert ran.seconds < 1000, "it is not followed once more"


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
