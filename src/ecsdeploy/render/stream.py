"""Whole lines to a text stream whose reader may go away, in whatever encoding that stream has."""

from __future__ import annotations

import codecs
from typing import TextIO

from ecsdeploy.model.text import disarm
from ecsdeploy.model.values import value

_ASCII_GLYPHS = str.maketrans(
    {"✔": "+", "✖": "x", "⚠": "!", "│": "|", "·": "-", "→": "->", "…": "..."}
    | {"◌": "o", "↩": "<", "─": "-", "█": "#", "▒": "+", "░": "."}
)
"""What stands for a glyph where the encoding lacks it."""
_SGR = {"good": "32", "bad": "1;31", "warn": "33", "dim": "2", "bold": "1"}


@value(frozen=True, slots=True, kw_only=True)
class Again:
    """What a command to paste needs besides its own words, as a shell reads it: `target` to reach the same AWS as the
    same caller, `plan` to plan the same change but for its images; None where a value would have to be repeated.
    """

    target: str = ""
    plan: str | None = ""
    names_images: bool = True
    """Whether the images belong to the command that plans the change; an existing revision has its own."""


@value(frozen=True, slots=True, kw_only=True)
class Style:
    """How a run is told: in colour or not, the columns that prose is wrapped at, and what is meant by its words.

    `phased`: the time given was for each phase. `simulated`: the commands would reach AWS, which the run has not.
    """

    color: bool = False
    width: int = 120
    phased: bool = False
    simulated: bool = False
    again: Again = Again()

    def paint(self, name: str, text: str) -> str:
        return f"\x1b[{_SGR[name]}m{text}\x1b[0m" if self.color else text


class LineStream:
    """Writes and flushes line by line; a failed write is dropped: a deployment outlives its readers."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._codec = codec_of(stream)

    def line(self, text: str) -> None:
        # Cutting and wrapping can bring to a line's start what was harmless in the middle.
        self._write(disarm(text))

    def command(self, text: str) -> None:
        """A line that a CI runner is to obey, or none; its caller has escaped what others wrote in it."""
        if text:
            self._write(text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(fitting(text, self._codec) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return


def codec_of(stream: TextIO) -> str:
    """The name of the encoding that a stream writes; one that nobody knows is taken for ASCII."""
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name
    except LookupError:
        return "ascii"


def fitting(text: str, codec: str) -> str:
    """The same text in what the encoding has: stand-ins for our glyphs, escapes for the rest."""
    if codec.startswith("utf"):
        return text
    return text.translate(_ASCII_GLYPHS).encode(codec, "backslashreplace").decode(codec)
