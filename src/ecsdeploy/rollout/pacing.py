"""When to look again, and what is worth reading then: rarely while nothing can happen, often when it can."""

from __future__ import annotations

from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.state import State

LOOK_EVERY = 5.0
"""Seconds between looks: ECS's scheduler acts about every nine."""
FIRST_LOOKS = (1.0, 2.0, 4.0)
"""The pauses after the first looks of a watch: much may happen at once, or fail at once."""
LOOK_SOON = 1.5
"""Seconds between looks when the end is near: ECS calls a deployment complete about seven after its last task runs."""
NEAR_SECONDS = 20.0
"""How long the end may be near."""
LONGEST_PAUSE = 30.0
"""Seconds between looks that AWS answers with an error, at most."""
LONGEST_UNANSWERED = 8.0
"""The same where nobody answers: a network that comes back is noticed soon, and to ask costs AWS nothing."""
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


def pause(state: State, failures: int, jitter: float, now: float, *, answered: bool = True) -> float:
    """Seconds until the next look; `failures` looks in a row have failed; `jitter` is within [0, 1).

    `answered` says whether the last one got any answer of AWS.

    Backing off with jitter: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """
    if failures:
        longest = LONGEST_PAUSE if answered else LONGEST_UNANSWERED
        return min(longest, LOOK_EVERY * 2.0 ** min(failures - 1, 5)) * (0.75 + 0.25 * jitter)
    every = LOOK_SOON if _is_near_its_end(state, now) else LOOK_EVERY
    return min(every, _first_pause(now - state.started))


def _first_pause(watched: float) -> float:
    """The pause that follows at this time of a watch, as long as it is one of the first."""
    end = 0.0
    for each in FIRST_LOOKS:
        if watched < end + each:
            return each
        end += each
    return LOOK_EVERY


def _is_near_its_end(state: State, now: float) -> bool:
    """All tasks of one side run, none of the other, and that since a moment ago."""
    seen = state.last_seen
    if seen is None or now > state.changed + NEAR_SECONDS:
        return False
    stays, goes = (seen.old, seen.new) if state.phase is Phase.ROLLING_BACK else (seen.new, seen.old)
    return stays.running >= stays.desired > 0 and not (stays.pending or goes.running or goes.pending)


def wants_deployment(state: State, service: Service, read: float | None, now: float) -> bool:
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


def wants_stopped(state: State, service: Service, now: float) -> bool:
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


def hears_trouble(state: State, service: Service) -> bool:
    """Whether a new line of ECS's says what it cannot do.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
    """
    return any("unable" in each.message for each in service.events if each.id not in state.known_events)


def monitor_after(took: float) -> float:
    """Seconds until what stands beside our deployment is read again: reads that are slow hold up what decides."""
    return max(MONITOR_EVERY, MONITOR_SHARE * took)


def wants_tasks(state: State, service: Service, read: float | None, now: float, *, checked: bool) -> bool:
    """Whether the health of our tasks, last read at `read`, decides something: the first one's, or that of all of them.

    `checked` says that containers have health checks.
    """
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or not ours.running:
        return False
    if wants_targets(state, service, checked=checked):
        return read is None or now >= read + TASKS_EVERY
    late = now + LOOK_EVERY > state.deadline
    return checked and state.phase is Phase.STARTING and (read is None or late or now >= read + TASKS_RARELY)


def wants_targets(state: State, service: Service, *, checked: bool) -> bool:
    """Whether all tasks being healthy would end the wait, and more than their number decides that."""
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or ours.running < ours.desired or not (checked or service.target_groups):
        return False
    return state.wait_until is WaitUntil.HEALTHY or (
        state.wait_until is WaitUntil.TRAFFIC and not service.shifts_traffic
    )
