"""Draws rows at the end of what a terminal shows, over the rows before.

No other module moves the cursor. It is hidden, and rests at the start of the last row. We write nothing to
the last column, so that no row wraps by itself. But a terminal that became narrower has wrapped the rows that were
there: the first is then further up.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import TextIO

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from ecsdeploy.render.live.spans import Row
from ecsdeploy.render.stream import codec_of, fitting
from ecsdeploy.render.terminal import Size

_STYLES = {"good": "green", "bad": "bold red", "warn": "yellow", "dim": "dim", "bold": "bold"}
_TO_ROW_END = str(Control((ControlType.ERASE_IN_LINE, 0)))
_TO_SCREEN_END = "\x1b[J"
"""ECMA-48's ED, which rich has no word for."""


class Region:
    """Draws rows, erases them again, and gives the cursor back."""

    def __init__(self, stream: TextIO, *, color: bool, rewraps: bool = True) -> None:
        self._stream = stream
        self._codec = codec_of(stream)
        self._rewraps = rewraps
        self._console = Console(
            file=io.StringIO(),
            force_terminal=True,
            color_system="standard" if color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._drawn: tuple[int, ...] = ()
        """How many cells each row on the screen has."""
        self._columns = 0

    def draw(self, rows: Sequence[Row], size: Size) -> None:
        """Draw these rows over those on the screen."""
        texts = [self._text(row, max(size.columns - 1, 1)) for row in rows]
        before, self._drawn = self._drawn, tuple(text.cell_len for text in texts)
        same = not before or size.columns == self._columns
        remains = before if same else (size.columns,) * len(texts)
        self._columns = size.columns
        painted = "\n".join(self._over(text, cells) for text, cells in zip_longest(texts, remains[: len(texts)]))
        start = "" if before else str(Control.show_cursor(False))
        self._write(f"{start}{self._to_top(before, size)}{painted}{_TO_SCREEN_END}\r")

    def _over(self, text: Text, remains: int | None) -> str:
        """Paint over a row of `remains` cells. We erase only what we must: some terminals wrap erased cells as text."""
        return self._painted(text) + (_TO_ROW_END if (remains or 0) > text.cell_len else "")

    def erase(self, size: Size) -> None:
        """Remove the rows and show the cursor: what is written next begins where the first row was."""
        before, self._drawn = self._drawn, ()
        if before:
            self._write(f"{self._to_top(before, size)}{_TO_SCREEN_END}{Control.show_cursor(True)}")

    def leave(self, rows: Sequence[Row], size: Size) -> None:
        """Draw these rows a last time, if there are any on the screen: what is written next stands below them."""
        if self._drawn:
            self.draw(rows, size)
            self._drawn = ()
            self._write(f"\n{Control.show_cursor(True)}")

    def _to_top(self, rows: Sequence[int], size: Size) -> str:
        """Moves the cursor from the last row to the start of the first; `rows` has the cells of each."""
        columns = max(size.columns, 1)
        above = sum(max(-(-cells // columns), 1) if self._rewraps else 1 for cells in rows[:-1])
        return f"\r{Control.move(0, -above)}" if above else "\r"

    def _text(self, row: Row, columns: int) -> Text:
        text = Text(no_wrap=True, end="")
        for span in row:
            text.append(fitting(span.text, self._codec), _STYLES.get(span.style))
        # Not every encoding has the ellipsis.
        text.truncate(columns, overflow="ellipsis" if self._codec.startswith("utf") else "crop")
        text.rstrip()
        return text

    def _painted(self, text: Text) -> str:
        with self._console.capture() as captured:
            self._console.print(text, end="", soft_wrap=True)
        return captured.get()

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            return
