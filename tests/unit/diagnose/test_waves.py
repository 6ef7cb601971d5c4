"""Which tasks are one attempt, and which of them outlive the others."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ecsdeploy.diagnose.waves import ecs_time, life_of, outlives_all, up_time, waves
from ecsdeploy.model.service import Task
from tests.unit.diagnose.builders import crashed
from tests.unit.rollout.builders import NOON, running_task


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def runs(number: int, *, created: float = 0, started: float | None = 20) -> Task:
    """Task `number`, alive, created and started so many seconds after noon."""
    begun = None if started is None else after(started)
    return replace(running_task(number), created_at=after(created), started_at=begun)


def sizes(stopped: list[Task], alive: list[Task]) -> list[tuple[int, int]]:
    return [(len(each.stopped), len(each.alive)) for each in waves(stopped, alive)]


def died(*created: float) -> list[Task]:
    return [replace(crashed(1, number=number), created_at=after(each)) for number, each in enumerate(created)]


@pytest.mark.parametrize(
    ("stopped", "alive", "found"),
    [
        pytest.param([], [], [], id="no task"),
        pytest.param(died(0, 2), [runs(3, created=1)], [(2, 1)], id="one batch"),
        pytest.param(died(0, 5, 10), [], [(3, 0)], id="a stream without a pause"),
        pytest.param(died(0, 5.001), [], [(1, 0), (1, 0)], id="a pause"),
        pytest.param(died(9, 0), [runs(3, created=60)], [(1, 0), (1, 0), (0, 1)], id="each alone"),
        pytest.param([*died(0), *died(0)], [], [(1, 0)], id="the same, twice"),
        pytest.param(died(0), died(0), [(1, 0)], id="it has just stopped"),
        pytest.param([replace(died(0)[0], created_at=None)], [runs(3, created=60)], [(1, 1)], id="of unknown age"),
        pytest.param([replace(died(0)[0], created_at=None)], [], [(1, 0)], id="nothing is known"),
    ],
)
def test_t01_tasks_that_were_started_together_are_one_attempt(
    stopped: list[Task], alive: list[Task], found: list[tuple[int, int]]
) -> None:
    assert sizes(stopped, alive) == found


DEAD = crashed(1, number=0, ran=8)
NEVER_RAN = replace(DEAD, started_at=None, execution_stopped_at=None)


@pytest.mark.parametrize(
    ("dead", "other", "now", "outlived"),
    [
        pytest.param(DEAD, runs(9), 28, True, id="as old"),
        pytest.param(DEAD, runs(9), 26, True, id="nearly, as far as ECS has told"),
        pytest.param(DEAD, runs(9), 25.999, False, id="younger"),
        pytest.param(DEAD, replace(runs(9), status="PENDING"), 99, False, id="it does not run"),
        pytest.param(DEAD, runs(9, started=None), 99, False, id="since when is not known"),
        pytest.param(NEVER_RAN, runs(9), 20, True, id="the dead one never ran"),
        pytest.param(NEVER_RAN, replace(runs(9), status="PENDING"), 20, False, id="nor does this one"),
    ],
)
def test_t01_a_task_is_outlived_by_one_of_its_wave(dead: Task, other: Task, now: float, *, outlived: bool) -> None:
    (wave,) = waves([dead], [other])
    assert wave.is_outlived(dead, after(now)) is outlived


@pytest.mark.parametrize(
    ("stopped", "alive", "outlives"),
    [
        pytest.param([DEAD], [], False, id="none runs"),
        pytest.param([DEAD], [runs(1), runs(2, started=33)], False, id="by five seconds"),
        pytest.param([DEAD], [runs(1), runs(2, started=33.001)], True, id="by more"),
        pytest.param([DEAD, crashed(1, number=1, ran=2)], [runs(1), runs(2, started=33)], False, id="not the longest"),
        pytest.param([NEVER_RAN], [runs(1)], True, id="where none ever ran"),
        pytest.param([NEVER_RAN, DEAD], [runs(1, started=45)], False, id="where one did"),
        pytest.param([NEVER_RAN], [replace(runs(1), status="PENDING")], False, id="it does not run either"),
    ],
)
def test_t01_a_task_that_runs_longer_than_all_that_stopped(
    stopped: list[Task], alive: list[Task], *, outlives: bool
) -> None:
    assert outlives_all(stopped, alive) is outlives


def test_times_are_those_that_ecs_has_told() -> None:
    assert ecs_time([], []) < NOON
    assert ecs_time([DEAD], []) == after(28)
    assert ecs_time([NEVER_RAN], [runs(1)]) == NEVER_RAN.stopped_at
    assert ecs_time([replace(NEVER_RAN, stopped_at=None)], [runs(1, started=None)]) == NOON
    assert ecs_time([replace(DEAD, execution_stopped_at=None, stopped_at=None)], []) == DEAD.started_at
    assert ecs_time([], [runs(1)]) == after(20)
    assert replace(DEAD, execution_stopped_at=None).ended_at == DEAD.stopped_at
    assert (life_of(DEAD), life_of(NEVER_RAN)) == (timedelta(seconds=8), None)
    assert life_of(replace(DEAD, execution_stopped_at=None, stopped_at=None)) == timedelta()
    assert life_of(replace(DEAD, execution_stopped_at=after(1))) == timedelta()
    assert (up_time(runs(1), after(21)), up_time(runs(1), NOON)) == (timedelta(seconds=1), timedelta())
