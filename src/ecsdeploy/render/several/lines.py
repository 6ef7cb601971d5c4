"""The renderer for logs: the lines of each service after its name, and a table at the end."""

from __future__ import annotations

from typing import assert_never

from ecsdeploy.errors import NotBegun
from ecsdeploy.model.events import Finished, Record
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


class FleetLines:
    """Writes the release as lines for people and for logs. A service that only shares the fate of another has one."""

    def __init__(self, stream: LineStream, style: Style, names: tuple[str, ...], detail: Detail = Detail.ALL) -> None:
        self._stream, self._detail = stream, detail
        self._width = max(map(len, names), default=0)
        within = replace(style, width=max(style.width - self._width - 3, 20))
        self._lines = {name: Lines(_After(stream, name.ljust(self._width)), within, detail) for name in names}

    def emit(self, record: FleetRecord) -> None:
        event = record.event
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
        self._lines[name].emit(record)

    def _text(self, event: FleetEvent) -> str:
        match event:
            case FleetReady():
                return f"{len(event.members)} services are planned and checked; nothing is written yet"
            case FleetTurn():
                return f"begins: {', '.join(event.members)}"
            case FleetSoaks():
                return f"the wave {event.wave} has succeeded, and is watched for {event.seconds:.0f} s"
            case FleetAsks():
                return f"the wave {event.wave} waits for approval"
            case FleetHeld():
                return f"{event.member} pauses at {event.stage}, and holds the wave {event.wave} until it is continued"
            case FleetBroken():
                return f"the wave {event.wave} has failed: {event.why}"
            case FleetTakenBack(why=""):
                return "all goes back, as asked"
            case FleetTakenBack():
                return f"all goes back, because {event.why} failed"
            case FleetFinished():
                return f"the release is over: {event.outcome.status}"
            case _ as never:
                assert_never(never)

    def _table(self, outcome: FleetOutcome) -> None:
        for each in outcome.members:
            self._stream.line(f"  {each.name.ljust(self._width)}  {each.status:<15}  {_why(each)}".rstrip())


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
