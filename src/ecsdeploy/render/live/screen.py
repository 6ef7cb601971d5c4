"""The live renderer of one run: what is seen of it, and the lines that stay."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.values import replace
from ecsdeploy.render.block import GOOD, ending, is_worth_a_block, success_line
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.live.frame import frame, header
from ecsdeploy.render.live.painter import Painter
from ecsdeploy.render.live.spans import Row
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.terminal import Size, Terminal
from ecsdeploy.render.view import View, fold


class Screen:
    """Shows the run in a region, which `close` removes. Lines that stay are written above it, or after it."""

    def __init__(self, stream: TextIO, style: Style, terminal: Terminal) -> None:
        self._stream, self._style, self._terminal = stream, style, terminal
        self._view = View(began=terminal.now())
        self._painter = Painter(
            stream, terminal, color=style.color, state=lambda: self._view, frame=self._frame, leaves=_bare
        )
        self._lines = Lines(self._painter.above(), style, Detail.BESIDE_REGION)

    def emit(self, record: Record) -> None:
        self._view = fold(self._view, record)
        if isinstance(record.event, Finished):
            self.close()
            self._end(record.event, record.time)
        else:
            self._lines.emit(record)

    def close(self) -> None:
        """Remove the region and show the cursor; we draw nothing after that."""
        self._painter.close()

    def hide(self, *, leaving: bool = False) -> None:
        """Remove the region until `show`, for somebody else. With `leaving`, its rows stay as lines."""
        self._painter.hide(leaving=leaving)

    def show(self) -> None:
        self._painter.show()

    def _frame(self, view: View, now: datetime, size: Size) -> tuple[Row, ...]:
        return frame(view, self._terminal.footing, now, size)

    def _end(self, finished: Finished, time: datetime) -> None:
        """Write the lines that stay: what was deployed, where, and how it ended."""
        columns = self._terminal.size().columns
        stream, style = LineStream(self._stream), replace(self._style, width=columns)
        good = finished.outcome.verdict.status in GOOD
        if good or is_worth_a_block(finished):
            for row in header(self._view, columns):
                stream.line("".join(style.paint(span.style, span.text) if span.style else span.text for span in row))
        if good:
            stream.line(f" {style.paint('good', '✔')} {success_line(finished.outcome, self._view, style)}")
        elif is_worth_a_block(finished):
            for line in ending(self._view, finished, time, style):
                stream.line(line)


def _bare(view: View, now: datetime, size: Size) -> tuple[Row, ...]:
    """Without the row about Ctrl-C."""
    return frame(view, None, now, size)
