"""The renderer for logs: the lines of each service after its name, and a table at the end."""

from __future__ import annotations

from typing import assert_never

from ecsdeploy.model.events import Record
from ecsdeploy.model.fleet import FleetOutcome, MemberOutcome
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.together import (
    FleetEvent,
    FleetFinished,
    FleetReady,
    FleetRecord,
    FleetSoaks,
    FleetTakenBack,
    FleetTurn,
)
from ecsdeploy.render import words
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.plan import PlanLines
from ecsdeploy.render.planmarkdown import PlanMarkdown
from ecsdeploy.render.stream import LineStream, Style


class _After(LineStream):
    """A stream whose lines begin with the name of a service."""

    def __init__(self, stream: LineStream, name: str) -> None:
        self._under, self._name = stream, name

    def line(self, text: str = "") -> None:
        self._under.line(f"{self._name} | {text}".rstrip())


class FleetLines:
    """Writes the release as lines for people and for logs."""

    def __init__(self, stream: LineStream, style: Style, names: tuple[str, ...], detail: Detail = Detail.ALL) -> None:
        self._stream, self._detail = stream, detail
        self._width = max(map(len, names), default=0)
        self._lines = {name: Lines(_After(stream, name.ljust(self._width)), style, detail) for name in names}

    def emit(self, record: FleetRecord) -> None:
        if isinstance(record.event, Record):
            self._lines[record.member].emit(record.event)
            return
        text = self._text(record.event)
        if text and self._detail is Detail.ALL:
            self._stream.line(f"{words.clock(record.time)} {text}")
        if isinstance(record.event, FleetFinished) and (self._detail is Detail.ALL or not record.event.is_good):
            self._table(record.event.outcome)

    def _text(self, event: FleetEvent) -> str:
        match event:
            case FleetReady():
                return f"{len(event.members)} services are planned and checked; nothing is written yet"
            case FleetTurn():
                return f"begins: {', '.join(event.members)}"
            case FleetSoaks():
                return f"the wave has succeeded; the next one begins in {event.seconds:.0f} s"
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
