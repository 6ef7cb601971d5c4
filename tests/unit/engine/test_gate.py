"""The task before a release: however it ends but well, the service is not touched."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, NoSuchResource, Refused, Unreachable
from ecsdeploy.model.events import Warned
from ecsdeploy.model.logs import LogEvent
from ecsdeploy.model.oneoff import Gate, TaskFinished, TaskSaid, TaskStatus
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import DeployRequest, OnFailure, PhaseBudget
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.clock import StoppedClock
from tests.unit.diagnose.builders import exited, stopped
from tests.unit.engine.happenings import completes
from tests.unit.engine.runs import RELEASE, REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import running_task

PENDING, RUNNING = running_task(1, status="PENDING"), running_task(1)
GATED = replace(RELEASE, before=Gate(command=("migrate",)), on_failure=OnFailure.ROLLBACK)
BEFORE = ["register", "run_task"]


def ended(code: int) -> Task:
    return stopped("EssentialContainerExited", "Essential container in task exited", exited("app", code), ran=3)


def test_a_task_that_succeeded_is_followed_by_the_release() -> None:
    plane = ScriptedPlane(courses=[[completes]], one_off=[PENDING, RUNNING, ended(0)])
    ran = run(plane, GATED)
    assert (ran.status, plane.writes) == (Status.SUCCEEDED, [*BEFORE, "update_service"])
    assert ran.outcome.task_arn == PENDING.arn
    assert [each.status for each in ran.told.of(TaskStatus)] == ["PENDING", "RUNNING"]


@pytest.mark.parametrize("code", [1, 137])
def test_a_task_that_failed_ends_the_release(code: int) -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(code)])
    ran = run(plane, GATED)
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.FAILED, Phase.TASK, BEFORE)
    assert (ran.told.of(TaskFinished)[0].exit_code, len(ran.outcome.causes)) == (code, 1)
    assert (ran.outcome.to_revision, ran.outcome.rollback) == (REVISION(2), None)


def test_a_task_that_ecs_does_not_start_has_failed() -> None:
    plane = ScriptedPlane()
    plane.fail("run_task", Refused("ECS could not start a task: no room."), times=ALWAYS)
    ran = run(plane, GATED)
    assert (ran.status, ran.error, ran.outcome.verdict.reason) == (
        Status.FAILED,
        None,
        "ECS could not start a task: no room.",
    )
    assert "update_service" not in plane.writes


@pytest.mark.parametrize(
    ("request_", "limit"),
    [
        pytest.param(GATED, 870, id="the time that is left"),
        pytest.param(replace(GATED, budget=PhaseBudget(seconds=90)), 60, id="a phase of its own"),
    ],
)
def test_a_task_that_does_not_end_times_out_and_leaves_time_for_nothing(request_: DeployRequest, limit: int) -> None:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * 999])
    ran = run(plane, request_)
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.TIMED_OUT, Phase.TASK, BEFORE)
    assert ran.outcome.verdict.limit_seconds == limit
    assert ran.seconds == pytest.approx(limit, abs=5)


def test_ctrl_c_leaves_the_task_alone_and_names_it() -> None:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * 99])
    plane.clock.interrupt_at = plane.clock.seconds + 10
    ran = run(plane, GATED)
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.INTERRUPTED, Phase.TASK, BEFORE)
    assert (ran.outcome.task_arn, ran.outcome.rollback) == (PENDING.arn, None)


def test_a_task_that_is_lost_sight_of_is_unknown() -> None:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * 999])
    plane.fail("tasks", Unreachable("No route."), times=ALWAYS)
    ran = run(plane, GATED)
    assert ran.status in (Status.UNKNOWN, Status.TIMED_OUT)
    assert plane.writes == BEFORE


def test_an_error_after_the_task_is_told_as_what_it_is() -> None:
    """The task is over: the service was not touched, and that is known."""
    plane = ScriptedPlane(one_off=[PENDING, ended(0)])
    plane.fail("update_service", Refused("Not now."), times=ALWAYS)
    ran = run(plane, GATED)
    assert (ran.status, isinstance(ran.error, Refused)) == (Status.REFUSED, True)


LOGGED = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-stream-prefix": "web"}}
LINES = (TaskSaid, TaskFinished, Warned)


def logged() -> dict[str, TaskDefinition]:
    return {REVISION(1): definition_of(container("app", "acme/app:1", logConfiguration=LOGGED))}


def wrote(identifier: str, message: str) -> LogEvent:
    stream = f"web/app/{PENDING.id}"
    return LogEvent(id=identifier, at=StoppedClock().now(), stream=stream, message=message)


def logs_of(*looks: tuple[LogEvent, ...] | Exception) -> tuple[list[object], ScriptedPlane]:
    plane = ScriptedPlane(courses=[[completes]], one_off=[PENDING, RUNNING, RUNNING, ended(0)], store=logged())
    plane.written = [each for each in looks if isinstance(each, tuple)]
    for each in looks:
        if isinstance(each, Exception):
            plane.fail("log_page", each, times=ALWAYS)
    ran = run(plane, GATED)
    assert ran.status is Status.SUCCEEDED
    told = [each for each in ran.events if isinstance(each, LINES)]
    return [each.message if isinstance(each, TaskSaid) else type(each) for each in told], plane


def test_what_the_task_writes_is_told_once_and_the_last_lines_after_its_end() -> None:
    first, last = wrote("1", "migrating\n"), wrote("2", "done")
    told, _ = logs_of((first,), (first,), (first, last))
    assert told == ["migrating", TaskFinished, "done"]


@pytest.mark.parametrize("error", [AccessDenied("No."), NoSuchResource("No group."), Unreachable("No route.")])
def test_logs_that_cannot_be_read_change_no_verdict_and_are_told_once(error: Exception) -> None:
    told, _ = logs_of(error)
    assert told == [TaskFinished, Warned]


def test_a_log_that_goes_elsewhere_is_told() -> None:
    plane = ScriptedPlane(courses=[[completes]], one_off=[PENDING, ended(0)])
    (warned,) = run(plane, GATED).told.of(Warned)
    assert (warned.finding.code, "has no log driver" in str(warned.finding.subjects)) == ("W-LOG-ELSEWHERE", True)
