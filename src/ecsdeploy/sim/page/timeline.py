"""A task's life as segments on an axis of time, for the drawing and for the words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from ecsdeploy.sim.state.service import Task

_BEFORE, _LEAST, _MOST, _OTHERWISE = 10.0, 120.0, 3600.0, 600.0
_STEPS = (15, 30, 60, 120, 300, 600, 900)
_TICKS, _LAST_TICK = 6, 93.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of time that the axis shows, in seconds since 1970."""

    start: float
    end: float
    now: float

    def per_cent(self, when: float) -> float:
        clipped = min(max(when, self.start), self.end)
        return round(100 * (clipped - self.start) / (self.end - self.start), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on the axis: its place in per cent, and its seconds since the world began."""

    place: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A state of a task: its place and width in per cent, and its seconds."""

    state: str
    place: float
    width: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    id: str
    revision: str
    state: str
    health: str
    note: str
    segments: tuple[Segment, ...]


def window_of(now: float, began: float) -> Window:
    """From a moment before the newest deployment until now. Long after it, the last ten minutes."""
    start = began - _BEFORE if now - began <= _MOST else now - _OTHERWISE
    return Window(start=start, end=max(now, start + _LEAST), now=now)


def ticks_of(window: Window, origin: float) -> tuple[Tick, ...]:
    """About six round times."""
    length = window.end - window.start
    step = next((step for step in _STEPS if length / step <= _TICKS), _STEPS[-1])
    first = ceil((window.start - origin) / step) * step
    count = int((window.end - origin - first) // step) + 1
    times = (first + step * index for index in range(count))
    ticks = (Tick(place=window.per_cent(origin + at), at=at) for at in times)
    return tuple(tick for tick in ticks if tick.place <= _LAST_TICK)


def row_of(task: Task, window: Window) -> TaskRow:
    return TaskRow(
        id=task.id,
        revision=f"{task.definition.family}:{task.definition.number}",
        state=task.last_status,
        health=task.health if task.checked else _behind_balancer(task),
        note=f"{task.stop_code}: {task.stopped_reason}" if task.stop_code else task.condemned or "",
        segments=tuple(_segments(task, window)),
    )


def _behind_balancer(task: Task) -> str:
    return ", ".join(f"target {target.state}" for target in task.targets)


def _segments(task: Task, window: Window) -> Iterator[Segment]:
    for (state, start), (_, end) in pairwise(_moments(task, window.now)):
        if end > window.start and end > start:
            place = window.per_cent(start)
            yield Segment(state=state, place=place, width=window.per_cent(end) - place, seconds=end - start)


def _moments(task: Task, now: float) -> list[tuple[str, float]]:
    """Each state with its beginning, in order. The last entry is now."""
    first = "PROVISIONING" if task.connected_at or task.last_status == "PROVISIONING" else "PENDING"
    leaving = "DEACTIVATING" if task.last_status == "DEACTIVATING" else "STOPPING"
    known = [
        (first, task.created_at),
        ("PENDING", task.connected_at),
        ("PULLING", task.pull_started_at),
        ("ACTIVATING", task.pull_stopped_at),
        ("RUNNING", task.started_at),
        (leaving, task.stopping_at),
        ("DEPROVISIONING", task.execution_stopped_at),
        ("STOPPED", task.stopped_at),
    ]
    happened = [(state, when) for state, when in known if when is not None]
    return [*happened, ("", max(now, happened[-1][1]))]
