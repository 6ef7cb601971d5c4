"""Decides what one poll reads beside the service: only what may decide something at that moment."""

from __future__ import annotations

from math import inf

from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import value
from ecsdeploy.rollout.pacing import LOOK_EVERY
from ecsdeploy.rollout.state import State

DEPLOYMENT_EVERY = 20.0
"""Seconds until the service deployment is read again if it tells more than the list: stages, weights or hooks."""
DEPLOYMENT_RARELY = 40.0
"""The same if `Service.deployments` tells nearly all."""
LISTED_WITHIN = 10.0
"""Seconds after which we read the service deployment of ours if the list does not show ours: it may have ended."""
TASKS_EVERY = 8.0
"""Seconds until tasks are read again if their health may end the watch."""
TASKS_RARELY = 15.0
"""The same if we only tell that the first one is healthy."""
MONITOR_EVERY = 10.0
"""Seconds until target groups and alarms are read again for whoever looks on."""
MONITOR_SHARE = 20.0
"""These reads rest at least so many times as long as they took, so that slow ones do not hold up the watch."""
STOPPED_SECONDS = 30.0
"""How long we look for stopped tasks that ECS has counted as failed and does not list yet."""


@value(frozen=True, slots=True, kw_only=True)
class LastReads:
    """When each was last read, in seconds of the clock; None if it was not."""

    deployment_at: float | None = None
    """Our service deployment, if AWS answered."""
    tasks_at: float | None = None
    """Our running tasks; None also if a part of them was read, so that the next poll goes on with it."""
    stopped_begun: bool = False
    """Whether a part of our stopped tasks was read, so that the next poll goes on with it."""
    beside_due: float = inf
    """When target groups and alarms are to be read again for whoever looks on; infinite if nobody does."""


@value(frozen=True, slots=True, kw_only=True)
class PlannedReads:
    """What one poll reads beside the service."""

    is_over: bool = False
    """Whether the service itself shows that our deployment is complete: then no other read adds anything."""
    deployment: bool = False
    """Our service deployment."""
    tasks: bool = False
    """Our running tasks, for their health."""
    targets: bool = False
    """The health of their targets, after the tasks."""
    stopped: bool = False
    """Our stopped tasks, which we then judge."""
    lines: bool = False
    """No read: judge ECS's new events, with the stopped tasks that are known."""
    beside: bool = False
    """Target groups and alarms, for whoever looks on."""


def plan_reads(state: State, service: Service, last: LastReads, now: float, *, checked: bool) -> PlannedReads:
    """What the poll that has read this `service` is to read beside it. `checked`: a container has a health check."""
    ours = service.deployment(state.handle.deployment_id)
    if ours is not None and ours is service.primary and ours.is_complete:
        return PlannedReads(is_over=True)
    tasks = _wants_tasks(state, service, last.tasks_at, now, checked=checked)
    return PlannedReads(
        deployment=_wants_deployment(state, service, last.deployment_at, now),
        tasks=tasks,
        targets=tasks and _wants_targets(state, service, checked=checked),
        stopped=last.stopped_begun or _wants_stopped(state, service, now),
        lines=_has_trouble(state, service),
        beside=now >= last.beside_due,
    )


def _wants_deployment(state: State, service: Service, read: float | None, now: float) -> bool:
    """Whether the service deployment, last read at `read`, may say more than the list of deployments."""
    ours, seen = service.deployment(state.handle.deployment_id), state.last_seen
    if not state.seen:
        return now >= state.phase_began + LISTED_WITHIN
    if read is None or seen is None or ours is None:
        return True
    if state.phase is Phase.ROLLING_BACK:
        moves = service.primary is not None and service.primary.is_in_progress
        return not moves or service.primary is ours or now >= read + DEPLOYMENT_EVERY
    plain = service.primary is ours and ours.is_in_progress and ours.failed == seen.new.failed
    staged = service.shifts_traffic
    if not plain or (staged and (not seen.stage or state.wait_until is WaitUntil.TRAFFIC)):
        return True
    return now >= read + (DEPLOYMENT_EVERY if staged or service.ends_early else DEPLOYMENT_RARELY)


def _wants_stopped(state: State, service: Service, now: float) -> bool:
    """Whether a task of ours may have stopped that was not judged yet.

    Then ECS's counter of failed tasks has grown, or fewer tasks are alive than at the last look. The list of stopped
    tasks lags behind the counter, so we look again for a while.
    """
    ours, seen = service.deployment(state.handle.deployment_id), state.last_seen
    if ours is None or seen is None or state.judgement.any_healthy or state.phase is Phase.ROLLING_BACK:
        return False
    fewer = ours.running + ours.pending < seen.new.running + seen.new.pending
    grew = ours.failed > seen.new.failed
    lags = ours.failed > len(state.judgement.stopped) and now <= state.changed + STOPPED_SECONDS
    return fewer or grew or lags


def _has_trouble(state: State, service: Service) -> bool:
    """Whether a new event of ECS says what it is unable to do.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
    """
    return any("unable" in each.message for each in service.events if each.id not in state.known_events)


def _wants_tasks(state: State, service: Service, read: float | None, now: float, *, checked: bool) -> bool:
    """Whether the health of our tasks, last read at `read`, may decide something now.

    The health of all of them may end the watch, and that of the first one is told. `checked`: a container has a health
    check.
    """
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or not ours.running:
        return False
    if _wants_targets(state, service, checked=checked):
        return read is None or now >= read + TASKS_EVERY
    late = now + LOOK_EVERY > state.deadline
    return checked and state.phase is Phase.STARTING and (read is None or late or now >= read + TASKS_RARELY)


def _wants_targets(state: State, service: Service, *, checked: bool) -> bool:
    """Whether the watch ends once all tasks are healthy, all of them run, and something checks their health."""
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or ours.running < ours.desired or not (checked or service.target_groups):
        return False
    return state.wait_until is WaitUntil.HEALTHY or (
        state.wait_until is WaitUntil.TRAFFIC and not service.shifts_traffic
    )


def monitor_after(took: float) -> float:
    """Seconds until target groups and alarms are read again, after reads that `took` so many seconds."""
    return max(MONITOR_EVERY, MONITOR_SHARE * took)
