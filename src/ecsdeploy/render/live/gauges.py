"""The bars of the live region: how many tasks of each revision run, and how much traffic the new one gets."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.events import Counts, Progress
from ecsdeploy.model.values import value
from ecsdeploy.render.live.monitors import monitors
from ecsdeploy.render.live.spans import Row, Span, width_of
from ecsdeploy.render.view import View


@value(frozen=True, slots=True, kw_only=True)
class _Gauge:
    """One bar: `done` and `coming` of `whole`, and `figure` beside it. Where room is short, `unit` is left out."""

    label: str
    style: str
    done: int
    coming: int = 0
    whole: int
    figure: str
    unit: str
    others: Row = ()


@value(frozen=True, slots=True)
class _Layout:
    """How much room a row takes: the text before the label, the cells of the bar, the gap between figures."""

    indent: str
    bar: int
    gap: str
    units: bool = True


_LAYOUTS = (
    _Layout("     ", 20, "   "),
    _Layout("     ", 8, "  "),
    _Layout(" ", 8, " ", units=False),
    _Layout(" ", 0, " ", units=False),
)


def gauges(view: View, columns: int) -> tuple[Row, ...]:
    """A row for each revision, for the traffic and for each monitor, as wide as fits; empty before the first count."""
    if view.progress is None:
        return ()
    shown = tuple(_shown(view, view.progress))
    told = tuple(monitors(view.monitored)) if view.monitored else ()
    labels = max(len(label) for label in (*(each.label for each in shown), *(each.label for each in told)))
    made = [(layout, tuple(_row(each, labels, layout) for each in shown)) for layout in _LAYOUTS]
    layout, rows = next((pair for pair in made if all(width_of(row) <= columns for row in pair[1])), made[-1])
    return (*rows, *(each.fitted(_label(each.label, labels, layout), columns) for each in told))


def _shown(view: View, seen: Progress) -> Iterator[_Gauge]:
    before = _number(view.planned.base) if view.planned else ""
    after = _number(view.revision)
    new, old = (f"back {before}", f"failed {after}") if view.undoing else (f"new {after}", f"old {before}")
    yield _side(new, "good", seen.new, max(seen.new.desired, 1))
    yield _side(old.strip(), "dim", seen.old, max(seen.new.desired, seen.old.running, 1))
    if seen.traffic is not None and not view.undoing:
        yield _Gauge(
            label="traffic",
            style="good",
            done=int(seen.traffic),
            whole=100,
            figure=f"{seen.traffic:g} %",
            unit=" to new",
        )


def _number(revision: str) -> str:
    number = split_revision(revision)[1]
    return f":{number}" if number is not None else ""


def _side(label: str, style: str, counts: Counts, whole: int) -> _Gauge:
    failed = (Span("bad", f"{counts.failed} failed"),) if counts.failed else ()
    pending = (Span("warn", f"{counts.pending} starting"),) if counts.pending else ()
    return _Gauge(
        label=label,
        style=style,
        done=counts.running,
        coming=counts.pending,
        whole=whole,
        figure=f"{counts.running}/{whole}",
        unit=" running",
        others=(*failed, *pending),
    )


def _row(gauge: _Gauge, labels: int, layout: _Layout) -> Row:
    label = _label(gauge.label, labels, layout)
    figure = Span("", f"{gauge.figure}{gauge.unit if layout.units else ''}")
    others = (Span(each.style, f"{layout.gap}{each.text}") for each in gauge.others)
    return (label, *_bar(gauge, layout.bar), figure, *others)


def _label(text: str, labels: int, layout: _Layout) -> Span:
    return Span("", f"{layout.indent}{text:<{labels}}  ")


def _bar(gauge: _Gauge, cells: int) -> Row:
    """Cells for what is done, then for what is coming, then for what is missing."""
    done = _cells(gauge.done, gauge.whole, cells)
    coming = min(_cells(gauge.coming, gauge.whole, cells), cells - done)
    return (
        Span(gauge.style, "█" * done),
        Span("warn", "▒" * coming),
        Span("dim", "░" * (cells - done - coming) + ("  " if cells else "")),
    )


def _cells(part: int, whole: int, cells: int) -> int:
    """How many cells stand for `part`: one at least if it is not 0, and all of them only for the whole."""
    return min(max(part * cells // whole, 1 if part else 0), cells)
