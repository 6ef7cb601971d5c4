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
    """The width in characters. Some characters are two cells wide: the painter cuts a row by cells."""
    return sum(len(span.text) for span in row)


def first_that_fits(columns: int, *rows: Row) -> Row:
    """The first of `rows` that is at most `columns` wide, or else the last."""
    return next((row for row in rows if width_of(row) <= columns), rows[-1])
