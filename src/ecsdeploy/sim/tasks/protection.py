"""Task scale-in protection: tasks that neither a smaller desired count nor a deployment may stop.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.state.health import is_up
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service, Task

MINUTES = 120


def is_protected(task: Task, now: float) -> bool:
    """Whether the task is protected now. Protection does not keep an unhealthy task."""
    return now < task.protected_until and not task.condemned


def protect(region: Region, task: Task, minutes: float) -> None:
    """Protect a task for `minutes` from now on. An earlier end of its protection is forgotten."""
    task.protected_until = region.now + minutes * 60
    _look_at(region, task, task.protected_until)


def unprotect(region: Region, task: Task) -> None:
    """End the protection of a task now."""
    task.protected_until = 0.0
    _look_at(region, task, region.now)


def _look_at(region: Region, task: Task, when: float) -> None:
    service = task.service
    if service is not None:
        region.clock.at(when, lambda: wake(region, service, AFTER_CHANGE))


def protect_some(region: Region, service: Service, count: int) -> None:
    """Protect the oldest tasks of a service, as their own code would do through the agent's endpoint."""
    wanted = sorted((t for t in service.tasks if t.wanted), key=lambda t: (t.created_at, t.id))
    for task in wanted[:count]:
        protect(region, task, MINUTES)


def is_blocking(service: Service, task: Task) -> bool:
    """Whether the deployment waits for nothing but protected tasks of former deployments, this one among them.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html (DEPLOYMENT_BLOCKED)
    """
    primary = service.primary
    if primary.rollout_state != "IN_PROGRESS" or task.deployment is primary:
        return False
    return sum(map(is_up, primary.tasks)) >= service.desired
