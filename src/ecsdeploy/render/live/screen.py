"""The live renderer: it keeps a view of the run, and its own thread draws that when it has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.model.values import replace
from ecsdeploy.render.block import GOOD, ending, is_worth_a_block, success_line
from ecsdeploy.render.lines import Detail, Lines
from ecsdeploy.render.live.frame import frame, header
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.terminal import Terminal
from ecsdeploy.render.view import View, fold

if TYPE_CHECKING:
    from ecsdeploy.render.live.region import Region

BETWEEN_FRAMES = 0.25
"""Seconds. Nobody can read more than four frames a second, and they cost little."""


class Screen:
    """Shows the run in a region, which `close` removes. Lines that stay are written above it, or after it."""

    def __init__(self, stream: TextIO, style: Style, terminal: Terminal) -> None:
        self._stream, self._style, self._terminal = stream, style, terminal
        self._lines = Lines(_Above(stream, self), style, Detail.BESIDE_REGION)
        self._view = View(began=terminal.now())
        self._region: Region | None = None
        self._drawn: object = None
        self._hidden = 0
        """How many calls of `hide` have had no `show` yet."""
        self._mine = threading.RLock()
        """Held while we write to the terminal. A signal handler may write while the main thread does."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def emit(self, record: Record) -> None:
        self._view = fold(self._view, record)
        if isinstance(record.event, Finished):
            self.close()
            self._end(record.event, record.time)
        else:
            self._lines.emit(record)

    def close(self) -> None:
        """Remove the region and show the cursor; we draw nothing after that."""
        self._closing.set()
        self._thread.join()
        self.hide()

    def hide(self, *, leaving: bool = False) -> None:
        """Remove the region until `show`, for somebody else. With `leaving`, its rows stay as lines."""
        with self._mine:
            self._hidden += 1
            if leaving and self._region is not None:
                size = self._terminal.size()
                self._region.leave(frame(self._view, None, self._terminal.now(), size), size)
            self._erase()

    def show(self) -> None:
        self._hidden -= 1

    def write_above(self, write: Callable[[], None]) -> None:
        with self._mine:
            self._erase()
            write()

    def _erase(self) -> None:
        self._drawn = None
        if self._region is not None:
            self._region.erase(self._terminal.size())

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

    def _run(self) -> None:
        # Loading rich takes long, so we do it while the first calls to AWS are under way.
        from ecsdeploy.render.live.region import Region

        self._region = Region(self._stream, color=self._style.color, rewraps=self._terminal.rewraps)
        self._paint()
        while not self._closing.wait(BETWEEN_FRAMES):
            self._paint()

    def _paint(self) -> None:
        """Draw if something is new: the view, the second or the size."""
        with self._mine:
            view, now, size = self._view, self._terminal.now(), self._terminal.size()
            looked_at = (view, int(now.timestamp()), size)
            if self._hidden or self._region is None or looked_at == self._drawn:
                return
            self._drawn = looked_at
            self._region.draw(frame(view, self._terminal.footing, now, size), size)


class _Above(LineStream):
    """Writes lines above the region."""

    def __init__(self, stream: TextIO, screen: Screen) -> None:
        super().__init__(stream)
        self._screen = screen

    def line(self, text: str) -> None:
        self._screen.write_above(lambda: super(_Above, self).line(text))
