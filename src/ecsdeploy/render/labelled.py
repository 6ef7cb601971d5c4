"""Text in two columns, a label and the text beside it, wrapped to the width of the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ecsdeploy.model.values import value
from ecsdeploy.render.stream import Style

_MARGIN = 3
_NARROWEST = 20


@value(frozen=True, slots=True)
class Labelled:
    """A text with its label. A `whole` text is never wrapped: a command, a link or a line of a log."""

    label: str
    text: str
    whole: bool = False


def laid_out(texts: Iterable[Labelled], style: Style, labels: int = 5) -> Iterator[str]:
    """The lines to print, with the labels in a column `labels` characters wide.

    Of several texts in a row with the same label, the first alone shows it.
    """
    indent, shown = _MARGIN + labels + 1, ""
    for each in texts:
        label = each.label if each.label != shown else ""
        shown = each.label
        first, *rest = [each.text] if each.whole else wrapped(each.text, style.width - indent)
        yield f"   {style.paint('dim', f'{label:<{labels}}')} {first}"
        yield from (f"{'':{indent}}{line}" for line in rest)


def wrapped(text: str, width: int) -> list[str]:
    """At spaces only; a word that is too long stands out, so that it can be copied whole."""
    wide = max(width, _NARROWEST)
    return textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) or [""]
