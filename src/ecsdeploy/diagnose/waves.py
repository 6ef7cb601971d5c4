"""Waves: the tasks that one pass of ECS's scheduler started together are one attempt, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ecsdeploy.model.service import Task
from ecsdeploy.model.values import value

APART = timedelta(seconds=5)
"""Tasks that are created further apart than this are of two waves.

Captures show a pass of the scheduler about every nine seconds, and its tasks created within two. Tasks that are created
without such a pause, as thousands are at Fargate's launch rate, stay one wave.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
"""
NEARLY = timedelta(seconds=2)
"""A running task may be so much older than we know: we know its age up to the last moment that ECS told us of."""
CLEARLY = timedelta(seconds=5)
"""A task that has run so much longer than those that stopped does not end as they did."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@value(frozen=True, slots=True, kw_only=True)
class Wave:
    """The tasks of one wave, oldest first: those that stopped, and those that are alive."""

    stopped: tuple[Task, ...]
    alive: tuple[Task, ...] = ()

    def is_outlived(self, task: Task, now: datetime) -> bool:
        """Whether another task of this wave runs and is about as old as `task` was when it ended.

        Any running task outlives one that never ran.
        """
        running = [each for each in self.alive if each.runs]
        life = life_of(task)
        return any(life is None or up_time(each, now) + NEARLY >= life for each in running)


def waves(stopped: Sequence[Task], alive: Sequence[Task]) -> tuple[Wave, ...]:
    """The waves of a deployment's tasks, the oldest first. A task that is in both lists has stopped since.

    A task of unknown age goes to the first wave, so that it does not count as an attempt of its own.
    """
    ended = {each.arn: each for each in stopped}
    every = {**{each.arn: each for each in alive}, **ended}.values()
    first = min((each.created_at for each in every if each.created_at), default=_LONG_AGO)
    found: list[list[Task]] = []
    for task in sorted(every, key=lambda each: each.created_at or first):
        created = task.created_at or first
        if not found or created - (found[-1][-1].created_at or first) > APART:
            found.append([])
        found[-1].append(task)
    return tuple(
        Wave(
            stopped=tuple(each for each in tasks if each.arn in ended),
            alive=tuple(each for each in tasks if each.arn not in ended),
        )
        for tasks in found
    )


def outlives_all(stopped: Sequence[Task], alive: Sequence[Task]) -> bool:
    """Whether a task runs for clearly longer than all that stopped did; where none of those ever ran, any that runs."""
    running, now = [each for each in alive if each.runs], ecs_time(stopped, alive)
    lives = [life for each in stopped if (life := life_of(each)) is not None]
    return any(not lives or up_time(each, now) > max(lives) + CLEARLY for each in running)


def life_of(task: Task) -> timedelta | None:
    """How long a stopped task ran; None where it never did. One whose end is unknown counts as if it ended at once."""
    if task.started_at is None:
        return None
    return max((task.ended_at or task.started_at) - task.started_at, timedelta())


def up_time(task: Task, now: datetime) -> timedelta:
    """How long a task has run at least."""
    return max(now - (task.started_at or now), timedelta())


def ecs_time(stopped: Sequence[Task], alive: Sequence[Task]) -> datetime:
    """The latest moment that ECS has told us of, by its own clock."""
    told = [each.ended_at or each.started_at or each.created_at for each in stopped]
    told += [each.started_at or each.created_at for each in alive]
    return max((each for each in told if each), default=_LONG_AGO)
