"""What one poll reads beside the service: no more than may decide something at that moment."""

from __future__ import annotations

from math import inf

from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import value
from ecsdeploy.rollout.pacing import LOOK_EVERY
from ecsdeploy.rollout.state import State

DEPLOYMENT_EVERY = 20.0
"""Seconds after which the service deployment is read again where it has its own story: stages, weights, hooks."""
DEPLOYMENT_RARELY = 40.0
"""The same where `Service.deployments` tells nearly all."""
LISTED_WITHIN = 10.0
"""Seconds after which a deployment that no list shows may have ended between two looks: its own record says."""
TASKS_EVERY = 8.0
"""Seconds after which tasks are read again whose health would end the wait."""
TASKS_RARELY = 15.0
"""The same where the first one's health is only told."""
MONITOR_EVERY = 10.0
"""Seconds after which target groups and alarms are read again for whoever looks on."""
MONITOR_SHARE = 20.0
"""So many times as long as that took, at least."""
STOPPED_SECONDS = 30.0
"""How long stopped tasks are looked for that ECS has counted and does not list yet."""


@value(frozen=True, slots=True, kw_only=True)
class LastReads:
    """When each was read last, in seconds of the clock; None while it was not."""

    deployment_at: float | None = None
    """Our service deployment, as far as there was an answer."""
    tasks_at: float | None = None
    """Our tasks that run; None also where a part was read, and the next poll is to go on with it."""
    stopped_begun: bool = False
    """A part of our stopped tasks was read: the next poll is to go on with it."""
    beside_due: float = inf
    """When what stands beside our deployment is to be read again for whoever looks on."""


@value(frozen=True, slots=True, kw_only=True)
class PlannedReads:
    """What one poll reads beside the service."""

    is_over: bool = False
    """The service itself shows our deployment complete: nothing that is read, or was, adds anything to that."""
    deployment: bool = False
    """Our service deployment."""
    tasks: bool = False
    """Our tasks that run, for their health."""
    targets: bool = False
    """The health of their targets too, once the tasks are read."""
    stopped: bool = False
    """Our stopped tasks, which are then judged."""
    lines: bool = False
    """ECS's new lines are judged, with the stopped tasks that are known."""
    beside: bool = False
    """Target groups and alarms, for whoever looks on."""


def plan_reads(state: State, service: Service, last: LastReads, now: float, *, checked: bool) -> PlannedReads:
    """Decide it for the poll that found this `service`. `checked` says that containers have health checks."""
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
    """Whether the service deployment, last read at `read`, may say what the list of deployments does not."""
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

    ECS's counter of failures grows, or fewer tasks are alive than a look ago; lists lag behind counters.
    """
    ours, seen = service.deployment(state.handle.deployment_id), state.last_seen
    if ours is None or seen is None or state.judgement.any_healthy or state.phase is Phase.ROLLING_BACK:
        return False
    fewer = ours.running + ours.pending < seen.new.running + seen.new.pending
    grew = ours.failed > seen.new.failed
    lags = ours.failed > len(state.judgement.stopped) and now <= state.changed + STOPPED_SECONDS
    return fewer or grew or lags


def _has_trouble(state: State, service: Service) -> bool:
    """Whether a new line of ECS's says what it cannot do.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
    """
    return any("unable" in each.message for each in service.events if each.id not in state.known_events)


def _wants_tasks(state: State, service: Service, read: float | None, now: float, *, checked: bool) -> bool:
    """Whether the health of our tasks, last read at `read`, decides something: the first one's, or that of all of them.

    `checked` says that containers have health checks.
    """
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or not ours.running:
        return False
    if _wants_targets(state, service, checked=checked):
        return read is None or now >= read + TASKS_EVERY
    late = now + LOOK_EVERY > state.deadline
    return checked and state.phase is Phase.STARTING and (read is None or late or now >= read + TASKS_RARELY)


def _wants_targets(state: State, service: Service, *, checked: bool) -> bool:
    """Whether all tasks being healthy would end the wait, and more than their number decides that."""
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or ours.running < ours.desired or not (checked or service.target_groups):
        return False
    return state.wait_until is WaitUntil.HEALTHY or (
        state.wait_until is WaitUntil.TRAFFIC and not service.shifts_traffic
    )


def monitor_after(took: float) -> float:
    """Seconds until what stands beside our deployment is read again: reads that are slow hold up what decides."""
    return max(MONITOR_EVERY, MONITOR_SHARE * took)
