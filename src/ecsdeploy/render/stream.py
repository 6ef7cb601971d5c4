"""Writes whole lines to a text stream, in the encoding of the stream, also when its reader has gone away."""

from __future__ import annotations

import codecs
from typing import TextIO

from ecsdeploy.model.text import disarm
from ecsdeploy.model.values import value

_ASCII_GLYPHS = str.maketrans(
    {"✔": "+", "✖": "x", "⚠": "!", "│": "|", "·": "-", "→": "->", "…": "..."}
    | {"◌": "o", "↩": "<", "─": "-", "█": "#", "▒": "+", "░": "."}
)
"""What we write for a glyph that the encoding does not have."""
_SGR = {"good": "32", "bad": "1;31", "warn": "33", "dim": "2", "bold": "1"}


@value(frozen=True, slots=True, kw_only=True)
class Again:
    """The options that a command to paste must repeat, quoted for a shell.

    `access` has those that reach the same AWS as the same caller. `plan` has those of the same change, without its
    images; it is None if one of them has a value that may be a secret.
    """

    access: str = ""
    plan: str | None = ""
    names_images: bool = True
    """Whether the images belong to the command that plans the change; an existing revision has its own."""


@value(frozen=True, slots=True, kw_only=True)
class Style:
    """How we write texts about a run: in colour or not, and wrapped at `width` columns.

    `phased`: the time limit is for each phase. `simulated`: the run reaches no AWS, but the suggested commands would.
    `again` is what those commands repeat.
    """

    color: bool = False
    width: int = 120
    phased: bool = False
    simulated: bool = False
    again: Again = Again()

    def paint(self, name: str, text: str) -> str:
        return f"\x1b[{_SGR[name]}m{text}\x1b[0m" if self.color else text


class LineStream:
    """Writes lines, and flushes each. We ignore a write that fails: a deployment goes on without its reader."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._codec = codec_of(stream)

    def line(self, text: str) -> None:
        # We clean texts early, but cutting or wrapping one can move a CI runner's command to the start of a line.
        self._write(disarm(text))

    def command(self, text: str) -> None:
        """Write a command for a CI runner; nothing if it is empty. The caller has escaped texts of others in it."""
        if text:
            self._write(text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(fitting(text, self._codec) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            return


def codec_of(stream: TextIO) -> str:
    """The name of the stream's encoding; `ascii` if Python does not know it."""
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name
    except LookupError:
        return "ascii"


def fitting(text: str, codec: str) -> str:
    """The text in what the encoding has: ASCII in place of our glyphs, and escapes in place of other characters."""
    if codec.startswith("utf"):
        return text
    return text.translate(_ASCII_GLYPHS).encode(codec, "backslashreplace").decode(codec)
