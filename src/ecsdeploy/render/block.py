"""The block of text at the end of a run that did not succeed: what a person needs to know, always in the same order.

The verdict, with what serves production now; the first cause, what to do about it and its proof; what was done; the
next commands; a link. An error that ends a run before it writes has no block: `cli.main` prints its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecsdeploy.errors import Bug, EcsDeployError
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.codes import read_at
from ecsdeploy.model.events import Finished
from ecsdeploy.model.outcome import Cause, Outcome, Phase, Status
from ecsdeploy.render.commands import console_link, next_commands, task_link
from ecsdeploy.render.findings import advice
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.stream import Again, Style
from ecsdeploy.render.verdicts import headline, others, rolled_back, standing, succeeded, success
from ecsdeploy.render.view import View
from ecsdeploy.render.words import clock, count, deed, duration, said

_LOG_LINES = 20
_LOG_WIDTH = 200
_NOT_HERE = "The commands above are for AWS; here everything was simulated."
GOOD = (Status.SUCCEEDED, Status.UNCHANGED)
_CALM = frozenset({Status.DETACHED, Status.BUSY, Status.REFUSED, Status.INTERRUPTED})
"""Nothing failed: the block begins with a dot, not with a cross."""
_LEFT = frozenset({Status.UNKNOWN, Status.INTERRUPTED, Status.DETACHED})
"""We no longer look, and the deployment may go on."""


def is_worth_a_block(finished: Finished) -> bool:
    """Whether the run gets a block: not if it succeeded, nor if an error ended it before it wrote anything."""
    verdict = finished.outcome.verdict
    told = finished.error is not None and verdict.phase is Phase.PLANNING
    return not told and verdict.status not in GOOD


def success_line(outcome: Outcome, view: View, style: Style) -> str:
    return f"{style.paint('good', outcome.verdict.status.name)} {success(outcome, view)}"


def early_success_line(view: View, now: datetime, style: Style) -> str:
    """The same line before the result is there, while we deregister old revisions; empty if the view lacks a part."""
    if not view.revision or view.undoing or view.began is None:
        return ""
    spent = (now - view.began).total_seconds()
    return f"{style.paint('good', Status.SUCCEEDED.name)} {succeeded(view.revision, spent, view)}"


def ending(view: View, finished: Finished, now: datetime, style: Style) -> Iterator[str]:
    """The lines of the block."""
    yield from _verdict(view, finished, style)
    yield from laid_out(story(view, finished, now, style.again), style)
    if style.simulated and any((*_commands(view, finished, style.again), *_link(view, finished.outcome))):
        yield from (style.paint("dim", f"   {line}") for line in wrapped(_NOT_HERE, style.width - 3))


def _verdict(view: View, finished: Finished, style: Style) -> Iterator[str]:
    glyph = glyph_of(finished.outcome)
    first, *rest = wrapped(" ".join(sentences(view, finished, style)), style.width - 3)
    yield style.paint("bad" if glyph == "✖" else "warn", f" {glyph} {first}")
    yield from (f"   {line}" for line in rest)


def glyph_of(outcome: Outcome) -> str:
    return "·" if outcome.verdict.status in _CALM or outcome.as_asked else "✖"


def sentences(view: View, finished: Finished, style: Style) -> tuple[str, ...]:
    """The verdict, what serves production now, and how long it took."""
    outcome = finished.outcome
    first = headline(outcome, phased=style.phased, mistaken=isinstance(finished.error, Bug))
    stands = f"{standing(outcome, _running(view, outcome))} {_last_seen(view, outcome)}".strip()
    return (first, *filter(None, (stands,)), f"({duration(outcome.duration_seconds)})")


def _last_seen(view: View, outcome: Outcome) -> str:
    """The tasks that we counted last, if we left the deployment and cannot say what serves now; otherwise empty."""
    seen = view.progress
    if outcome.verdict.serving or seen is None or view.undoing or outcome.verdict.status not in _LEFT:
        return ""
    new = f"{seen.new.running} of {seen.new.desired} tasks of {revision_name(outcome.to_revision)}"
    return f"When last seen, {new} and {seen.old.running} of the version before ran."


def _running(view: View, outcome: Outcome) -> int | None:
    """How many tasks of the serving revision we counted last; None if we counted none of that revision."""
    seen, serving = view.progress, outcome.verdict.serving
    if seen is None or serving not in (outcome.from_revision, outcome.to_revision):
        return None
    newer = outcome.from_revision if view.undoing else outcome.to_revision
    return seen.new.running if serving == newer else seen.old.running


def story(view: View, finished: Finished, now: datetime, again: Again) -> Iterator[Labelled]:
    """What stands below the verdict: why, what to do, the proof, what was done, the next commands and a link."""
    outcome, commands = finished.outcome, tuple(_commands(view, finished, again))
    if finished.error:
        yield from _error(finished.error)
    if outcome.cause:
        yield from cause_of(outcome.cause)
        yield from (Labelled("Also", f"{each.code}  {_summary(each)}") for each in outcome.causes[1:3])
        yield from _did(view, outcome, now)
        yield from commands
    else:
        yield from () if finished.error else _without_cause(view, outcome)
        yield from commands
        yield from (Labelled("Proof", outcome.verdict.reason),) if outcome.other and outcome.verdict.reason else ()
        yield from () if finished.error else (Labelled("Event", f"{clock(each.at)} {said(each)}") for each in view.said)
        yield from _did(view, outcome, now)
    yield from _link(view, outcome)


def _commands(view: View, finished: Finished, again: Again) -> Iterator[Labelled]:
    """The commands that help now. After a plan that is refused, the same plan would say the same."""
    verdict = finished.outcome.verdict
    if verdict.status is Status.REFUSED and verdict.phase is Phase.PLANNING and finished.error is None:
        return
    yield from (Labelled(label, command, whole=True) for label, command in next_commands(view, finished.outcome, again))


def _link(view: View, outcome: Outcome) -> Iterator[Labelled]:
    link = link_of(view, outcome)
    if link:
        yield Labelled("Link", link, whole=True)


def link_of(view: View, outcome: Outcome) -> str:
    """The address of the service's page in the AWS console, or of the task's; empty if there is nothing to see."""
    if outcome.verdict.status is Status.REFUSED:
        return ""
    task = task_link(outcome.place, outcome.task_arn or view.task)
    return task if task and outcome.verdict.phase is Phase.TASK else console_link(outcome.place) or task


def _error(error: EcsDeployError) -> Iterator[Labelled]:
    yield Labelled("Why", error.message)
    if error.hint:
        yield Labelled("Hint", error.hint)


def cause_of(cause: Cause) -> Iterator[Labelled]:
    """Why, what to do, and the proof of it."""
    yield Labelled("Why", _summary(cause))
    yield from hint_of(cause)
    if cause.evidence:
        yield Labelled("Proof", " · ".join(cause.evidence))
    yield from log_of(cause)


def hint_of(cause: Cause) -> Iterator[Labelled]:
    """What to do about a cause, and the command that explains its code."""
    yield Labelled("Hint", f"{cause.code}  {cause.remedy}".strip())
    if read_at(cause.code):
        yield Labelled("Read", f"ecs-deploy explain {cause.code}", whole=True)


def log_of(cause: Cause) -> Iterator[Labelled]:
    """The last lines of the container's log, and a note about the log, if there is one."""
    log = cause.log[-_LOG_LINES:]
    if log:
        yield Labelled("Log", f"{cause.log_group} {cause.log_stream}, last {count(len(log), 'line')}".strip())
    yield from (Labelled("Log", f"│ {_cut(line)}", whole=True) for line in log)
    if cause.log_note:
        yield Labelled("Log", cause.log_note)


def _summary(cause: Cause) -> str:
    is_said = not cause.container or cause.container in cause.summary
    container = "" if is_said else f' (container "{cause.container}")'
    tasks = f" ({cause.tasks} of {count(cause.of, 'task')})" if cause.of else ""
    return f"{cause.summary}{container}{tasks}"


def _without_cause(view: View, outcome: Outcome) -> Iterator[Labelled]:
    """Why, if we know no cause: somebody else's deployment, the reason that ECS gives, the checks that refused."""
    if outcome.other:
        yield Labelled("Why", others(outcome.other))
    elif outcome.verdict.reason:
        yield Labelled("Why", outcome.verdict.reason)
    found = view.planned.findings if view.planned else ()
    yield from (Labelled("Why", advice(each)) for each in found if each.blocking)


def _did(view: View, outcome: Outcome, now: datetime) -> Iterator[Labelled]:
    yield from (Labelled("Did", f"{clock(time)} {deed(each)}") for time, each in view.deeds)
    if outcome.rollback:
        yield Labelled("Did", f"{clock(now)} {rolled_back(outcome.rollback)}")


def _cut(line: str) -> str:
    return line if len(line) <= _LOG_WIDTH else f"{line[:_LOG_WIDTH]}…"
