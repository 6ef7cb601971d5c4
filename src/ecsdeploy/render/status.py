"""The status of a service on one screen: its condition in a sentence, then the facts in two columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from ecsdeploy.model.arn import group_name, revision_name
from ecsdeploy.model.balancer import TargetHealth
from ecsdeploy.model.report import Condition, GroupTargets, Report
from ecsdeploy.model.service import Deployment, PastDeployment, Service, ServiceDeployment
from ecsdeploy.model.settings import Breaker
from ecsdeploy.render.block import hint_of, log_of
from ecsdeploy.render.commands import console_link, status_commands
from ecsdeploy.render.conditions import deployment_of, headline, tasks
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.stream import Again, LineStream, Style
from ecsdeploy.render.verdicts import released
from ecsdeploy.render.words import clock, count, duration, pause_ends

_LABELS = 7
_EVENTS = 4
_TARGETS = 5
AT_EASE = frozenset({"healthy", "draining", "unused", "unchecked"})
GLYPHS = {
    Condition.STEADY: ("✔", "good"),
    Condition.ROLLED_BACK: ("⚠", "warn"),
    Condition.UNSTEADY: ("⚠", "warn"),
    Condition.DEPLOYING: ("·", "warn"),
    Condition.FAILING: ("⚠", "warn"),
    Condition.ROLLING_BACK: ("·", "warn"),
    Condition.STUCK: ("✖", "bad"),
    Condition.FAILED: ("✖", "bad"),
    Condition.GOING: ("✖", "bad"),
}

# (service web) has started 2 tasks: (task 1f0c) (task 77aa).
_MANY_TASKS = r":(?: \(task \w+\)){2,}"
# (service web) registered 1 targets in (target-group arn:aws:...:targetgroup/web-tg/62b8a158e9f0fcf8)
_GROUP_ARN = r"arn:[\w:-]+:targetgroup/([^/\s()]+)(?:/\w+)?"


def show_status(report: Report, stream: LineStream, style: Style) -> None:
    """Write the screen to `stream`."""
    for line in _screen(report, style):
        stream.line(line)


def _screen(report: Report, style: Style) -> Iterator[str]:
    glyph, name = GLYPHS[report.condition]
    first, *rest = wrapped(headline(report), style.width - 3)
    yield style.paint(name, f" {glyph} {first}")
    yield from (f"   {line}" for line in (*rest, *wrapped(_where(report), style.width - 3)))
    yield from laid_out(_facts(report, style.again), style, _LABELS)


def _where(report: Report) -> str:
    place, now = report.place, report.at.astimezone(UTC)
    return f"{place.service} @ {place.cluster} ({place.region}, {place.account}), {now:%Y-%m-%d %H:%M:%S} UTC"


def _facts(report: Report, again: Again) -> Iterator[Labelled]:
    yield Labelled("Service", _service(report.service))
    yield from (Labelled("Images", f"{container}  {image}") for container, image in report.images)
    yield from _deployments(report)
    yield from _rollout(report)
    yield from _why(report)
    yield from (fact for group in report.targets for fact in _targets(group))
    yield from _alarms(report)
    if report.scaling:
        yield Labelled("Scaling", f"{report.scaling.lowest} to {count(report.scaling.highest, 'task')}")
    yield from (Labelled("Events", each) for each in _events(report))
    yield from (Labelled("History", _past(each, report.at)) for each in report.history)
    yield from (Labelled("Unread", each) for each in report.unread)
    yield from (Labelled(label, command, whole=True) for label, command in status_commands(report, again))
    yield Labelled("Link", console_link(report.place), whole=True)


def _service(service: Service) -> str:
    percents = (service.minimum_healthy_percent, service.maximum_percent)
    facts = (
        service.status,
        f"desired {service.desired}, running {service.running}, pending {service.pending}",
        "" if service.controller == "ECS" else f"controller {service.controller}",
        "" if service.scheduling == "REPLICA" else service.scheduling,
        service.strategy,
        "" if None in percents else "min/max {}/{} %".format(*percents),
        f"breaker {_on(service.breaker.enabled)}{_limit(service)}, rollback {_on(service.breaker.rollback)}",
        "early success" if service.ends_early else "",
    )
    return " · ".join(filter(None, facts))


def _limit(service: Service) -> str:
    """How many failures trip the breaker, if that is not as ECS has it; `in all`: no healthy task resets the count."""
    breaker, settings = service.breaker, service.settings.deployment.get("deploymentCircuitBreaker")
    in_all = isinstance(settings, Mapping) and settings.get("resetOnHealthyTask") is False
    if not breaker.enabled or not (in_all or (breaker.measure, breaker.value) != (Breaker().measure, Breaker().value)):
        return ""
    share = "" if breaker.measure == "COUNT" else " %"
    return f" (at {breaker.value}{share} failed tasks{' in all' if in_all else ''})"


def _on(enabled: bool) -> str:
    return "on" if enabled else "off"


def _deployments(report: Report) -> Iterator[Labelled]:
    """Each deployment, and what it brings, if we know that."""
    told = {each.deployment_id: released(each) for each in report.releases}
    for each in report.service.deployments:
        yield Labelled("Deploys", _deployment(each, report.at))
        if told.get(each.id):
            yield Labelled("Deploys", told[each.id])


def _deployment(each: Deployment, now: datetime) -> str:
    facts = (
        f"{each.status} {revision_name(each.task_definition)}",
        tasks(each),
        each.rollout_state,
        f"since {_moment(each.created_at, now)}" if each.created_at else "",
        each.id,
    )
    return " · ".join(filter(None, facts))


def _rollout(report: Report) -> Iterator[Labelled]:
    """The newest service deployment, if it has not ended."""
    newest = report.newest
    if newest is None or newest.has_ended:
        return
    facts = (
        f"{newest.status} at {newest.stage}" if newest.stage else newest.status,
        _breaker(newest),
        _traffic(newest, report.service),
    )
    yield Labelled("Rollout", " · ".join(filter(None, facts)))
    for hook in newest.hooks:
        yield Labelled("Hooks", f"{hook.id} {hook.status}{pause_ends(hook.expires_at, hook.timeout_action)}")


def _breaker(newest: ServiceDeployment) -> str:
    found = newest.breaker
    return "" if found is None or found.status == "DISABLED" else f"breaker {found.failures}/{found.threshold}"


def _traffic(newest: ServiceDeployment, service: Service) -> str:
    """How much traffic each revision gets; empty if ECS gives no shares."""
    shares = [each for each in (newest.target, *newest.sources) if each and each.production_weight is not None]
    texts = (
        f"{revision_name(found.task_definition)} {each.production_weight:g} %"
        for each in shares
        if (found := deployment_of(service, each.revision))
    )
    traffic = ", ".join(texts)
    return f"traffic {traffic}" if traffic else ""


def _why(report: Report) -> Iterator[Labelled]:
    cause, newest = report.cause, report.newest
    if cause is not None:
        shown = f" ({cause.tasks} of {count(cause.of, 'task')})" if cause.of else ""
        yield Labelled("Why", f"{cause.summary}{shown}")
        if cause.evidence:
            yield Labelled("Why", " · ".join(cause.evidence))
        yield from log_of(cause)
        yield from hint_of(cause)
    elif newest is not None and report.condition is not Condition.STEADY and (newest.rollback_reason or newest.reason):
        yield Labelled("Why", newest.rollback_reason or newest.reason)


def _targets(group: GroupTargets) -> Iterator[Labelled]:
    counts = Counter(each.state for each in group.targets)
    states = ", ".join(f"{number} {state}" for state, number in counts.items())
    yield Labelled("Targets", f"{group_name(group.target_group)}  {states or 'no targets'}")
    unwell = [each for each in group.targets if each.state not in AT_EASE]
    yield from (Labelled("Targets", _target(each)) for each in unwell[:_TARGETS])


def _target(each: TargetHealth) -> str:
    return " ".join(filter(None, (each.target, each.state, each.reason, each.description)))


def _alarms(report: Report) -> Iterator[Labelled]:
    states = {each.name: each for each in report.alarms}
    for name in report.service.alarms.watched:
        found = states.get(name)
        if found is None:
            yield Labelled("Alarms", f"{name} unknown")
            continue
        since = f" since {_moment(found.since, report.at)}" if found.since else ""
        why = f": {found.reason}" if found.state == "ALARM" and found.reason else ""
        yield Labelled("Alarms", f"{name} {found.state}{since}{why}")


def _events(report: Report) -> Iterator[str]:
    """The newest events, the oldest of them first, without the name of the service."""
    prefix = f"(service {report.service.name}) "
    for each in reversed(report.service.events[:_EVENTS]):
        yield f"{_moment(each.at, report.at)} {_shortened(each.message.removeprefix(prefix))}"


def _shortened(message: str) -> str:
    """The message without the ids of tasks, if it has several, and with the name of a target group for its ARN."""
    return re.sub(_MANY_TASKS, "", re.sub(_GROUP_ARN, r"\1", message))


def _past(each: PastDeployment, now: datetime) -> str:
    took = (each.finished_at - each.created_at).total_seconds() if each.created_at and each.finished_at else None
    facts = (
        _moment(each.created_at, now) if each.created_at else "",
        each.status,
        revision_name(each.revision),
        f"in {duration(took)}" if took is not None else "",
    )
    return " ".join(filter(None, facts))


def _moment(time: datetime, now: datetime) -> str:
    """The time of day in UTC, with the date if it is not today's."""
    if time.astimezone(UTC).date() == now.astimezone(UTC).date():
        return clock(time)
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"
