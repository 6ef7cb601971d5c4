"""When a task counts as healthy.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html and, for containers,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import HEALTHY_UNCHECKED
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service, Task

_PRECEDENCE = ("UNHEALTHY", "UNKNOWN", "HEALTHY")


def task_health(task: Task) -> str:
    """The `healthStatus` of a task, from its essential containers that have a health check.

    One UNHEALTHY container makes the task UNHEALTHY. Else one UNKNOWN container makes it UNKNOWN. Else it is HEALTHY.
    """
    states = {c.health for c in task.containers if c.essential and c.checked}
    return next((state for state in _PRECEDENCE if state in states), "UNKNOWN")


def is_up(task: Task) -> bool:
    """Whether a task is RUNNING, is to stay, and passes the checks that it has. ECS asks for this before it
    completes.
    """
    if task.last_status != "RUNNING" or not task.wanted or task.condemned:
        return False
    if task.checked and task.health != "HEALTHY":
        return False
    return not balanced(task) or _in_service(task)


def is_healthy(task: Task, now: float) -> bool:
    """Whether a task counts for `minimumHealthyPercent`.

    It must be up. If neither a health check nor a load balancer checks it, it must have been RUNNING for 40 seconds.
    """
    if not is_up(task):
        return False
    if task.checked or balanced(task):
        return True
    return task.started_at is not None and now - task.started_at >= HEALTHY_UNCHECKED


def balanced(task: Task) -> bool:
    """Whether the task's service has a load balancer, which then checks the task."""
    return task.service is not None and bool(task.settings.get("loadBalancers"))


def healthy_count(region: Region, service: Service) -> int:
    now = region.now
    return sum(is_healthy(task, now) for task in service.tasks)


def note_health(region: Region, service: Service) -> None:
    """Count the healthy tasks, once, after everything else of this moment, and remember the lowest number ever.

    Thousands of tasks may end in one moment. To count them after each would take minutes.
    """
    if not service.to_be_counted:
        service.to_be_counted = True
        region.clock.after(0, lambda: count_now(region, service))


def count_now(region: Region, service: Service) -> None:
    """Count the healthy tasks now, and remember the lowest number."""
    service.to_be_counted = False
    service.lowest_healthy = min(service.lowest_healthy, healthy_count(region, service))


def _in_service(task: Task) -> bool:
    return bool(task.targets) and all(target.state == "healthy" for target in task.targets)
