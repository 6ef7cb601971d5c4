"""Back to the baseline: compare, act, watch. Never on somebody else's deployment."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsRefused,
    CredentialsError,
    NoSuchResource,
    Throttled,
)
from ecsdeploy.model.events import Concluded, RollingBack, Said, Started
from ecsdeploy.model.outcome import UNDER_WAY, Phase, Status
from ecsdeploy.model.request import PhaseBudget, Sizing
from ecsdeploy.model.service import Service
from tests.unit.engine.happenings import (
    TAKEN_OVER,
    Happening,
    all_run,
    at_once,
    completes,
    fails,
    goes_on,
    old_is_gone,
    says,
    started,
)
from tests.unit.engine.runs import FORCED, REVISION, SIZED, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, old


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


def test_t04_a_rollback_that_outlasts_its_time_is_told_as_what_it_is() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on]])
    ran = run(plane, WITH_ROLLBACK)
    report, verdict = ran.outcome.rollback, ran.outcome.verdict
    assert report is not None
    assert (verdict.status, verdict.phase, verdict.limit_seconds) == (Status.TIMED_OUT, Phase.ROLLING_BACK, 900)
    assert (report.status, report.running, report.desired) == (UNDER_WAY, 1, 2)
    assert (report.deployment_id, verdict.serving) == (plane.now.deployments[0].id, REVISION(1))
