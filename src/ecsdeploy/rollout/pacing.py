"""When to look again, and what is worth reading then."""

from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.machine import State

LOOK_EVERY = 5.0
"""Seconds between looks: ECS's scheduler acts about every nine."""
LONGEST_PAUSE = 30.0
"""Seconds between looks that fail, at most."""


def pause(failures: int, jitter: float) -> float:
    """Seconds until the next look; `failures` looks in a row have failed; `jitter` is within [0, 1).

    Backing off with jitter: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """
    if not failures:
        return LOOK_EVERY
    return min(LONGEST_PAUSE, LOOK_EVERY * 2.0 ** min(failures - 1, 5)) * (0.75 + 0.25 * jitter)


def wants_tasks(state: State, service: Service, *, checked: bool) -> bool:
    """Whether the health of our tasks decides something now: the first one's, or that of all of them.

    `checked` says that containers have health checks.
    """
    ours = service.deployment(state.handle.deployment_id)
    if ours is None or not ours.running:
        return False
    return (checked and state.phase is Phase.STARTING) or wants_targets(state, service, checked=checked)


def wants_targets(state: State, service: Service, *, checked: bool) -> bool:
    """Whether all tasks being healthy would end the wait, and more than their number decides that."""
    ours = service.deployment(state.handle.deployment_id)
    if state.wait_until is not WaitUntil.HEALTHY or ours is None or ours.running < ours.desired:
        return False
    return checked or bool(service.target_groups)
