"""What the records of a run say, as sentences with their times: the moments of the time line, and the whole list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.events import (
    Concluded,
    Continued,
    Delayed,
    Doomed,
    Event,
    FoundContact,
    LostContact,
    Paused,
    Progress,
    Pruned,
    Reconsidered,
    Registered,
    RollingBack,
    Said,
    Spared,
    Started,
    TaskRunning,
    Warned,
)
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStopping
from ecsdeploy.model.outcome import Status, Verdict
from ecsdeploy.model.values import value
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.report.chart import Span
from ecsdeploy.render.report.reading import Run
from ecsdeploy.render.report.samples import Sample, seconds_of
from ecsdeploy.render.verdicts import rolled_back
from ecsdeploy.render.words import RECONSIDERED, deed, doomed, duration, lost_contact, paused, said

Told = tuple[str, str, str]
"""About what, how good, and the sentence."""
T = TypeVar("T")
_TASK, _FEW = "(task ", 3
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GOOD, _WAIT, _BAD, _PLAIN = "good", "wait", "bad", "plain"


@value(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence: when, by whom (`who`) or about what, and whether it is good or bad."""

    time: datetime
    at: float
    who: str
    kind: str
    text: str


def moments(run: Run) -> tuple[Line, ...]:
    """What changed the course of the run."""
    return (*_lines(run, _moment), *_rolled_back(run))


def happenings(run: Run) -> tuple[Line, ...]:
    """All that was told, but for counts and logs."""
    return (*_lines(run, _happening), *_rolled_back(run))


def _rolled_back(run: Run) -> Iterator[Line]:
    """How the rollback ended, or how far it had come, at the end of the run."""
    back = run.finished.outcome.rollback if run.finished else None
    if back:
        time = run.records[-1].time
        kind = _GOOD if back.status in (Status.SUCCEEDED, Status.ROLLED_BACK) else _BAD
        yield Line(time=time, at=seconds_of(run, time), who="rollback", kind=kind, text=rolled_back(back))


def logged(run: Run) -> tuple[Line, ...]:
    """What one-off tasks wrote into their logs."""
    return tuple(
        Line(
            time=each.event.at,
            at=0,
            who=f"{each.event.container}/{short_name(each.event.task)[:8]}",
            kind=_PLAIN,
            text=each.event.message,
        )
        for each in run.records
        if isinstance(each.event, TaskSaid)
    )


def _lines(run: Run, words: Callable[[Event], Told | None]) -> Iterator[Line]:
    for record in run.records:
        found = words(record.event)
        if found:
            who, kind, text = found
            yield Line(time=record.time, at=seconds_of(run, record.time), who=who, kind=kind, text=text)


def _happening(event: Event) -> Told | None:
    match event:
        case Said():
            return "ECS", _PLAIN, _few_tasks(said(event))
        case Delayed(reason=reason) if reason:
            return "ecs-deploy", _WAIT, f"waiting: {reason}"
        case Warned(finding=finding):
            return gravity(finding), _WAIT, advice(finding)
        case Pruned(revision=revision):
            return "ecs-deploy", _PLAIN, f"deregistered {revision_name(revision)}"
        case Spared(revision=revision, by=by):
            return "ecs-deploy", _PLAIN, f"kept {revision_name(revision)}: {by}"
        case _:
            return _moment(event)


def _few_tasks(text: str) -> str:
    """The text with the ids of few tasks: ECS lists all, which may be a thousand."""
    parts = text.split(_TASK)
    if len(parts) <= 2 * _FEW + 1:
        return text
    end = parts[-1].partition(")")[2].removesuffix("…").rstrip(" (")
    return f"{_TASK.join(parts[: _FEW + 1]).rstrip()} and others{end}"


def _moment(event: Event) -> Told | None:
    match event:
        case Started() | Registered() | TaskStarted() | TaskStopping():
            return "ecs-deploy", _PLAIN, deed(event)
        case Continued():
            return "ecs-deploy", _BAD if event.rollback else _GOOD, deed(event)
        case RollingBack():
            return "rollback", _BAD, deed(event)
        case Concluded(verdict=verdict):
            return _concluded(verdict)
        case TaskFinished():
            return _finished(event)
        case _:
            return _turn(event)


def _turn(event: Event) -> Told | None:
    """What happened to the release, and was no step of ours."""
    match event:
        case TaskRunning():
            return "tasks", _GOOD, "no task is to run" if event.skipped else "the first task of the new revision runs"
        case Paused():
            return "pause", _WAIT, paused(event)
        case Doomed():
            return "ecs-deploy", _BAD, doomed(event)
        case Reconsidered():
            return "ecs-deploy", _WAIT, RECONSIDERED
        case LostContact():
            return "contact", _WAIT, lost_contact(event)
        case FoundContact(seconds=seconds):
            return "contact", _GOOD, f"AWS answers again after {duration(seconds)}"
        case _:
            return None


def _concluded(verdict: Verdict) -> Told:
    word = verdict.status.value.replace("_", " ")
    return "verdict", _GOOD if verdict.status.is_success else _BAD, f"verdict: {word}"


def _finished(event: TaskFinished) -> Told:
    how = "stopped without an exit code" if event.exit_code is None else f"exited {event.exit_code}"
    return "task", _GOOD if event.exit_code == 0 else _BAD, f"task {short_name(event.task)} has {how}"


def spans(run: Run, seconds: float) -> Iterator[Span]:
    """The stretches of time in which the release waited for somebody, was rolled back, or could not be seen."""
    begun: dict[str, tuple[float, str]] = {}
    before: Progress | None = None
    for record in run.records:
        at, event = seconds_of(run, record.time), record.event
        for kind in [kind for kind, (_, stage) in begun.items() if _ends(kind, stage, event, before)]:
            yield _span(kind, begun.pop(kind), at)
        match event:
            case Paused(stage=stage):
                begun.setdefault("pause", (at, stage))
            case RollingBack():
                begun.setdefault("rollback", (at, "rollback"))
            case LostContact(seconds=lost):
                begun.setdefault("lost", (max(at - lost, 0), "no contact with AWS"))
            case Progress():
                before = event
            case _:
                pass
    for kind, each in begun.items():
        yield _span(kind, each, seconds)


def _ends(kind: str, stage: str, event: Event, before: Progress | None) -> bool:
    match event:
        case Continued() | Paused():
            return kind == "pause"
        case Progress(stage=now, traffic=traffic):
            shifted = before is not None and before.stage == now and before.traffic != traffic
            return kind == "pause" and (now != stage or shifted)
        case _:
            return kind == "lost" and isinstance(event, FoundContact)


def _span(kind: str, begun: tuple[float, str], end: float) -> Span:
    start, label = begun
    return Span(kind=kind, label=f"{label}, {duration(end - start)}".lstrip(", "), start=start, end=end)


def stages(samples: Sequence[Sample], seconds: float) -> Iterator[Span]:
    """The stages of a deployment that shifts traffic, in a row."""
    starts = [
        each
        for before, each in zip((None, *samples), samples, strict=False)
        if not before or before.stage != each.stage
    ]
    for each, after in zip_longest(starts, starts[1:]):
        if each.stage:
            # ECS writes BAKE_TIME, CodeDeploy TerminationWait.
            label = _CAPITAL.sub(" ", each.stage).lower().replace("_", " ")
            yield Span(kind="stage", label=label, start=each.at, end=after.at if after else seconds)


def shortened(found: Sequence[T], first: int, last: int) -> tuple[tuple[T, ...], int, tuple[T, ...]]:
    """The first and the last of them, and how many are left out in between."""
    left = len(found) - first - last
    return (tuple(found), 0, ()) if left <= 0 else (tuple(found[:first]), left, tuple(found[-last:]))
