"""The renderer for logs: a line with the time for each change, and a block at the end of a run that failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import assert_never

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.events import (
    Concluded,
    Continued,
    Delayed,
    Doomed,
    Event,
    Finished,
    FoundContact,
    LostContact,
    Monitored,
    Paused,
    Progress,
    Pruned,
    Reconsidered,
    Record,
    Registered,
    RollingBack,
    Said,
    Smoke,
    SmokeAwaited,
    SmokeEnded,
    SmokeSaid,
    SmokeStarted,
    Spared,
    Started,
    TaskRunning,
    Warned,
)
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStatus, TaskStopping
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Finding
from ecsdeploy.render import words
from ecsdeploy.render.block import GOOD, early_success_line, ending, is_worth_a_block, success_line
from ecsdeploy.render.commands import continue_commands, stop_command
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.view import View, fold

_SILENCE = timedelta(seconds=60)
"""We wait no longer for a task without writing a line: a CI system may end a job that writes nothing."""
_ID_DIGITS = 8
"""So much of a task's id tells it from others."""
_LASTING = (Planned, Warned, Paused, Spared, TaskSaid, Smoke)
"""Their lines are needed after the live region has gone: warnings, commands to paste, what was kept, logs."""


class Detail(Enum):
    """How much we write here, in addition to other renderers."""

    ALL = "every change of state"
    BESIDE_SCRIPT = "all but what the flag form's stdout has said"
    BESIDE_REGION = "what is to stay when the live region has gone"
    FAILURE = "the failure block alone"


class Lines:
    """Writes the run as lines for people and for logs."""

    def __init__(self, stream: LineStream, style: Style, detail: Detail = Detail.ALL) -> None:
        self._stream = stream
        self._style = style
        self._detail = detail
        self._view = View()
        self._told_at: datetime | None = None
        self._told = False
        """Whether we wrote the success line before the result came."""

    def emit(self, record: Record) -> None:
        before, self._view = self._view, fold(self._view, record)
        if self._is_no_news(record, before):
            return
        time = words.clock(record.event.at if isinstance(record.event, TaskSaid) else record.time)
        for text in self._texts(record):
            self._stream.line(f"{time} {text}")
            self._told_at = record.time
        if isinstance(record.event, Finished) and is_worth_a_block(record.event):
            for line in ending(self._view, record.event, record.time, self._style):
                self._stream.line(line)

    def _is_no_news(self, record: Record, before: View) -> bool:
        """Whether the record repeats the status of a task, and we wrote a line not long ago."""
        event = record.event
        same = isinstance(event, TaskStatus) and before.task_status == event.status
        return same and self._told_at is not None and record.time - self._told_at < _SILENCE

    def _texts(self, record: Record) -> Iterator[str]:
        event = record.event
        match self._detail:
            case Detail.ALL:
                yield from self._success(record)
                yield from _milestone(event, self._view, self._style)
                yield from _news(event, self._view, self._style)
            case Detail.BESIDE_SCRIPT if isinstance(event, TaskStatus) and "before" in self._view.steps:
                # Stdout has no line about this task while it runs.
                yield from _milestone(event, self._view, self._style)
            case Detail.BESIDE_SCRIPT:
                yield from _news(event, self._view, self._style)
            case Detail.BESIDE_REGION if isinstance(event, _LASTING):
                yield from _news(event, self._view, self._style)
            case Detail.BESIDE_REGION | Detail.FAILURE:
                return
            case _ as never:
                assert_never(never)

    def _success(self, record: Record) -> Iterator[str]:
        """The success line, once, as soon as we know it: deregistering old revisions may take a while."""
        match record.event:
            case Concluded(verdict=verdict) if verdict.status is Status.SUCCEEDED:
                line = early_success_line(self._view, record.time, self._style)
                self._told = bool(line)
                yield from filter(None, (line,))
            case Finished(outcome=outcome) if outcome.verdict.status in GOOD and not self._told:
                yield success_line(outcome, self._view, self._style)
            case _:
                return


def _milestone(event: Event, view: View, style: Style) -> Iterator[str]:
    """The steps that the flag form writes to stdout, in the words of the bash script."""
    match event:
        case Planned() if not view.undoing:
            yield style.paint("bold", words.opening(event))
        case Registered() | Continued() | TaskStarted():
            yield words.deed(event)
        case TaskRunning() if view.undoing:
            return
        case TaskRunning(skipped=True):
            yield "no tasks to wait for: the desired count is 0"
        case TaskRunning():
            yield "the first task of the new revision runs"
        case TaskStatus():
            yield f"task {short_name(event.task)} is {event.status}"
        case TaskFinished():
            code = "no exit code" if event.exit_code is None else f"exit code {event.exit_code}"
            yield f"task {short_name(event.task)} has stopped, {code}"
        case Pruned():
            yield f"deregistering {revision_name(event.revision)}"
        case _:
            return


def _news(event: Event, view: View, style: Style) -> Iterator[str]:  # noqa: C901 - one case for an event
    """What the flag form never writes to stdout."""
    match event:
        case Planned():
            # The block about the refusal, which follows, has the findings that refuse.
            yield from (_warning(each, style) for each in event.findings if not each.blocking)
        case Warned():
            yield _warning(event.finding, style)
        case Started():
            yield f"{words.deed(event)} ({words.breaker(event)})"
        case Progress():
            doing = "paused" if view.paused else "rolling back" if view.rolling_back else "rolling"
            yield words.progress(event, undoing=view.undoing, delayed=view.delayed, doing=doing)
        case Said():
            yield style.paint("dim", f"ECS: {words.said(event)}")
        case Paused():
            yield style.paint("warn", words.paused(event))
            commands = continue_commands(event.service_deployment, style.again)
            yield from (f"  {label:<9} {command}" for label, command in commands)
        case RollingBack() | TaskStopping():
            yield style.paint("warn", words.deed(event))
        case Doomed():
            yield style.paint("warn", words.doomed(event))
            if not event.ends and view.planned:
                yield f"  {'Stop':<9} {stop_command(view.planned.place, style.again)}"
        case Reconsidered():
            yield words.RECONSIDERED
        case Delayed():
            yield style.paint("warn", f"waiting: {event.reason}")
        case LostContact():
            yield style.paint("warn", words.lost_contact(event))
        case FoundContact():
            yield f"in contact again after {words.duration(event.seconds)}"
        case Spared():
            yield f"kept {revision_name(event.revision)}: used by {event.by}"
        case TaskFinished():
            yield from _exit_codes(event)
        case TaskSaid() | Smoke():
            yield _heard(event)
        case Registered() | Continued() | TaskRunning() | TaskStarted() | TaskStatus():
            return
        case Pruned() | Monitored() | Concluded() | Finished():
            return
        case _ as never:
            assert_never(never)


def _heard(event: TaskSaid | SmokeStarted | SmokeSaid | SmokeAwaited | SmokeEnded) -> str:
    match event:
        case TaskSaid():
            return f"{event.container}/{event.task[:_ID_DIGITS]} {event.message}"
        case SmokeStarted():
            return f"smoke test `{event.program}` started{f' against {event.url}' if event.url else ''}"
        case SmokeSaid():
            return f"smoke: {event.message}"
        case SmokeAwaited():
            return f"the deployment is complete; its smoke test still runs after {words.duration(event.seconds)}"
        case SmokeEnded():
            return f"smoke test {f'ended: {event.why}' if event.why else f'has ended, exit code {event.exit_code}'}"
        case _ as never:
            assert_never(never)


def _exit_codes(event: TaskFinished) -> Iterator[str]:
    """The exit codes of all containers, if they are not all the same."""
    if any(code != event.exit_code for _, code in event.codes):
        told = (f"{name} {'never ran' if code is None else code}" for name, code in event.codes)
        yield f"exit codes: {', '.join(told)}"


def _warning(found: Finding, style: Style) -> str:
    return style.paint("warn", f"{gravity(found)}: {advice(found)}")
