"""All wording about verdicts: how our deployment ended, in capitals, then what that means."""

from __future__ import annotations

from typing import assert_never

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.outcome import UNDER_WAY, Other, Outcome, Phase, RollbackReport, Share, Status, Verdict
from ecsdeploy.render.view import View
from ecsdeploy.render.words import actor, duration


def success(outcome: Outcome, view: View) -> str:
    """What succeeded: `web:142 10/10 healthy in 2m43s`, or `10/10 running` if nothing checks the tasks' health."""
    if outcome.verdict.status is Status.UNCHANGED:
        return f"{revision_name(outcome.to_revision)} is what runs already"
    return succeeded(outcome.to_revision, outcome.duration_seconds, view)


def succeeded(revision: str, seconds: float, view: View) -> str:
    """The same before the result has come, `seconds` after the start."""
    name, spent = revision_name(revision), f"in {duration(seconds)}"
    if view.task and not view.started:
        return f"{_tasks(view, name)} {spent}"
    if not view.started:
        return f"{name} registered {spent}"
    return f"{name} {_counted(view)}{spent}"


def _tasks(view: View, name: str) -> str:
    """What became of one-off tasks: `task 1f0c2b3d of web:2 has exited 0`."""
    if len(view.tasks) > 1:
        return f"{len(view.tasks)} tasks of {name} {'have exited 0' if view.ended else 'were started'}"
    return f"task {short_name(view.task)} of {name} {'has exited 0' if view.ended else 'was started'}"


def _counted(view: View) -> str:
    """The last count of ECS, if all tasks run. Without health checks we know only that they run."""
    last = view.progress
    if last is None or last.new.running < last.new.desired:
        return ""
    word = "healthy" if last.checked else "running"
    return f"{last.new.running}/{last.new.desired} {word} " if last.new.desired else "with no tasks to run "


def rolled_back(report: RollbackReport) -> str:
    """How a rollback ended, or how far it has come."""
    if report.status in (Status.SUCCEEDED, Status.ROLLED_BACK):
        return "rollback completed"
    if report.status == UNDER_WAY:
        return f"rollback under way: {_way(report)}"
    why = f" ({report.reason})" if report.reason else ""
    return f"rollback not completed: {report.status.value.replace('_', ' ')}{why}"


def is_gone(outcome: Outcome) -> bool:
    """Whether somebody deleted the service meanwhile: there is nothing to undo then."""
    return outcome.cause is not None and outcome.cause.code == "E-SERVICE-DELETED"


def _way(report: RollbackReport) -> str:
    """How far a rollback has come: `3 of 10 on web:1`."""
    where = f" on {revision_name(report.to_revision)}" if report.to_revision else ""
    return f"{'not seen yet' if report.running is None else f'{report.running} of {report.desired}'}{where}"


def others(other: Other) -> str:
    """What somebody else deploys: `ecs-svc/9 releases web:9 (app acme/web:9), registered by arn:...`."""
    images = _images(other)
    by = f", registered by {other.registered_by}" if other.registered_by else ""
    return f"{other.deployment_id} releases {revision_name(other.revision)}{f' ({images})' if images else ''}{by}"


def released(other: Other) -> str:
    """What a deployment brings: `web:9 is app acme/web:9, registered by arn:...`; empty if we do not know."""
    brings = f"is {images}" if (images := _images(other)) else ""
    by = f"registered by {other.registered_by}" if other.registered_by else ""
    known = ", ".join(filter(None, (brings, by)))
    return f"{revision_name(other.revision)} {known}" if known else ""


def _images(other: Other) -> str:
    return ", ".join(f"{container} {image}" for container, image in other.images)


def is_back(outcome: Outcome) -> bool:
    """Whether we waited for a rollback, and it completed."""
    return outcome.rollback is not None and outcome.rollback.status is Status.ROLLED_BACK


def headline(outcome: Outcome, *, phased: bool = False, mistaken: bool = False) -> str:  # noqa: C901 - one case for a status
    """The verdict in capitals, and what it means.

    `phased`: the time limit was for each phase. `mistaken`: a bug of ours ended the run.
    """
    verdict = outcome.verdict
    match verdict.status:
        case Status.SUCCEEDED:
            return "SUCCEEDED."
        case Status.FAILED:
            return (
                "FAILED: the service was deleted, and nothing of it serves production."
                if is_gone(outcome)
                else _failed(outcome)
            )
        case Status.STOPPED:
            return "STOPPED before it was complete."
        case Status.ROLLED_BACK if outcome.as_asked:
            return "STOPPED AND ROLLED BACK, as asked."
        case Status.ROLLED_BACK:
            return f"{_time(verdict, phased=phased) or 'FAILED'}, rolled back by {_by(outcome)}."
        case Status.ROLLBACK_FAILED:
            return f"FAILED, AND THE ROLLBACK {_stuck(verdict) or 'FAILED TOO'}."
        case Status.TIMED_OUT:
            return f"{_time(verdict, phased=phased) or 'TIMED OUT'}: {_late(outcome)}."
        case Status.SUPERSEDED:
            return f"SUPERSEDED by {verdict.by or 'another deployment'}, which was started after ours."
        case Status.UNKNOWN if verdict.phase is Phase.GATE:
            return "OUTCOME UNKNOWN: the release is complete, and its gate has not decided."
        case Status.UNKNOWN:
            why = "a bug in ecs-deploy ended this run" if mistaken else "AWS could no longer be asked"
            return f"OUTCOME UNKNOWN: {why}."
        case Status.REFUSED:
            return "REFUSED."
        case Status.BUSY:
            when = "is running" if verdict.phase is Phase.PLANNING else "was started meanwhile"
            return f"BUSY: another deployment of this service {when}."
        case Status.INTERRUPTED:
            return f"INTERRUPTED, rolled back by {_by(outcome)}." if is_back(outcome) else "INTERRUPTED."
        case Status.DETACHED:
            return "DETACHED."
        case Status.UNCHANGED:
            return "UNCHANGED: this is what runs already."
        case _ as never:
            assert_never(never)


def _failed(outcome: Outcome) -> str:
    if outcome.verdict.doom is not None:
        return "FAILED, not rolled back: it cannot succeed any more."
    if outcome.verdict.phase is Phase.AFTER:
        return "FAILED, not rolled back: the task after the release did not succeed."
    if outcome.verdict.phase is not Phase.TASK:
        return "FAILED, not rolled back."
    return "FAILED: the task before the release did not succeed." if outcome.place.service else "FAILED."


def _stuck(verdict: Verdict) -> str:
    """Why the rollback is stuck, if its own time limit ran out; otherwise empty."""
    if not verdict.limit_seconds or verdict.phase is not Phase.ROLLING_BACK:
        return ""
    return f"IS STUCK: its tasks keep failing, and it is not complete after {duration(verdict.limit_seconds)}"


def _time(verdict: Verdict, *, phased: bool) -> str:
    """Which time limit ran out, and since when it ran; empty if none did."""
    if not verdict.limit_seconds:
        return ""
    limit, began = duration(verdict.limit_seconds), _BEGAN.get(verdict.phase) if phased else None
    return f"TIMED OUT {limit} after {began}" if began else f"TIMED OUT after {limit}"


_BEGAN = {Phase.WAITING: "its first task ran", Phase.ROLLING_BACK: "the rollback began"}
"""What starts the later phases. Each has its own time limit."""


def _by(outcome: Outcome) -> str:
    return actor(outcome.rollback.by if outcome.rollback else "ecs")


def _late(outcome: Outcome) -> str:
    match outcome.verdict.phase:
        case Phase.TASK | Phase.STOPPING:
            return "the task has not stopped"
        case Phase.AFTER:
            return "the task after the release has not stopped"
        case Phase.STARTING:
            return "no task of the new revision runs yet"
        case Phase.ROLLING_BACK if outcome.rollback is not None:
            return f"rolling back: {_way(outcome.rollback)}"
        case Phase.ROLLING_BACK:
            return "the rollback is not complete"
        case Phase.PLANNING | Phase.REGISTERING | Phase.REGISTERED | Phase.WAITING | Phase.GATE:
            return "the deployment is not complete"
        case _ as never:
            assert_never(never)


def standing(outcome: Outcome, running: int | None) -> str:
    """What serves production now, as far as we know. `running` is the number of its tasks, if we counted them."""
    verdict = outcome.verdict
    tasks = f" ({running} running)" if running is not None else ""
    where = " and ".join(map(_share, verdict.serves)) or revision_name(verdict.serving) + tasks
    serving = f"Production is on {where}." if verdict.serving or verdict.serves else ""
    known = not outcome.place.service or is_gone(outcome)
    unknown = "" if known else "What serves production now is not known."
    return " ".join(filter(None, (_reach(outcome), serving))) or unknown


def _share(share: Share) -> str:
    """One revision's share of production. ECS counts tasks that run, not those that pass their health checks."""
    condition = ", if they pass their health checks" if share.checked else ""
    return f"{revision_name(share.revision)} ({share.running} running{condition})"


def _reach(outcome: Outcome) -> str:
    """How much of the request was carried out, or still goes on."""
    match outcome.verdict.status:
        case Status.REFUSED | Status.BUSY:
            return _untouched(outcome)
        case Status.UNKNOWN if not outcome.deployment_id and not outcome.task_arn:
            return "AWS may have applied the last request all the same."
        case status if status.may_go_on:
            return "" if is_back(outcome) else _going_on(outcome)
        case Status.FAILED if outcome.verdict.doom is not None:
            return f"{_deployer(outcome)} goes on with the deployment until it is rolled back."
        case _:
            before = outcome.verdict.phase is Phase.TASK and outcome.place.service
            return _untouched(outcome) if before or outcome.verdict.phase is Phase.REGISTERED else ""


def _deployer(outcome: Outcome) -> str:
    return actor("codedeploy" if outcome.by_codedeploy else "ecs")


def _going_on(outcome: Outcome) -> str:
    sent = outcome.rollback
    if outcome.verdict.status is Status.INTERRUPTED and sent is not None and sent.status is Status.UNKNOWN:
        return "The deployment goes on at AWS, or is rolled back there."
    match outcome.verdict.phase:
        case Phase.PLANNING | Phase.REGISTERED:
            return _untouched(outcome)
        case Phase.REGISTERING:
            return "A revision may have been registered; the service was not touched."
        case Phase.AFTER:
            return "The release is complete. The task after it goes on at AWS."
        case Phase.GATE:
            return ""
        case Phase.STOPPING:
            return "ECS stops the task."
        case Phase.TASK:
            return f"The task goes on at AWS. {_untouched(outcome) if outcome.place.service else ''}".rstrip()
        case Phase.ROLLING_BACK:
            return "The rollback goes on at AWS."
        case Phase.STARTING | Phase.WAITING:
            return "The deployment goes on at AWS."
        case _ as never:
            assert_never(never)


def _untouched(outcome: Outcome) -> str:
    if outcome.to_revision in ("", outcome.from_revision):
        return "Nothing was changed."
    return f"No service was changed; {revision_name(outcome.to_revision)} is registered and unused."
