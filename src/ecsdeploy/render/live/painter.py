"""Draws rows on a terminal while a run goes on: a thread of its own paints them when something has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TextIO, TypeVar

from ecsdeploy.render.live.spans import Row
from ecsdeploy.render.stream import LineStream
from ecsdeploy.render.terminal import Size, Terminal

if TYPE_CHECKING:
    from ecsdeploy.render.live.region import Region

BETWEEN_FRAMES = 0.25
"""Seconds. Nobody can read more than four frames a second, and they cost little."""

S = TypeVar("S")
Frame = Callable[[S, datetime, Size], tuple[Row, ...]]
"""The rows that show a state at a time, on a terminal of a size."""


class Painter(Generic[S]):
    """Shows a state in a region, which `close` removes. Lines that stay are written above it.

    `state` is what is to be seen now: a value that is another one once it has changed. `leaves` are the rows that stay
    where somebody else takes the terminal for good.
    """

    def __init__(
        self,
        stream: TextIO,
        terminal: Terminal,
        *,
        color: bool,
        state: Callable[[], S],
        frame: Frame[S],
        leaves: Frame[S],
    ) -> None:
        self._stream, self._terminal, self._color = stream, terminal, color
        self._state, self._frame, self._leaves = state, frame, leaves
        self._region: Region | None = None
        self._drawn: object = None
        self._hidden = 0
        """How many calls of `hide` have had no `show` yet."""
        self._mine = threading.RLock()
        """Held while we write to the terminal. A signal handler may write while the main thread does."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

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
                self._region.leave(self._leaves(self._state(), self._terminal.now(), size), size)
            self._erase()

    def show(self) -> None:
        self._hidden -= 1

    def above(self) -> LineStream:
        """A stream whose lines stand above the region, and stay."""
        return _Above(self._stream, self)

    def write_above(self, write: Callable[[], None]) -> None:
        with self._mine:
            self._erase()
            write()

    def _erase(self) -> None:
        self._drawn = None
        if self._region is not None:
            self._region.erase(self._terminal.size())

    def _run(self) -> None:
        # Loading rich takes long, so we do it while the first calls to AWS are under way.
        from ecsdeploy.render.live.region import Region

        self._region = Region(self._stream, color=self._color, rewraps=self._terminal.rewraps)
        self._paint()
        while not self._closing.wait(BETWEEN_FRAMES):
            self._paint()

    def _paint(self) -> None:
        """Draw if something is new: the state, the second or the size."""
        with self._mine:
            state, now, size = self._state(), self._terminal.now(), self._terminal.size()
            looked_at = (state, int(now.timestamp()), size)
            if self._hidden or self._region is None or looked_at == self._drawn:
                return
            self._drawn = looked_at
            self._region.draw(self._frame(state, now, size), size)


class _Above(LineStream, Generic[S]):
    """Writes lines above the region."""

    def __init__(self, stream: TextIO, painter: Painter[S]) -> None:
        super().__init__(stream)
        self._painter = painter

    def line(self, text: str) -> None:
        self._painter.write_above(lambda: super(_Above, self).line(text))
