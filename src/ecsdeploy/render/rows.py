"""Text in two columns, a label and what it is about, wrapped to the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ecsdeploy.model.values import value
from ecsdeploy.render.stream import Style

_MARGIN = 3
_NARROWEST = 20


@value(frozen=True, slots=True)
class Row:
    """A label and its text; `whole` is for what must not be broken: commands, links and log lines."""

    label: str
    text: str
    whole: bool = False


def laid_out(rows: Iterable[Row], style: Style, labels: int = 5) -> Iterator[str]:
    """The lines; a label is shown once for the rows that follow one another with it, in `labels` columns."""
    indent, shown = _MARGIN + labels + 1, ""
    for row in rows:
        label = row.label if row.label != shown else ""
        shown = row.label
        first, *rest = [row.text] if row.whole else wrapped(row.text, style.width - indent)
        yield f"   {style.paint('dim', f'{label:<{labels}}')} {first}"
        yield from (f"{'':{indent}}{line}" for line in rest)


def wrapped(text: str, width: int) -> list[str]:
    """At spaces only; a word that is too long stands out, so that it can be copied whole."""
    wide = max(width, _NARROWEST)
    return textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) or [""]
