"""All wording about events; `findings` has the wording about findings, and `verdicts` that about verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import assert_never

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.events import (
    Continued,
    Counts,
    Doomed,
    LostContact,
    Paused,
    Progress,
    Registered,
    RollingBack,
    Said,
    Started,
)
from ecsdeploy.model.oneoff import TaskStarted, TaskStopping
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import Answer
from ecsdeploy.render.view import Deed

# (service web) registered 1 targets in (target-group arn:aws:...)
_REGISTERED = r"((?:de)?registered) (\d+) targets"

_FEW = 3
_DOING = {
    ("force",): "redeploy",
    ("register",): "register from",
    ("register", "run"): "register and run from",
    ("run",): "run",
    ("register", "create"): "create from",
}

_STEPS = {
    "register": "register a new revision of the task definition",
    "before": "run one task of the new revision with the command of --before, and go on only if it succeeds",
    "after": "run one task of the new revision with the command of --after; if it fails, so has the release",
    "create": "create the service with the new revision",
    "update": "point the service at the new revision",
    "codedeploy": "let CodeDeploy bring the new revision to the service",
    "express": "let Express mode bring the change to the service",
    "force": "start a new deployment of the revision in use",
    "run": "run one task of the new revision",
}

_OTHERS = {
    "before": "run the task of --before, of {}, and go on only if it succeeds",
    "after": "run the task of --after, of {}; if it fails, so has the release",
}
"""Where the task is of another family."""

_CHOICES = {Answer.ROLLBACK: "[r]oll back", Answer.STOP: "[s]top the task"}
_THEN = {"ROLLBACK": "rolls it back", "CONTINUE": "continues it"}
"""What ECS does when a pause has lasted too long."""


def steps(planned: Planned) -> Iterator[str]:
    """The steps of a plan, in words. A step that we do not know is shown by its name."""
    others = {"before": planned.before, "after": planned.after}
    for name in planned.steps:
        revision = others.get(name)
        yield _OTHERS[name].format(revision_name(revision)) if revision else _STEPS.get(name, name)


def duration(seconds: float) -> str:
    """`<1s`, `43s`, `2m43s`, `1h02m`."""
    whole = int(max(seconds, 0))
    if whole < 1:
        return "<1s"
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}m{rest:02}s" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02}m"


def short_digest(digest: str) -> str:
    """`sha256:9d1e53a…77`."""
    algorithm, _, digits = digest.partition(":")
    return f"{algorithm}:{digits[:7]}…{digits[-2:]}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def progress(seen: Progress, *, undoing: bool, delayed: str = "", doing: str = "rolling") -> str:
    """The tasks of the new revision and of the old one. While we roll back, `new` is the revision that we go back to.

    A line that repeats the counts (`still`) also says what goes on (`doing`), and what the deployment waits for.
    """
    new, old = ("rollback", "failed") if undoing else ("new", "old")
    sides = f"{new} {_counts(seen.new)} | {old} {_counts(seen.old, of_desired=False)}"
    stage = f" | stage {seen.stage}" if seen.stage else ""
    stage += f" | traffic {seen.traffic:g} %" if seen.traffic is not None else ""
    breaker = f" | breaker {seen.breaker}" if seen.breaker else ""
    still = f"still {doing} {duration(seen.elapsed)}: " if seen.still else ""
    waits = f" | waiting: {delayed}" if delayed and seen.still else ""
    return f"{still}{sides}{stage}{breaker}{waits}"


def _counts(counts: Counts, *, of_desired: bool = True) -> str:
    running = f"{counts.running}/{counts.desired}" if of_desired else f"{counts.running}"
    pending = f", {counts.pending} starting" if counts.pending else ""
    failed = f", {counts.failed} failed" if counts.failed else ""
    return f"{running} running{pending}{failed}"


def breaker(started: Started) -> str:
    if started.by == "codedeploy":
        return "by CodeDeploy"
    if not started.breaker:
        return "breaker off"
    return f"breaker on, rollback {'on' if started.breaker_rollback else 'off'}"


def opening(planned: Planned) -> str:
    """The first line of a run: what begins, and where."""
    place = planned.place
    changed = ", ".join(dict.fromkeys(each.after for each in planned.changes)) or _edited(planned)
    what = f"{_DOING.get(planned.steps, 'deploy')} {revision_name(planned.base)}"
    if planned.target:
        what = f"{_DOING.get(planned.steps, 'deploy')} {goes(planned).replace('→', '->')}"
    elif changed:
        what += f" -> new revision ({changed})" if "register" in planned.steps else f" (changed: {changed})"
    names = ("service", "cluster", "region", "account")
    return " ".join([what, *(f"{name}={value}" for name in names if (value := getattr(place, name)))])


def _edited(planned: Planned) -> str:
    """The names of the variables and other parts that differ, for a release that changes no image."""
    names = list(dict.fromkeys(each.name or each.member for each in planned.differences))
    more = (f"{len(names) - _FEW} more",) if len(names) > _FEW else ()
    return ", ".join((*names[:_FEW], *more))


RECONSIDERED = "it may succeed after all: its tasks no longer show that it cannot; still waiting"


def goes(planned: Planned) -> str:
    """Where an existing revision is put: `web:4 → web:2 (released ..., image ...); if that fails, back to web:4`."""
    images = list(dict.fromkeys(each.after for each in planned.changes))
    released = f"released {planned.released:%Y-%m-%d %H:%M} UTC" if planned.released else ""
    known = ", ".join(filter(None, (released, f"image{'s' if len(images) > 1 else ''} {' '.join(images)}")))
    way = f"{revision_name(planned.base)} → {revision_name(planned.target)} ({known})"
    return f"{way}{_way_out(planned)}"


def _way_out(planned: Planned) -> str:
    """Where the service goes if the release fails. ECS goes back by itself only if the circuit breaker says so."""
    back = revision_name(planned.back)
    if not back or planned.back == planned.target:
        return ""
    by_itself = planned.setting is not None and planned.setting.breaker.rollback
    return f"; if that fails, back to {back}" if by_itself else f"; if that fails, back to {back} with `--to {back}`"


def said(event: Said) -> str:
    """ECS's message. ECS may write one event for each target at once: we show their sum."""
    counted = re.sub(_REGISTERED, lambda found: f"{found[1]} {int(found[2]) * event.times} targets", event.message)
    if event.times == 1 or counted != event.message:
        return counted
    return f"{event.message} ({event.times} times)"


def doomed(event: Doomed) -> str:
    """Why a deployment cannot succeed, and whether we still wait for its end."""
    doom, rest = event.doom, "" if event.ends else "; waiting for AWS to end it"
    return f"it cannot succeed any more{rest}: {doom.what} ({count(len(doom.tasks), 'task')}, {doom.code})"


def lost_contact(event: LostContact) -> str:
    return f"no contact with AWS for {duration(event.seconds)}; the deployment goes on there ({event.error})"


def paused(event: Paused) -> str:
    """Where a deployment waits for somebody, until when, and what ECS does then."""
    ends = pause_ends(event.expires_at, event.timeout_action)
    return f"paused at {event.stage or 'an unnamed stage'}, waiting to be continued{ends}"


def pause_ends(at: datetime | None, action: str) -> str:
    """When a pause ends without an answer, and what ECS does then; empty if it does not end."""
    if at is None:
        return ""
    then = _THEN.get(action) or f"decides: {action}"
    return f"; at {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC ECS {then}"


def question(seconds: int, answers: Iterable[Answer]) -> str:
    """The question after Ctrl-C. `seconds` are left, and without an answer we detach."""
    choices = "".join(f", {_CHOICES[each]}" for each in answers if each in _CHOICES)
    return f"Interrupted. [d]etach (in {seconds:>2} s){choices}, or [c]ontinue?"


def clock(time: datetime) -> str:
    return f"{time.astimezone(UTC):%H:%M:%S}"


def deed(done: Deed) -> str:
    """A step that changed something, in the past tense."""
    match done:
        case Registered():
            return f"registered {revision_name(done.revision)}"
        case Started():
            return f"{'attached to' if done.attached else 'started'} {done.deployment_id}"
        case Continued():
            asked = "asked ECS to roll back from" if done.rollback else "continued from"
            return f"{asked} the pause at {done.stage or 'an unnamed stage'} ({done.hook})"
        case TaskStarted():
            return f"started task {short_name(done.task)}"
        case TaskStopping():
            return f"asked ECS to stop task {short_name(done.task)}"
        case RollingBack(to_revision=""):
            return "asked ECS to stop the deployment and to roll it back"
        case RollingBack():
            why = f" ({done.reason})" if done.reason else ""
            return f"{actor(done.by)} began to roll back to {revision_name(done.to_revision)}{why}"
        case _ as never:
            assert_never(never)


def actor(by: str) -> str:
    """The name of who rolls back."""
    return {"us": "ecs-deploy", "codedeploy": "CodeDeploy"}.get(by, "ECS")
