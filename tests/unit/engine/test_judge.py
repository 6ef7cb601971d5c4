"""A hopeless deployment ends the wait; one that was healthy once, or that ECS takes back, does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, ReplyLost, Throttled, Unfinished
from ecsdeploy.model.events import Concluded, Delayed, Doomed, Reconsidered
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import OnFailure, WaitUntil
from ecsdeploy.model.service import Container, Service, Task
from ecsdeploy.model.settings import Breaker
from tests.unit.engine.happenings import Happening, all_run, completes, ecs_goes_back, goes_on
from tests.unit.engine.runs import RELEASE, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import definition_of
from tests.unit.rollout.builders import NOON, TARGET_GROUP, deployed, event, running_task

CHECKED: dict[str, object] = {"name": "app", "image": "acme/app:1", "healthCheck": {"command": ["CMD", "true"]}}
PLAIN: dict[str, object] = {"name": "app", "image": "acme/app:1"}


def fails_again(service: Service) -> Service:
    """ECS counts one more failed task of ours, and has started another in its place."""
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, failed=new.failed + 1, pending=1), *others))


def nothing_runs(service: Service) -> Service:
    """As after `fails_again`, with no task of ours running."""
    new, *others = fails_again(service).deployments
    return replace(service, deployments=(replace(new, running=0), *others))


def crashed(number: int, *, after: float = 4, reason: str = "Essential container in task exited") -> Task:
    """A task of ours that exited 1 so many seconds after its start."""
    return replace(
        running_task(number, status="STOPPED"),
        stop_code="EssentialContainerExited",
        stopped_reason=reason,
        containers=(Container(name="app", exit_code=1),),
        created_at=NOON + timedelta(seconds=number),
        started_at=NOON + timedelta(seconds=number + 20),
        execution_stopped_at=NOON + timedelta(seconds=number + 20 + after),
    )


LOOP = tuple(crashed(number) for number in range(3))


def world(*course: Happening, stopped: tuple[Task, ...] = LOOP, container: dict[str, object] = PLAIN) -> ScriptedPlane:
    """A service whose new deployment takes this course, and the stopped tasks that a reader is shown."""
    plane = ScriptedPlane(courses=[[goes_on, *course]], stopped=stopped)
    plane.store.clear()
    plane.keep(definition_of(container))
    return plane


def test_f39_a_crash_loop_without_a_breaker_ends_the_wait() -> None:
    ran = run(world(*[fails_again] * 5))
    assert ran.outcome.verdict.status is Status.FAILED
    assert ran.outcome.verdict.doom is not None
    assert [each.ends for each in ran.told.of(Doomed)] == [True]
    assert ran.outcome.cause is not None
    assert ran.outcome.cause.code == "E-CONTAINER-EXIT"
    assert ran.seconds < 60


def test_f39_without_fail_fast_it_is_told_and_waited_for() -> None:
    ran = run(world(*[fails_again] * 5), replace(RELEASE, fail_fast=False))
    assert ran.status is Status.TIMED_OUT
    assert [each.ends for each in ran.told.of(Doomed)] == [False]


def test_f37_where_ecs_goes_back_by_itself_its_end_is_waited_for() -> None:
    plane = world(fails_again, fails_again, fails_again, completes)
    plane.now = replace(plane.now, breaker=Breaker(enabled=True, rollback=True))
    ran = run(plane)
    assert (ran.status, [each.ends for each in ran.told.of(Doomed)]) == (Status.SUCCEEDED, [False])


def test_f37_we_go_back_at_once_where_we_were_told_to() -> None:
    plane = world(fails_again, fails_again, fails_again, completes)
    plane.courses.append([completes])
    plane.now = replace(plane.now, breaker=Breaker(enabled=True, rollback=True))
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert ran.status is Status.ROLLED_BACK
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.by == "us"


SERVED_LONG = tuple(crashed(number, after=40) for number in range(3))
UNHEALTHY = tuple(
    crashed(number, after=90, reason="Task failed ELB health checks in (target-group x)") for number in range(3)
)


def test_f40_tasks_that_may_have_been_healthy_are_no_crash_loop() -> None:
    assert run(world(fails_again, fails_again, completes, stopped=SERVED_LONG)).status is Status.SUCCEEDED


def test_x02_tasks_that_ran_for_less_than_40_seconds_were_never_healthy() -> None:
    briefly = tuple(crashed(number, after=39.5) for number in range(3))
    assert run(world(*[fails_again] * 3, stopped=briefly)).status is Status.FAILED


def test_f53_tasks_that_failed_their_checks_were_never_healthy_however_long_they_ran() -> None:
    ran = run(world(*[fails_again] * 3, stopped=UNHEALTHY))
    assert (ran.status, len(ran.told.of(Doomed))) == (Status.FAILED, 1)


NOW = running_task(9, health="HEALTHY", address="10.0.0.9")
ON_A_HOST = replace(NOW, addresses=())
WELL: dict[str, tuple[dict[str, object], Task, tuple[str, ...], dict[str, str], bool]] = {
    "checked and healthy": (CHECKED, NOW, (), {}, True),
    "checked and not yet healthy": (CHECKED, replace(NOW, health="UNKNOWN"), (), {}, False),
    "a healthy target": (PLAIN, NOW, (TARGET_GROUP,), {"10.0.0.9:80": "healthy"}, True),
    "another's target is healthy": (PLAIN, NOW, (TARGET_GROUP,), {"10.0.0.8:80": "healthy"}, False),
    "a healthy instance, perhaps for it": (
        PLAIN,
        replace(NOW, addresses=()),
        (TARGET_GROUP,),
        {"i-1:80": "healthy"},
        True,
    ),
    "no healthy instance": (PLAIN, replace(NOW, addresses=()), (TARGET_GROUP,), {"i-1:80": "initial"}, False),
    "ran long": (PLAIN, replace(NOW, started_at=NOON), (), {}, True),
    "ran briefly": (PLAIN, replace(NOW, started_at=NOON + timedelta(seconds=1000)), (), {}, False),
    "still starting": (PLAIN, replace(NOW, status="PENDING"), (), {}, False),
}


@pytest.mark.parametrize(("container", "task", "groups", "targets", "well"), WELL.values(), ids=WELL)
def test_f40_one_healthy_task_is_enough_to_go_on(
    container: dict[str, object], task: Task, groups: tuple[str, ...], targets: dict[str, str], well: bool
) -> None:
    plane = world(*[fails_again] * 3, completes, container=container)
    plane.now = replace(plane.now, target_groups=groups)
    plane.running, plane.targets_now = (task,), targets
    assert (run(plane).status is Status.SUCCEEDED) == well


def test_f21_what_cannot_be_read_is_not_judged() -> None:
    plane = world(*[fails_again] * 3, completes)
    plane.fail("tasks_started_by", AccessDenied("No."), times=100)
    ran = run(plane)
    assert (ran.status, ran.told.of(Doomed)) == (Status.SUCCEEDED, [])


def protects(service: Service) -> Service:
    """ECS says why it cannot stop the old tasks."""
    reason = "The number of protected tasks are more than the desired count of tasks"
    line = event(
        1, f"(service web) was unable to reach steady state because task set (x) was unable to scale in. {reason}"
    )
    return replace(all_run(service), events=(line,))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        pytest.param((), "old tasks are protected from being stopped", id="none by now"),
        pytest.param((NOON,), "all new tasks run; 1 old task is protected until 2026-11-22 12:00 UTC", id="one"),
        pytest.param(
            (NOON, NOON + timedelta(hours=2)),
            "all new tasks run; 2 old tasks are protected until 2026-11-22 14:00 UTC",
            id="the last of two",
        ),
    ],
)
def test_f51_protected_tasks_are_waited_for_with_their_time(ends: tuple[datetime, ...], told: str) -> None:
    plane = world(protects, completes, stopped=())
    plane.protected = ends
    ran = run(plane)
    assert ran.status is Status.SUCCEEDED
    assert [each.reason for each in ran.told.of(Delayed)] == [f"{told} (E-PROTECTED-TASKS)"]


def test_f51_without_the_permission_the_time_is_left_out() -> None:
    plane = world(protects, completes, stopped=())
    plane.fail("protected_until", AccessDenied("No."))
    reasons = [each.reason for each in run(plane).told.of(Delayed)]
    assert reasons == ["old tasks are protected from being stopped (E-PROTECTED-TASKS)"]


def test_f51_healthy_is_enough_where_that_was_asked_for() -> None:
    plane = world(protects, stopped=())
    assert run(plane, replace(RELEASE, wait_until=WaitUntil.HEALTHY)).status is Status.SUCCEEDED


def test_f52_capacity_that_is_missing_is_told_and_waited_for() -> None:
    def no_room(service: Service) -> Service:
        line = event(1, "(service web) was unable to place a task. Reason: Capacity is unavailable at this time.")
        return replace(service, events=(line,))

    ran = run(world(no_room, completes, stopped=()))
    assert ran.status is Status.SUCCEEDED
    assert len(ran.told.of(Delayed)) == 1


def test_d02_a_line_of_placement_is_no_reason_to_wait_where_a_task_has_said_more() -> None:
    def no_room(service: Service) -> Service:
        line = event(90, "(service web) was unable to place a task. Reason: Capacity is unavailable at this time.")
        return replace(service, events=(line,))

    ran = run(world(fails_again, no_room, goes_on, completes, stopped=LOOP[:1]))
    assert ran.status is Status.SUCCEEDED
    assert ran.told.of(Delayed) == []


def test_f39_tasks_of_one_wave_that_outlive_those_that_failed_are_waited_for() -> None:
    plane = world(*[fails_again] * 3, completes)
    plane.running = (replace(NOW, started_at=LOOP[0].started_at),)
    plane.stopped = (*LOOP[:2], crashed(12))
    assert run(plane).status is Status.SUCCEEDED


MISSED = replace(
    LOOP[0],
    stop_code="TaskFailedToStart",
    stopped_reason="CannotPullContainerError: failed to resolve ref: not found",
    containers=(Container(name="app"),),
    started_at=None,
    execution_stopped_at=None,
    stopped_at=NOON + timedelta(seconds=30),
)
IN_ECR: dict[str, object] = {"name": "app", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:2"}


@pytest.mark.parametrize(("gone", "status"), [({"2"}, Status.FAILED), (set[str](), Status.SUCCEEDED)])
def test_t01_one_task_that_missed_its_image_is_believed_once_the_registry_says_so(
    gone: set[str], status: Status
) -> None:
    plane = world(fails_again, fails_again, completes, stopped=(MISSED,), container=IN_ECR)
    plane.surroundings.gone = frozenset(gone)
    assert run(plane, replace(RELEASE, edits=(), preflight=False, force=True)).status is status


def test_t01_a_service_of_many_needs_as_many_failures_as_its_breaker() -> None:
    def many(service: Service) -> Service:
        return replace(fails_again(service), desired=10)

    plane = world(*[many] * 3, completes)
    plane.running = (replace(running_task(9, status="PENDING"), created_at=NOON),)
    assert run(plane).status is Status.SUCCEEDED


RUNS_ON = replace(NOW, created_at=NOON, started_at=NOON)


@pytest.mark.parametrize(
    ("running", "error", "goes_on"),
    [
        pytest.param((RUNS_ON,), None, True, id="one runs on"),
        pytest.param((), None, False, id="none does"),
        pytest.param((RUNS_ON,), AccessDenied("No."), False, id="it cannot be read"),
        pytest.param((RUNS_ON,), Throttled("Slow down."), True, id="it is throttled once"),
        pytest.param((RUNS_ON,), Unfinished("A part."), True, id="it is read in parts"),
    ],
)
def test_t01_right_before_the_write_a_doom_is_looked_at_again(
    running: tuple[Task, ...], error: AwsError | None, *, goes_on: bool
) -> None:
    def comes_up(service: Service) -> Service:
        """While the way back reads what it compares with."""
        plane.running = running
        if error is not None:
            plane.fail("tasks_started_by", error)
        return service

    plane = world(fails_again, comes_up, all_run, completes)
    plane.courses.append([completes])
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert ran.status is (Status.SUCCEEDED if goes_on else Status.ROLLED_BACK)
    assert len(ran.told.of(Doomed)) == 1
    assert len(ran.told.of(Reconsidered)) == goes_on
    assert plane.made("update_service") == (1 if goes_on else 2)


def test_t01_a_stop_that_may_have_arrived_is_never_taken_back() -> None:
    def comes_up(service: Service) -> Service:
        plane.running = (RUNS_ON,)
        return service

    plane = world(fails_again, *[fails_again] * 3, comes_up, ecs_goes_back, completes)
    plane.deployed = deployed("IN_PROGRESS")
    plane.fail("stop_deployment", ReplyLost("Lost."), times=ALWAYS, takes=8)
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert plane.made("stop_deployment") > 1
    assert ran.told.of(Reconsidered) == []
    assert plane.writes.count("update_service") <= 2


def test_t01_right_before_the_write_a_service_without_tasks_is_not_hopeless_but_judged_by_its_end() -> None:
    def scaled(service: Service) -> Service:
        return replace(service, desired=0)

    plane = world(fails_again, scaled, scaled, completes)
    plane.courses.append([completes])
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert [each.verdict.doom is not None for each in ran.told.of(Concluded)] == [True, False]
    assert ran.status is Status.ROLLED_BACK
    assert len(ran.told.of(Reconsidered)) == 1


def test_f34_a_service_that_was_scaled_to_zero_is_not_doomed_by_its_tasks() -> None:
    def scaled(service: Service) -> Service:
        return replace(fails_again(service), desired=0)

    ran = run(world(scaled, scaled, completes))
    assert ran.told.of(Doomed) == []


def test_x02_a_hopeless_release_that_has_completed_before_it_goes_back_has_succeeded() -> None:
    plane = world(fails_again, completes)
    ran = run(plane, replace(RELEASE, on_failure=OnFailure.ROLLBACK))
    assert [each.verdict.doom is not None for each in ran.told.of(Concluded)] == [True, False]
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def drains(service: Service) -> Service:
    """ECS stops an old task, as a new one was healthy."""
    new, *others = service.deployments
    return replace(service, deployments=(new, *(replace(each, running=1) for each in others)))


@pytest.mark.parametrize("course", [[fails_again] * 3, [nothing_runs] * 3], ids=["seen", "since the service was read"])
def test_f40_a_task_that_runs_where_none_has_run_before_is_waited_for(course: list[Happening]) -> None:
    never_ran = tuple(replace(each, started_at=None, execution_stopped_at=None, stopped_at=NOON) for each in LOOP)
    plane = world(*course, completes, stopped=never_ran)
    plane.running = (running_task(9),)
    assert run(plane).status is Status.SUCCEEDED


def test_f40_old_tasks_that_stay_prove_nothing_where_traffic_is_shifted() -> None:
    plane = world(*[fails_again] * 3, completes, stopped=SERVED_LONG)
    plane.now = replace(plane.now, target_groups=(TARGET_GROUP,), strategy="BLUE_GREEN")
    assert run(plane).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    ("course", "status"),
    [
        pytest.param([fails_again] * 3, Status.FAILED, id="no old task was ever stopped"),
        pytest.param([drains, *[fails_again] * 3, completes], Status.SUCCEEDED, id="one was: a new one was healthy"),
    ],
)
def test_f40_a_long_life_is_no_health_where_there_are_checks(course: list[Happening], status: Status) -> None:
    plane = world(*course, stopped=SERVED_LONG)
    plane.now = replace(plane.now, target_groups=(TARGET_GROUP,))
    assert run(plane).status is status
