"""One-off tasks of `run`: Ctrl-C asks, the end is told soon, and a long command takes a revision."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ecsdeploy.errors import Refused, Terminated
from ecsdeploy.model.oneoff import TaskFinished, TaskStopping
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import Answer, OnInterrupt, RunRequest
from ecsdeploy.model.service import Task
from ecsdeploy.model.settings import Launch, ServiceSettings
from tests.unit.diagnose.builders import exited, stopped
from tests.unit.engine.runs import run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import running_task

PENDING, RUNNING = running_task(1, status="PENDING"), running_task(1)
JOB = RunRequest(cluster="prod", family="web", command=("job",), on_interrupt=OnInterrupt.ASK)


def ended(code: int) -> Task:
    return stopped("EssentialContainerExited", "Essential container in task exited", exited("app", code), ran=3)


def interrupted(*answers: Answer, left: int = 99) -> tuple[ScriptedPlane, list[Answer]]:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * left, ended(0)])
    plane.clock.interrupt_at = plane.clock.seconds + 10
    return plane, [*answers]


def test_whoever_stops_the_task_is_told_that_ecs_does() -> None:
    plane, answers = interrupted(Answer.STOP)
    ran = run(plane, JOB, lambda: answers.pop(0))
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, Phase.STOPPING)
    assert (plane.writes, plane.gone) == (["run_task", "stop_task"], [PENDING.arn])
    assert [each.task for each in ran.told.of(TaskStopping)] == [PENDING.arn]


def test_a_stop_that_ecs_refuses_leaves_a_task_that_goes_on() -> None:
    plane, answers = interrupted(Answer.STOP)
    plane.fail("stop_task", Refused("No."), times=ALWAYS)
    ran = run(plane, JOB, lambda: answers.pop(0))
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, Phase.TASK)
    assert ran.outcome.warnings[-1].startswith("W-TASK-NOT-STOPPED")


def test_whoever_detaches_leaves_the_task_alone() -> None:
    plane, answers = interrupted(Answer.DETACH)
    ran = run(plane, JOB, lambda: answers.pop(0))
    assert (ran.status, ran.outcome.verdict.phase, plane.writes) == (Status.INTERRUPTED, Phase.TASK, ["run_task"])


def test_whoever_goes_on_waits_to_the_end() -> None:
    plane, answers = interrupted(Answer.CONTINUE, left=20)
    assert run(plane, JOB, lambda: answers.pop(0)).status is Status.SUCCEEDED
    assert answers == []


@pytest.mark.parametrize("request_", [replace(JOB, on_interrupt=OnInterrupt.DETACH), JOB], ids=["unasked", "SIGTERM"])
def test_nobody_is_asked_after_sigterm_or_without_a_terminal(request_: RunRequest) -> None:
    plane = ScriptedPlane(one_off=[PENDING, *[RUNNING] * 9])
    plane.fail("tasks", Terminated() if request_ is JOB else KeyboardInterrupt(), after=2)
    assert run(plane, request_, lambda: Answer.STOP).status is Status.INTERRUPTED
    assert plane.writes == ["run_task"]


class EndsAt(ScriptedPlane):
    """ECS knows the end of the task from this time of the clock on."""

    at = 0.0

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        now = ended(0) if self.clock.seconds >= self.at else RUNNING
        return (replace(now, arn=arns[0]),)


@pytest.mark.parametrize("seconds", [0.5, 30.0, 59.5, 300.0])
def test_the_end_of_a_task_is_told_within_two_seconds(seconds: float) -> None:
    plane = EndsAt(one_off=[PENDING])
    plane.at = plane.clock.seconds + seconds
    ran = run(plane, JOB)
    (told,) = (each.time for each in ran.told.records if isinstance(each.event, TaskFinished))
    assert (told - ran.told.records[0].time).total_seconds() - seconds <= 2


def test_a_service_without_a_definition_of_its_own_is_refused() -> None:
    plane = ScriptedPlane()
    plane.now = replace(plane.now, task_definition="")
    ran = run(plane, replace(JOB, family="", like="web"))
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_a_service_gives_its_capacity_providers() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(0)])
    plane.now = replace(plane.now, settings=ServiceSettings(launch=Launch(launch_type="EC2")))
    assert run(plane, replace(JOB, family="", like="web")).status is Status.SUCCEEDED


def test_a_revision_that_is_not_active_any_more_is_registered_again() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(0)])
    (name,) = plane.store
    plane.store[name] = replace(plane.store[name], payload={**plane.store[name].payload, "status": "INACTIVE"})
    assert run(plane, JOB).status is Status.SUCCEEDED
    assert plane.writes == ["register", "run_task"]


def test_a_command_that_is_too_long_for_an_override_is_in_the_revision() -> None:
    plane = ScriptedPlane(one_off=[PENDING, ended(0)])
    assert run(plane, replace(JOB, command=("x" * 9000,))).status is Status.SUCCEEDED
    assert plane.writes == ["register", "run_task"]
