"""The ending of a run that did not simply succeed: what a person at the screen needs, always in one order.

Verdict (what serves production now), first cause, evidence, what was done, the next commands, links.
The text of an error that ended the run is not here: `cli.main` prints that.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ecsdeploy.errors import Bug
from ecsdeploy.model.events import Finished
from ecsdeploy.model.outcome import Cause, Outcome, Phase, Status
from ecsdeploy.render.commands import console_link, next_commands
from ecsdeploy.render.stream import Style
from ecsdeploy.render.verdicts import headline, rolled_back, standing, success
from ecsdeploy.render.view import View
from ecsdeploy.render.words import clock, count, deed, duration, finding

_INDENT = 9
_NARROWEST = 20
_LOG_LINES = 20
_LOG_WIDTH = 200
_NOT_HERE = "The commands above are for AWS; here everything was simulated."
GOOD = (Status.SUCCEEDED, Status.UNCHANGED)
_CALM = frozenset({Status.DETACHED, Status.BUSY, Status.REFUSED, Status.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class _Row:
    """A label and its text; `whole` is for what must not be broken: commands, links and log lines."""

    label: str
    text: str
    whole: bool = False


def is_worth_a_block(finished: Finished) -> bool:
    """A run that an error ended before it wrote anything is told by the error's own sentence."""
    verdict = finished.outcome.verdict
    told = finished.error is not None and verdict.phase is Phase.PLANNING
    return not told and verdict.status not in GOOD


def success_line(outcome: Outcome, view: View, style: Style) -> str:
    return f"{style.paint('good', outcome.verdict.status.name)} {success(outcome, view)}"


def ending(view: View, finished: Finished, now: datetime, style: Style) -> Iterator[str]:
    """The block, line by line."""
    yield from _verdict(view, finished, style)
    shown = ""
    for row in (*_rows(view, finished, now), *_links(view, finished.outcome)):
        label = row.label if row.label != shown else ""
        shown = row.label
        first, *rest = [row.text] if row.whole else _wrapped(row.text, style.width - _INDENT)
        yield f"   {style.paint('dim', f'{label:<5}')} {first}"
        yield from (f"{'':{_INDENT}}{line}" for line in rest)
    if style.simulated and any(_links(view, finished.outcome)):
        yield from (style.paint("dim", f"   {line}") for line in _wrapped(_NOT_HERE, style.width - 3))


def _verdict(view: View, finished: Finished, style: Style) -> Iterator[str]:
    outcome = finished.outcome
    glyph, name = ("·", "warn") if outcome.verdict.status in _CALM else ("✖", "bad")
    first = headline(outcome, phased=style.phased, mistaken=isinstance(finished.error, Bug))
    sentences = (first, standing(outcome, _running(view, outcome)))
    text = " ".join((*filter(None, sentences), f"({duration(outcome.duration_seconds)})"))
    first, *rest = _wrapped(text, style.width - 3)
    yield style.paint(name, f" {glyph} {first}")
    yield from (f"   {line}" for line in rest)


def _running(view: View, outcome: Outcome) -> int | None:
    """How many tasks of the revision that serves were counted last."""
    seen, serving = view.progress, outcome.verdict.serving
    if seen is None or serving not in (outcome.from_revision, outcome.to_revision):
        return None
    newer = outcome.from_revision if view.undoing else outcome.to_revision
    return seen.new.running if serving == newer else seen.old.running


def _rows(view: View, finished: Finished, now: datetime) -> Iterator[_Row]:
    outcome = finished.outcome
    if outcome.cause:
        yield from _cause(outcome.cause)
        yield from (_Row("Also", f"{each.code}  {_summary(each)}") for each in outcome.causes[1:3])
    elif finished.error is None:
        yield from _without_cause(view, outcome)
    yield from _did(view, outcome, now)


def _links(view: View, outcome: Outcome) -> Iterator[_Row]:
    """What can be done at AWS now."""
    yield from (_Row(label, command, whole=True) for label, command in next_commands(view, outcome))
    link = console_link(outcome.place)
    if link and outcome.verdict.status is not Status.REFUSED:
        yield _Row("Link", link, whole=True)


def _cause(cause: Cause) -> Iterator[_Row]:
    yield _Row("Why", _summary(cause))
    if cause.evidence:
        yield _Row("Why", " · ".join(cause.evidence))
    log = cause.log[-_LOG_LINES:]
    if log:
        yield _Row("Log", f"{cause.log_group} {cause.log_stream}, last {count(len(log), 'line')}".strip())
    yield from (_Row("Log", f"│ {_cut(line)}", whole=True) for line in log)
    yield _Row("Hint", f"{cause.code}  {cause.remedy}".strip())


def _summary(cause: Cause) -> str:
    named = not cause.container or cause.container in cause.summary
    container = "" if named else f' (container "{cause.container}")'
    tasks = f" ({cause.tasks} of {count(cause.of, 'task')})" if cause.of else ""
    return f"{cause.summary}{container}{tasks}"


def _without_cause(view: View, outcome: Outcome) -> Iterator[_Row]:
    """ECS's own words, and what a check found to forbid it."""
    if outcome.verdict.reason:
        yield _Row("Why", outcome.verdict.reason)
    found = view.planned.findings if view.planned else ()
    yield from (_Row("Why", finding(each)) for each in found if each.blocking)
    yield from (_Row("Event", f"{clock(each.at)} {each.message}") for each in view.said)


def _did(view: View, outcome: Outcome, now: datetime) -> Iterator[_Row]:
    yield from (_Row("Did", f"{clock(time)} {deed(each)}") for time, each in view.deeds)
    if outcome.rollback:
        yield _Row("Did", f"{clock(now)} {rolled_back(outcome.rollback)}")


def _wrapped(text: str, width: int) -> list[str]:
    """At spaces only; a word that is too long stands out, so that it can be copied whole."""
    wide = max(width, _NARROWEST)
    return textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) or [""]


def _cut(line: str) -> str:
    return line if len(line) <= _LOG_WIDTH else f"{line[:_LOG_WIDTH]}…"
