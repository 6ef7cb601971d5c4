"""The live renderer of several services: one table, in which what failed stands first, and the lines that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO

from ecsdeploy.model.together import FleetFinished, FleetRecord
from ecsdeploy.model.values import replace
from ecsdeploy.render.lines import Detail
from ecsdeploy.render.live.painter import Painter
from ecsdeploy.render.live.spans import Row as Cells
from ecsdeploy.render.live.spans import Span, plain
from ecsdeploy.render.several.lines import FleetLines
from ecsdeploy.render.several.standing import Rank, Row, Standings, folded
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.terminal import Size, Terminal
from ecsdeploy.render.words import duration

MOST_ROWS = 20
"""Of services: nobody reads more at once."""
_AROUND = 4
"""Rows beside those of services."""
_MARKS = {
    Rank.FAILED: ("bad", "✖"),
    Rank.GOING_BACK: ("warn", "↺"),
    Rank.UNDER_WAY: ("", "▸"),
    Rank.READING: ("dim", "·"),
    Rank.WAITING: ("dim", "·"),
    Rank.GOOD: ("good", "✔"),
    Rank.OVER: ("dim", "-"),
}
_COUNTED = (
    (Rank.FAILED, "failed"),
    (Rank.GOING_BACK, "going back"),
    (Rank.UNDER_WAY, "under way"),
    (Rank.READING, "being read"),
    (Rank.WAITING, "waiting"),
    (Rank.GOOD, "released"),
    (Rank.OVER, "not begun"),
)


class FleetScreen:
    """Shows the release in a region, which `close` removes; at its end it writes the lines that stay."""

    def __init__(self, stream: TextIO, style: Style, names: tuple[str, ...], terminal: Terminal) -> None:
        self._standings = Standings(rows={name: Row(name=name) for name in names})
        self._painter = Painter(
            stream, terminal, color=style.color, state=lambda: self._standings, frame=table, leaves=table
        )
        self._stream, self._style = LineStream(stream), style
        style = replace(style, width=terminal.size().columns)
        self._lines = FleetLines(self._painter.above(), style, names, Detail.BESIDE_REGION)

    def emit(self, record: FleetRecord) -> None:
        self._standings = folded(self._standings, record)
        if isinstance(record.event, FleetFinished):
            self.close()
        self._lines.emit(record)
        if isinstance(record.event, FleetFinished):
            self._end(record.event)

    def _end(self, finished: FleetFinished) -> None:
        outcome, good = finished.outcome, finished.is_good
        mark, spent = ("good", "✔") if good else ("bad", "✖"), duration(outcome.duration_seconds)
        self._stream.line(f" {self._style.paint(*mark)} {len(outcome.members)} services: {outcome.status} in {spent}")

    def close(self) -> None:
        """Remove the region and show the cursor."""
        self._painter.close()

    def hide(self, *, leaving: bool = False) -> None:
        """Remove the region until `show`, for somebody else. With `leaving`, its rows stay as lines."""
        self._painter.hide(leaving=leaving)

    def show(self) -> None:
        self._painter.show()


def table(standings: Standings, now: datetime, size: Size) -> tuple[Cells, ...]:
    """The rows to draw: what is counted, the services that need to be seen most, and how many more there are."""
    columns = max(size.columns - 1, 1)
    rows = sorted(standings.rows.values(), key=lambda row: row.rank)
    shown = rows[: max(min(MOST_ROWS, size.rows - _AROUND), 1)]
    width = min(max((len(row.name) for row in shown), default=0), 32)
    more = len(rows) - len(shown)
    return (
        _head(standings, now),
        plain("dim", f" {'─' * max(min(columns, 100) - 2, 0)}"),
        *(_row(row, width, now) for row in shown),
        *((plain("dim", f"   and {more} more"),) if more else ()),
        *((plain("warn", f"   {standings.note}"),) if standings.note else ()),
    )


def _head(standings: Standings, now: datetime) -> Cells:
    counted = Counter(row.rank for row in standings.rows.values())
    parts = ", ".join(f"{counted[rank]} {word}" for rank, word in _COUNTED if counted[rank])
    spent = duration((now - standings.began).total_seconds()) if standings.began else ""
    return Span("bold", f" {len(standings.rows)} services"), Span("", f"  {parts}  {spent}".rstrip())


def _row(row: Row, width: int, now: datetime) -> Cells:
    style, mark = _MARKS[row.rank]
    return (
        Span(style, f" {mark} "),
        Span("bold" if row.rank is Rank.FAILED else "", row.name[:width].ljust(width)),
        Span(style, f"  {row.word:<15}"),
        Span("dim" if row.rank in (Rank.GOOD, Rank.WAITING, Rank.READING) else "", "  ".join(_cells(row, now))),
    )


def _cells(row: Row, now: datetime) -> Iterator[str]:
    view = row.view
    if view.progress and row.ended is None:
        new, old = view.progress.new, view.progress.old
        yield f"{new.running}/{new.desired} new, {old.running} old"
    why = _why(row)
    if why:
        yield why
    elif view.started and row.ended is None and view.verdict is None:
        began = next((at for at, deed in view.deeds if deed is view.started), now)
        yield duration(max((now - began).total_seconds(), 0))


def _why(row: Row) -> str:
    """What is the matter with it; empty if nothing is."""
    view, ended = row.view, row.ended
    if ended is not None:
        cause = ended.outcome.cause
        return cause.summary if cause else ended.error.message if ended.error else ""
    if view.doomed:
        return f"it cannot succeed any more: {view.doomed.what}"
    if view.lost:
        return "no contact with AWS"
    return f"waits: {view.delayed}" if view.delayed else ""
