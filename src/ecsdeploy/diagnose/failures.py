"""Tasks that failed on the way of a release that ECS calls complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ecsdeploy.diagnose.causes import read_task
from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.diagnose.explain import group
from ecsdeploy.diagnose.phrases import summary
from ecsdeploy.diagnose.waves import CLEARLY, life_of
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition

_HOST_LOST = "E-HOST-LOST"


def failed(stopped: Sequence[Task], definition: TaskDefinition) -> tuple[Task, ...]:
    """The tasks that failed: they were neither scaled in, nor stopped by hand, nor lost with their host."""
    read = ((each, read_task(each, definition)) for each in stopped)
    return tuple(each for each, symptom in read if symptom is not None and symptom.code != _HOST_LOST)


def most_frequent(tasks: Sequence[Task], definition: TaskDefinition) -> tuple[str, str]:
    """What most of these failed tasks show: a sentence without its full stop, and the code of the cause."""
    first = group(Evidence(definition=definition, stopped=tuple(tasks)))[0]
    return summary(first.symptom, definition, first.tasks), first.symptom.code


def none_lasted(stopped: Sequence[Task], definition: TaskDefinition) -> bool:
    """Whether tasks failed, and no other task that stopped ran for clearly longer than they did.

    A task that ran for longer may have been healthy before it was scaled in, and so may one that is still stopping.
    """
    fell = failed(stopped, definition)
    lives = [life for each in fell if (life := life_of(each)) is not None]
    others = [each for each in stopped if each not in fell and each.started_at is not None]
    return bool(fell) and not any(_may_outlive(each, lives) for each in others)


def _may_outlive(task: Task, lives: Sequence[timedelta]) -> bool:
    life = life_of(task)
    return task.ended_at is None or not lives or (life is not None and life > max(lives) + CLEARLY)
