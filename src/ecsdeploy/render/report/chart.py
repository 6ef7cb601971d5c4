"""The time line as a drawing: lengths in pixels, and the texts in it, which a template writes as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ecsdeploy.model.values import value
from ecsdeploy.render.report.samples import Bounds, Sample, thinned
from ecsdeploy.render.words import duration

LEFT, RIGHT, TOP, HEIGHT = 44, 14, 40, 220
_MARK, _LANES = 20, 2
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_LETTER = 6.2


@value(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time with a name: a stage, a pause, a time without contact."""

    kind: str
    label: str
    start: float
    end: float


@value(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the scale, and its label; `anchor` says which part of the label stands there."""

    at: float
    label: str
    anchor: str = "middle"


@value(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered moment of the time line."""

    at: float
    x: float
    y: float
    number: int
    kind: str


@value(frozen=True, slots=True, kw_only=True)
class Box:
    """A span where it stands in the drawing; its label is empty if there is no room for it."""

    kind: str
    x: float
    width: float
    label: str
    title: str


@value(frozen=True, slots=True, kw_only=True)
class Chart:
    """One drawing of the time line, `width` pixels wide."""

    name: str
    width: int
    old: str
    new: str
    pending: str
    total: str
    traffic: str
    traffic_line: str
    bounds: tuple[float, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    bands: tuple[Box, ...]
    stages: tuple[Box, ...]
    top: int = TOP
    bottom: int = TOP + HEIGHT
    left: int = LEFT
    right: int = 0
    end: float = 0
    is_open: bool = False
    stage_y: int = 0
    traffic_y: int = 0
    height: int = 0


@value(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What there is to draw. `moments` are times and kinds; `is_open` says that the end of the run is unknown."""

    samples: tuple[Sample, ...]
    bounds: Bounds
    spans: tuple[Span, ...]
    stages: tuple[Span, ...]
    moments: tuple[tuple[float, str], ...]
    seconds: float
    is_open: bool


TRAFFIC = 56


def chart(drawn: Drawn, name: str, width: int) -> Chart:
    found = thinned(drawn.samples, max(width // 4, 60))
    length = max(drawn.seconds, 1.0)
    right = width - RIGHT
    across: Callable[[float], float] = lambda at: round(LEFT + (right - LEFT) * min(at / length, 1), 1)  # noqa: E731
    highest = max([each.running + each.new.pending + each.old.pending for each in found] + [drawn.bounds.highest or 1])
    rows, top = _scale(highest)
    up: Callable[[float], float] = lambda count: round(TOP + HEIGHT * (1 - count / top), 1)  # noqa: E731
    steps = _Steps(found, across, up, right)
    has_traffic = any(each.traffic is not None for each in found)
    stage_y = TOP + HEIGHT + 30
    traffic_y = stage_y + (34 if drawn.stages else 0) + 16
    return Chart(
        name=name,
        width=width,
        old=steps.area(lambda _: 0, lambda each: each.old.running),
        new=steps.area(lambda each: each.old.running, lambda each: each.running),
        pending=steps.area(lambda each: each.running, lambda each: each.running + each.new.pending + each.old.pending),
        total=steps.line(lambda each: each.running),
        traffic=_traffic(found, across, right, traffic_y, closed=True) if has_traffic else "",
        traffic_line=_traffic(found, across, right, traffic_y, closed=False) if has_traffic else "",
        bounds=tuple(up(each) for each in (drawn.bounds.lowest, drawn.bounds.highest) if each),
        rows=tuple(Tick(at=up(count), label=f"{count:,}") for count in rows),
        columns=tuple(_columns(length, across, right)),
        marks=tuple(_marks(drawn.moments, across, width)),
        bands=tuple(_box(each, across, labelled=False) for each in drawn.spans),
        stages=tuple(_box(each, across, labelled=True) for each in drawn.stages),
        right=right,
        end=across(length),
        is_open=drawn.is_open,
        stage_y=stage_y,
        traffic_y=traffic_y,
        height=traffic_y + (TRAFFIC + 14 if has_traffic else 0),
    )


@value(frozen=True, slots=True)
class _Steps:
    """Counts that stay as they are until the next one."""

    samples: Sequence[Sample]
    across: Callable[[float], float]
    up: Callable[[float], float]
    right: float

    def line(self, count: Callable[[Sample], int]) -> str:
        return _path(self._points(count))

    def area(self, low: Callable[[Sample], int], high: Callable[[Sample], int]) -> str:
        if not any(high(each) > low(each) for each in self.samples):
            return ""
        return f"{_path(self._points(high))}L{_path(reversed(self._points(low)))[1:]}Z"

    def _points(self, count: Callable[[Sample], int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for each in self.samples:
            x, y = self.across(each.at), self.up(count(each))
            if points and points[-1][1] != y:
                points.append((x, points[-1][1]))
            if not points or points[-1] != (x, y):
                points.append((x, y))
        return [*points, (self.right, points[-1][1])] if points else []


def _path(points: Iterator[tuple[float, float]] | Sequence[tuple[float, float]]) -> str:
    text = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f"M{text}" if text else ""


def _traffic(
    found: Sequence[Sample], across: Callable[[float], float], right: float, top: float, *, closed: bool
) -> str:
    base = top + TRAFFIC
    points: list[tuple[float, float]] = []
    for each in found:
        if each.traffic is None:
            continue
        x, y = across(each.at), round(base - TRAFFIC * each.traffic / 100, 1)
        if points and points[-1][1] != y:
            points.append((x, points[-1][1]))
        points.append((x, y))
    points.append((right, points[-1][1]))
    ends = [(right, base), (points[0][0], base)] if closed else []
    return _path([*points, *ends]) + ("Z" if closed else "")


def _scale(highest: int) -> tuple[list[int], int]:
    """Round numbers of tasks for the rows, and the number at the top."""
    step = max(1, 10 ** int(math.log10(max(highest, 1))))
    for part in (5, 4, 2, 1):
        if step % part == 0 and highest / (step / part) <= 6:
            step //= part
            break
    else:
        step = step if highest / step <= 6 else 2 * step
    count = max(-(-highest // step), 1)
    return [step * number for number in range(count + 1)], step * count


def _columns(length: float, across: Callable[[float], float], right: float) -> Iterator[Tick]:
    room = 64
    least = length * room / (right - LEFT)
    step = next((each for each in _TICKS if each >= least), _TICKS[-1] * math.ceil(least / _TICKS[-1]))
    count = int(length // step)
    for number in range(count + 1):
        label, at = duration(number * step) if number else "0", across(number * step)
        # The last label may be wider than the margin.
        yield Tick(at=at, label=label, anchor="end" if at + len(label) * _LETTER / 2 > right + RIGHT else "middle")


def _marks(moments: Sequence[tuple[float, str]], across: Callable[[float], float], width: int) -> Iterator[Mark]:
    """The marks in lanes, each as near to its time as its neighbours and the margin leave room."""
    lanes: list[list[tuple[float, int]]] = [[] for _ in range(_LANES)]
    for number, (at, _) in enumerate(moments):
        free = [max(across(at), each[-1][0] + _MARK) if each else across(at) for each in lanes]
        nearest = free.index(min(free))
        lanes[nearest].append((free[nearest], number))
    for row, lane in enumerate(lanes):
        limit = width - _MARK / 2
        for x, number in reversed(lane):
            at, kind = moments[number]
            place = min(x, limit)
            limit = place - _MARK
            yield Mark(at=across(at), x=round(place, 1), y=TOP - 11 - row * (_MARK - 2), number=number + 1, kind=kind)


def _box(span: Span, across: Callable[[float], float], *, labelled: bool) -> Box:
    x = across(span.start)
    width = max(round(across(span.end) - x, 1), 1)
    fits = labelled and len(span.label) * _LETTER + 8 <= width
    return Box(kind=span.kind, x=x, width=width, label=span.label if fits else "", title=span.label)
