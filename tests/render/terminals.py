"""A terminal in memory: what was written to it, as it shows it."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from functools import reduce

import pyte

from ecsdeploy.render.live.frame import frame
from ecsdeploy.render.live.region import Region
from ecsdeploy.render.live.spans import Row
from ecsdeploy.render.terminal import Footing, Size
from ecsdeploy.render.view import View, fold
from tests.render.builders import Story, Timeline


def view_of(timeline: Timeline) -> View:
    return reduce(fold, Story(timeline=timeline).records, View())


class Glass(io.StringIO):
    """A stream to a screen of this size."""

    def __init__(self, columns: int, rows: int, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding
        self.screen = pyte.Screen(columns, rows)
        # The line discipline of a terminal: each new line starts at its first column.
        self.screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.Stream(self.screen)
        self._turn = threading.Lock()
        self.said = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def write(self, text: str, /) -> int:
        with self._turn:
            self.said += text.encode(self._encoding).decode(self._encoding)
            self._stream.feed(text)
        return len(text)

    def resize(self, columns: int) -> None:
        with self._turn:
            self.screen.resize(self.screen.lines, columns)

    @property
    def size(self) -> Size:
        return Size(columns=self.screen.columns, rows=self.screen.lines)

    @property
    def shown(self) -> list[str]:
        """The rows, without the empty ones at the end."""
        with self._turn:
            rows = [line.rstrip() for line in self.screen.display]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    @property
    def hides_cursor(self) -> bool:
        return bool(self.screen.cursor.hidden)


def rows_of(timeline: Timeline, size: Size, footing: Footing | None = None) -> tuple[Row, ...]:
    """The frame at the moment of the last event."""
    return frame(view_of(timeline), footing or Footing(), Story(timeline=timeline).records[-1].time, size)


def drawn(rows: Sequence[Row], glass: Glass, *, color: bool = False) -> list[str]:
    Region(glass, color=color).draw(rows, glass.size)
    return glass.shown
