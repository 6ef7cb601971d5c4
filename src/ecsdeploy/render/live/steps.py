"""The steps of the live region: what is done, what is under way, what failed."""

from __future__ import annotations

from collections.abc import Iterator

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.planned import Planned
from ecsdeploy.render.live.spans import Row, Span, first_that_fits
from ecsdeploy.render.view import View
from ecsdeploy.render.words import actor, breaker, count

_DONE, _ACTIVE, _BROKEN, _BACK = Span("good", "✔"), Span("warn", "◌"), Span("bad", "✖"), Span("warn", "↩")
_LABEL = 11
_LONG_ID = 60
"""With this many columns or more, the id of a deployment is shown whole."""


def steps(view: View, columns: int) -> Iterator[tuple[int, Row]]:
    """The rows of the steps, each after how soon it may be left out: the highest number first."""
    yield from _plan(view)
    if view.planned and "register" in view.planned.steps:
        yield 5, _registered(view)
    yield from ((0, row) for row in _rolling(view, columns))
    yield from _task(view)
    if view.rolling_back:
        back = view.rolling_back
        why = f" ({back.reason})" if back.reason else ""
        to = f"{actor(back.by)} goes back to {revision_name(back.to_revision)}{why}"
        yield 0, _step(_BACK, "rollback", to if back.to_revision else "asked of ECS")
    yield from _after(view)


def _step(glyph: Span, label: str, text: str) -> Row:
    return (Span("", " "), glyph, Span("bold", f" {label:<{_LABEL}} "), Span("", text))


def _plan(view: View) -> Iterator[tuple[int, Row]]:
    if view.planned:
        yield 5, _step(_DONE, "plan", _planned(view.planned))
    elif not view.started:
        yield 5, _step(_ACTIVE, "plan", "reading the service")


def _planned(planned: Planned) -> str:
    if "force" in planned.steps:
        told = "the revision in use is deployed again"
    elif planned.target:
        told = f"{revision_name(planned.target)} is deployed as it is"
    else:
        told = f"{count(sum(each.before != each.after for each in planned.changes), 'image')} changed"
    warnings = sum(not each.blocking for each in planned.findings)
    return ", ".join((told, count(warnings, "warning"))) if warnings else told


def _registered(view: View) -> Row:
    if view.revision:
        return _step(_DONE, "registered", revision_name(view.revision))
    return _step(_ACTIVE, "register", "a new revision of the task definition")


def _rolling(view: View, columns: int) -> Iterator[Row]:
    started = view.started
    if started is None:
        return
    glyph = _ACTIVE
    if view.rolling_back or (view.verdict and not view.verdict.status.is_success):
        glyph = _BROKEN
    elif view.verdict:
        glyph = _DONE
    whole = started.deployment_id
    short = f"{whole[:12]}…" if len(whole) > 13 else whole
    names = (whole, short) if columns >= _LONG_ID else (short,)
    words = _words(view)
    texts = [*(f"{name}  {word}" for name in names for word in words), words[-1] or short]
    label = "paused" if view.paused else "rolling"
    yield first_that_fits(columns, *(_step(glyph, label, text) for text in texts))


def _words(view: View) -> tuple[str, ...]:
    """What we know of the rollout beside its counts, from the longest text to the shortest."""
    seen, started = view.progress, view.started
    stage = f"stage {seen.stage}" if seen and seen.stage and not view.undoing else ""
    if view.paused:
        stage = f"at {view.paused.stage}" if view.paused.stage else ""
    if seen and seen.breaker and not view.undoing:
        failures, _, threshold = seen.breaker.partition("/")
        counted = f"breaker on ({failures} of {threshold} failures)"
        return tuple(" · ".join(filter(None, (stage, each))) for each in (counted, f"breaker {seen.breaker}", ""))
    policy = breaker(started) if started else ""
    return tuple(" · ".join(filter(None, (stage, each))) for each in (policy, policy.partition(",")[0], ""))


def _task(view: View) -> Iterator[tuple[int, Row]]:
    if view.task:
        ended = view.task_finished
        glyph = _ACTIVE if ended is None else _DONE if ended.exit_code == 0 else _BROKEN
        yield 0, _step(glyph, "task", f"{short_name(view.task)}  {view.task_status}".rstrip())


def _after(view: View) -> Iterator[tuple[int, Row]]:
    """What we still do after the verdict, which takes a moment."""
    if view.verdict and view.verdict.status.has_causes:
        yield 1, _step(_ACTIVE, "cause", "looking for the reason")
