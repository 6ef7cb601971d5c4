"""The bars of the live region: how many tasks of the new and of the old revision run."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.events import Counts
from ecsdeploy.render.live.spans import Row, Span, width_of
from ecsdeploy.render.view import View


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two revisions; `whole` tasks fill its bar."""

    label: str
    style: str
    counts: Counts
    whole: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """How much room a row takes: what stands before the label, the cells of the bar, the gap between figures."""

    indent: str
    bar: int
    gap: str
    words: bool = True


_LAYOUTS = (
    _Layout("     ", 20, "   "),
    _Layout("     ", 8, "  "),
    _Layout(" ", 8, " ", words=False),
    _Layout(" ", 0, " ", words=False),
)


def gauges(view: View, columns: int) -> tuple[Row, ...]:
    """A row for each revision, alike and as wide as the terminal allows; none before the first count."""
    sides = tuple(_sides(view))
    labels = max((len(each.label) for each in sides), default=0)
    made = [tuple(_row(each, labels, layout) for each in sides) for layout in _LAYOUTS]
    return next((rows for rows in made if all(width_of(row) <= columns for row in rows)), made[-1])


def _sides(view: View) -> Iterator[_Side]:
    seen = view.progress
    if seen is None:
        return
    before = _number(view.planned.base) if view.planned else ""
    after = _number(view.revision)
    names = (f"back {before}", f"failed {after}") if view.undoing else (f"new {after}", f"old {before}")
    whole = max(seen.new.desired, seen.old.running, 1)
    if view.planned is None:
        names = (names[0], "old")
    yield _Side(names[0], "good", seen.new, max(seen.new.desired, 1))
    yield _Side(names[1], "dim", seen.old, whole)


def _number(revision: str) -> str:
    number = split_revision(revision)[1]
    return f":{number}" if number is not None else ""


def _row(side: _Side, labels: int, layout: _Layout) -> Row:
    label = Span("", f"{layout.indent}{side.label:<{labels}}  ")
    return (label, *_bar(side, layout.bar), *_figures(side, layout))


def _bar(side: _Side, cells: int) -> Row:
    """Running, then starting, then what is missing; whatever there is of either shows."""
    running = _cells(side.counts.running, side.whole, cells)
    starting = min(_cells(side.counts.pending, side.whole, cells), cells - running)
    missing = cells - running - starting
    return (
        Span(side.style, "█" * running),
        Span("warn", "▒" * starting),
        Span("dim", "░" * missing + ("  " if cells else "")),
    )


def _cells(tasks: int, whole: int, cells: int) -> int:
    """Full only when all are there."""
    exact = tasks * cells // whole
    return min(max(exact, 1 if tasks else 0), cells)


def _figures(side: _Side, layout: _Layout) -> Row:
    counts = side.counts
    parts = [Span("", f"{counts.running}/{side.whole}{' running' if layout.words else ''}")]
    if counts.failed:
        parts.append(Span("bad", f"{counts.failed} failed"))
    if counts.pending:
        parts.append(Span("warn", f"{counts.pending} starting"))
    return tuple(Span(part.style, f"{layout.gap if number else ''}{part.text}") for number, part in enumerate(parts))
