"""A row of the live region in pieces, each with the name of its style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of a row; the style is `good`, `bad`, `warn`, `dim`, `bold`, or empty."""

    style: str
    text: str


Row = tuple[Span, ...]


def plain(style: str, text: str) -> Row:
    return (Span(style, text),)


def width_of(row: Sequence[Span]) -> int:
    """In characters; what others wrote may have wider ones, and is cut by cells when it is painted."""
    return sum(len(span.text) for span in row)


def first_that_fits(columns: int, *rows: Row) -> Row:
    """The first that is not too long, else the last."""
    return next((row for row in rows if width_of(row) <= columns), rows[-1])
