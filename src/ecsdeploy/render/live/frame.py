"""The rows of the live region: a pure function of the view, the time and the size of the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from ecsdeploy.model.request import OnInterrupt
from ecsdeploy.model.values import value
from ecsdeploy.render.labelled import wrapped
from ecsdeploy.render.live.gauges import gauges
from ecsdeploy.render.live.heading import images, place, revisions
from ecsdeploy.render.live.spans import Row, Span, plain, width_of
from ecsdeploy.render.live.steps import steps
from ecsdeploy.render.terminal import Footing, Size
from ecsdeploy.render.view import View
from ecsdeploy.render.words import clock, duration
from ecsdeploy.render.words import said as told_of

MOST_ROWS = 20
_INDENT = "   "
_SERVICE = re.compile(r"^\(service [^)]*\),? ")
_TARGET_GROUP = re.compile(r"\barn:aws[a-z-]*:elasticloadbalancing:[^ /]*:targetgroup/([^ /]+)/[0-9a-f]+\b")
_ID = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")
_WIDEST = 100
"""Longer lines are hard to read, however wide the terminal is."""
_AFTER_START = {
    OnInterrupt.ASK: "detach or roll back",
    OnInterrupt.DETACH: "detach",
    OnInterrupt.ROLLBACK: "roll back",
}


@value(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row. If the terminal has too few rows, those with the highest `spare` are left out first."""

    row: Row
    spare: int


def frame(view: View, footing: Footing | None, now: datetime, size: Size) -> tuple[Row, ...]:
    """The rows to draw, at most as many as the terminal has. A row that is still too long is cut when it is painted.

    Without `footing` there is no last row about time and Ctrl-C.
    """
    columns = max(size.columns - 1, 1)
    foot = [_foot(view, footing, now, columns)] if footing else []
    lines = [*_header(view, now, columns), *_body(view, now, columns), *foot]
    for spare in sorted((line.spare for line in lines), reverse=True)[: -min(size.rows, MOST_ROWS)]:
        lines.remove(next(line for line in reversed(lines) if line.spare == spare))
    return tuple(line.row for line in lines)


def header(view: View, columns: int) -> tuple[Row, ...]:
    """The rows about what is deployed, and where. They stay on the screen after the region has gone."""
    told = revisions(view)
    rows = (place(view, columns), (*told, *images(view, columns - width_of(told))) if told else ())
    return tuple(filter(None, rows))


def _header(view: View, now: datetime, columns: int) -> Iterator[_Line]:
    for row, spare in zip(header(view, columns), (3, 2), strict=False):
        yield _Line(row=row, spare=spare)
    elapsed = _timer(_elapsed(view, now))
    rule = "─" * max(min(columns, _WIDEST) - len(elapsed) - 2, 0)
    yield _Line(row=(Span("dim", f" {rule} "), Span("", elapsed)), spare=4)


def _body(view: View, now: datetime, columns: int) -> Iterator[_Line]:
    for spare, row in steps(view, columns):
        yield _Line(row=row, spare=spare)
    yield from (_Line(row=row, spare=spare) for spare, row in enumerate(gauges(view, columns)))
    yield from _trouble(view, now, columns)
    # ECS writes the same message once for each target.
    told = tuple(dict.fromkeys(f"   {clock(said.at)}  {_brief(told_of(said), view)}" for said in view.said))
    for age, text in zip(range(len(told), 0, -1), told, strict=True):
        yield _Line(row=plain("dim", text), spare=6 + age)


def _brief(message: str, view: View) -> str:
    """ECS's message without what the rows above say already, and with ids cut to their first digits."""
    ours = f"(deployment {view.started.deployment_id}) " if view.started else ""
    message = _TARGET_GROUP.sub(r"\1", message)
    return _ID.sub(r"\1…", _SERVICE.sub("", message, count=1).removeprefix(ours))


def _trouble(view: View, now: datetime, columns: int) -> Iterator[_Line]:
    if view.doomed and not view.rolling_back:
        text = f"it cannot succeed any more: {view.doomed.what} ({view.doomed.code})"
        yield from _in_two("bad", text, columns)
    elif view.delayed:
        yield from _in_two("warn", f"waiting: {view.delayed}", columns)
    if view.lost:
        since, lost = view.lost
        spent = duration((now - since).total_seconds())
        text = f"no contact with AWS for {spent}; the deployment goes on there ({lost.error})"
        yield from _in_two("warn", text, columns)


def _in_two(style: str, text: str, columns: int) -> Iterator[_Line]:
    """A text that matters, on two rows if it must; what has no room there is cut."""
    first, *rest = wrapped(text, columns - len(_INDENT))
    yield _Line(row=(Span(style, f"{_INDENT}{first}"),), spare=1)
    if rest:
        yield _Line(row=(Span(style, f"{_INDENT}{' '.join(rest)}"),), spare=1)


def _foot(view: View, footing: Footing, now: datetime, columns: int) -> _Line:
    elapsed = duration(_elapsed(view, now))
    limit = duration(footing.limit_seconds).removesuffix("00s") if footing.limit_seconds else ""
    each = " for each phase" if footing.phased else ""
    hint = f"Ctrl-C: {_on_interrupt(view, footing)}"
    usual = view.planned.usual if view.planned else None
    usually = f" · usual {duration(usual.seconds)}" if usual else ""
    variants = (
        (hint, f"elapsed {elapsed}{usually} · limit {limit}{each}" if limit else f"elapsed {elapsed}{usually}"),
        (hint, f"elapsed {elapsed} · limit {limit}{each}" if limit else f"elapsed {elapsed}"),
        (hint, f"{elapsed} of {limit}" if limit and not each else elapsed),
        (hint, ""),
    )
    room = min(columns, _WIDEST)
    left, right = next(
        (pair for pair in variants if len(pair[0]) + len(pair[1]) + 4 <= room),
        variants[-1],
    )
    return _Line(row=plain("dim", f" {left}{right:>{max(room - len(left) - 1, 0)}}"), spare=2)


def _on_interrupt(view: View, footing: Footing) -> str:
    if view.started is None:
        return "stop; the service is untouched"
    if footing.on_interrupt is None or view.verdict or view.rolling_back:
        return "stop watching"
    return _AFTER_START[footing.on_interrupt]


def _elapsed(view: View, now: datetime) -> float:
    return max((now - view.began).total_seconds(), 0) if view.began else 0


def _timer(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def lines_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The texts of the rows, without styles."""
    return tuple("".join(span.text for span in row) for row in rows)
