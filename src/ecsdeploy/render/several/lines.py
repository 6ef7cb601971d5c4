"""The renderer for logs: the lines of each service after its name, and a table at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from ecsdeploy.errors import NotBegun
from ecsdeploy.model.events import Concluded, Finished, Record
from ecsdeploy.model.fleet import FleetOutcome, MemberOutcome
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.together import (
    FleetAsks,
    FleetBroken,
    FleetEvent,
    FleetFinished,
    FleetHeld,
    FleetReady,
    FleetRecord,
    FleetSoaks,
    FleetTakenBack,
    FleetTurn,
)
from ecsdeploy.model.values import replace
from ecsdeploy.render import words
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.plan import PlanLines
from ecsdeploy.render.planmarkdown import PlanMarkdown
from ecsdeploy.render.stream import LineStream, Style

TAKEN_BACK = "E-TAKEN-BACK"
"""The cause of a service that went back with another one."""


class _After(LineStream):
    """A stream whose lines begin with the name of a service."""

    def __init__(self, stream: LineStream, name: str) -> None:
        self._under, self._name = stream, name

    def line(self, text: str = "") -> None:
        self._under.line(f"{self._name} | {text}".rstrip())


MANY = 20
"""Of more services than that, only the end of each is told, and the whole story of the first that fail."""
BETWEEN = timedelta(seconds=30)
"""How often it is told how many of many are done."""


class _Tally:
    """How many of the services are how far."""

    def __init__(self, total: int) -> None:
        self._total, self._begun, self._done, self._failed = total, set[str](), set[str](), set[str]()

    def note(self, record: FleetRecord) -> None:
        event = record.event
        if isinstance(event, FleetTurn):
            self._begun.update(event.members)
            return
        told = event.event if isinstance(event, Record) else None
        if isinstance(told, Concluded):
            (self._done if told.verdict.status.is_success else self._failed).add(record.member)
        if isinstance(told, Finished):
            (self._done if told.outcome.verdict.status.is_success else self._failed).add(record.member)

    @property
    def failures(self) -> int:
        return len(self._failed)

    def __str__(self) -> str:
        """`812 of 1000 released, 3 failed, 20 under way`."""
        done = self._done - self._failed
        under_way = len(self._begun - done - self._failed)
        failed = f", {len(self._failed)} failed" if self._failed else ""
        return f"{len(done)} of {self._total} released{failed}, {under_way} under way"


class FleetLines:
    """Writes the release as lines for people and for logs. A service that only shares the fate of another has one.

    Of more than `MANY` services, each has one line at its end, and now and then one says how many are done.
    """

    def __init__(self, stream: LineStream, style: Style, names: tuple[str, ...], detail: Detail = Detail.ALL) -> None:
        self._stream, self._detail = stream, detail
        self._tally = _Tally(len(names))
        self._are_many = len(names) > MANY
        self._told_at: datetime | None = None
        self._width = max(map(len, names), default=0)
        detail = Detail.FAILURE if self._are_many and detail is Detail.ALL else detail
        within = replace(style, width=max(style.width - self._width - 3, 20))
        self._lines = {name: Lines(_After(stream, name.ljust(self._width)), within, detail) for name in names}

    def emit(self, record: FleetRecord) -> None:
        event = record.event
        self._tally.note(record)
        self._tell_now_and_then(record)
        if isinstance(event, Record):
            self._of_member(record.member, event)
            return
        if self._detail is Detail.ALL:
            self._stream.line(f"{words.clock(record.time)} {self._text(event)}")
        if isinstance(event, FleetFinished) and not (self._detail is Detail.FAILURE and event.is_good):
            self._table(event.outcome)

    def _of_member(self, name: str, record: Record) -> None:
        ended = record.event
        if isinstance(ended, Finished) and is_victim(ended):
            why = ended.error.message if ended.error else ended.outcome.verdict.reason
            self._stream.line(f"{name.ljust(self._width)} | {ended.outcome.verdict.status}: {why}")
            return
        if isinstance(ended, Finished) and self._are_many and self._detail is Detail.ALL:
            outcome, time = ended.outcome, words.clock(record.time)
            line = f"{outcome.verdict.status} in {words.duration(outcome.duration_seconds)}"
            self._stream.line(f"{name.ljust(self._width)} | {time} {line}")
            if self._tally.failures > MANY:
                return
        self._lines[name].emit(record)

    def _tell_now_and_then(self, record: FleetRecord) -> None:
        """How many of many are done: a CI system may end a job that writes nothing."""
        if not self._are_many or self._detail is not Detail.ALL:
            return
        self._told_at = self._told_at or record.time
        if record.time - self._told_at >= BETWEEN:
            self._told_at = record.time
            self._stream.line(f"{words.clock(record.time)} {self._tally}")

    def _text(self, event: FleetEvent) -> str:
        match event:
            case FleetReady():
                return f"{len(event.members)} services are planned and checked; nothing is written yet"
            case FleetTurn():
                return f"begins: {_some(event.members)}"
            case FleetSoaks():
                return f"the wave {event.wave} has succeeded, and is watched for {event.seconds:.0f} s"
            case FleetAsks():
                return f"the wave {event.wave} waits for approval"
            case FleetHeld():
                return f"{event.member} pauses at {event.stage}, and holds the wave {event.wave} until it is continued"
            case FleetBroken():
                return f"the wave {event.wave} has failed: {event.why}"
            case FleetTakenBack():
                why = f"because {event.why} failed" if event.why else "as asked"
                return f"what goes back, {why}: {_some(event.members) or 'nothing else'}"
            case FleetFinished():
                return f"the release is over: {event.outcome.status}"
            case _ as never:
                assert_never(never)

    def _table(self, outcome: FleetOutcome) -> None:
        if self._are_many:
            self._stream.line(f"  {self._tally}")
        for each in outcome.members:
            if self._are_many and each.status.is_success:
                continue
            self._stream.line(f"  {each.name.ljust(self._width)}  {each.status:<15}  {_why(each)}".rstrip())


def _some(names: tuple[str, ...]) -> str:
    """The names, or how many there are if they are many."""
    return ", ".join(names) if len(names) <= MANY else f"{len(names)} services"


def is_victim(finished: Finished) -> bool:
    """Whether nothing is known to be wrong with the service: it went back, or never began, because of another one."""
    cause = finished.outcome.cause
    return isinstance(finished.error, NotBegun) or (cause is not None and cause.code == TAKEN_BACK)


def _why(ended: MemberOutcome) -> str:
    if ended.error:
        return ended.error.message
    if ended.outcome is None:
        return ""
    return ended.outcome.cause.summary if ended.outcome.cause else ""


class FleetPlans:
    """Writes the plan of each service, in the order in which they were named, and why one was refused."""

    def __init__(self, stream: LineStream, style: Style, names: tuple[str, ...], *, markdown: bool) -> None:
        self._stream, self._markdown, self._style = stream, markdown, style
        self._planned: dict[str, Record | None] = dict.fromkeys(names)

    def emit(self, record: FleetRecord) -> None:
        event = record.event
        if isinstance(event, Record) and isinstance(event.event, Planned):
            self._planned[record.member] = event
        if isinstance(event, FleetFinished):
            for each in event.outcome.members:
                self._write(each)

    def _write(self, ended: MemberOutcome) -> None:
        planned = self._planned[ended.name]
        if planned is not None:
            (PlanMarkdown(self._stream) if self._markdown else PlanLines(self._stream, self._style)).emit(planned)
        elif ended.error:
            self._stream.line(f"{ended.name}: {ended.error.message} {ended.error.hint}".rstrip())
        self._stream.line("")
