"""How the scheduler keeps one deployment at its number of tasks: it starts, replaces and stops tasks.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html and, for the bounds,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from ecsdeploy.sim.deployments import breaker
from ecsdeploy.sim.state.event_texts import say_protected, say_stopped
from ecsdeploy.sim.state.health import is_healthy, is_up
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Service, Task
from ecsdeploy.sim.tasks import ending
from ecsdeploy.sim.tasks.digests import allowed
from ecsdeploy.sim.tasks.placing import place
from ecsdeploy.sim.tasks.protection import is_protected


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many tasks must be healthy at least, and how many may exist at most."""

    lower: int
    upper: int


def bounds(desired: int, minimum_percent: float, maximum_percent: float) -> Bounds:
    """The bounds from the two per cents. The lower one is rounded up, the upper one down."""
    return Bounds(lower=ceil(desired * minimum_percent / 100), upper=floor(desired * maximum_percent / 100))


def bounds_of(service: Service) -> Bounds:
    """The bounds of a service, from its deployment configuration."""
    configuration = service.settings["deploymentConfiguration"]
    return bounds(service.desired, configuration["minimumHealthyPercent"], configuration["maximumPercent"])


def room(region: Region, service: Service, tasks: Sequence[Task]) -> int:
    """How many tasks may still start beside `tasks`. Tasks that are stopping count, under the switch
    `stopping_counts`.
    """
    stopping_counts = region.switches.stopping_counts
    occupied = sum(t.stopped_at is None and (stopping_counts or t.wanted or t.failed) for t in tasks)
    return max(0, bounds_of(service).upper - occupied)


def live(deployment: Deployment) -> int:
    """How many tasks a deployment has or is getting.

    A failed task counts until it is STOPPED. A task that is to be replaced does not count.
    """
    return sum(t.stopped_at is None and (t.wanted or t.failed) and not is_going(t) for t in deployment.tasks)


def is_going(task: Task) -> bool:
    """Whether a task is to be replaced: it is unhealthy, or AWS wants its host back."""
    return bool(task.condemned) or task.evicted


def missing(service: Service, deployment: Deployment) -> int:
    """How many tasks the deployment lacks. Negative if it has too many."""
    return service.desired - live(deployment)


def strength(deployment: Deployment) -> int:
    """How many tasks pass their checks and are to stay."""
    return sum(is_up(task) and not task.evicted for task in deployment.tasks)


def forget_stopped(service: Service) -> None:
    """Remove stopped tasks from their deployments, and former deployments without tasks.

    The deployment that ECS would roll back to stays.
    """
    for deployment in service.deployments:
        deployment.tasks = [t for t in deployment.tasks if t.stopped_at is None or (t.failed and not t.counted)]
    service.deployments[1:] = [d for d in service.sources if d.tasks or d is service.last_completed]


def sources_run(service: Service) -> bool:
    """Whether a process of a former deployment still runs."""
    return any(runs(task) for deployment in service.sources for task in deployment.tasks)


def runs(task: Task) -> bool:
    """Whether a process of the task still runs."""
    return task.last_status not in ("DEPROVISIONING", "STOPPED")


def fill(region: Region, service: Service, deployment: Deployment, places: int) -> int:
    """Start the missing tasks, up to `places`. Return how many have started."""
    lacking = missing(service, deployment)
    if lacking <= 0 or deployment.rollout_state == "FAILED" or region.now < deployment.not_before:
        return 0
    return place(region, service, deployment, allowed(region, deployment, min(lacking, places)))


def replace_unhealthy(region: Region, service: Service, deployment: Deployment, places: int) -> int:
    """Stop unhealthy tasks whose replacements are healthy. Return how many.

    If there is no room for a replacement, stop one unhealthy task at a time.
    """
    condemned = [task for task in deployment.tasks if task.condemned and task.wanted]
    if not condemned:
        return 0
    if sum(map(is_up, deployment.tasks)) >= service.desired:
        leaving = condemned
    elif missing(service, deployment) > 0 and not places and not _being_replaced(deployment):
        leaving = condemned[:1]
    else:
        return 0
    for task in leaving:
        breaker.count_replaced(deployment, task)
    breaker.show(region, service)
    return stop_tasks(region, service, leaving)


def _being_replaced(deployment: Deployment) -> bool:
    return any(task.condemned and not task.wanted and task.stopped_at is None for task in deployment.tasks)


def scale_in(region: Region, service: Service, deployment: Deployment) -> int:
    """Stop the tasks beyond the desired count. Return how many.

    Pending tasks go before running ones, unhealthy before healthy, older before newer.
    """
    surplus = live(deployment) - service.desired
    if surplus <= 0:
        return 0
    wanted = [task for task in deployment.tasks if task.wanted and not is_going(task)]
    candidates = [task for task in wanted if not is_protected(task, region.now)]
    if len(candidates) < min(surplus, len(wanted)):
        say_protected(region, service, deployment)
    now = region.now
    candidates.sort(key=lambda t: (t.last_status == "RUNNING", is_healthy(t, now), t.created_at, t.id))
    return stop_tasks(region, service, candidates[:surplus])


def wind_down(region: Region, service: Service) -> None:
    """Stop the tasks of a deleted service. It is INACTIVE when the last one is gone."""
    stop_tasks(region, service, [task for task in service.tasks if task.wanted])
    forget_stopped(service)
    if not service.tasks and service.status == "DRAINING":
        service.status = "INACTIVE"
        service.deployments[1:] = []


def stop_tasks(region: Region, service: Service, tasks: list[Task]) -> int:
    """Stop tasks for the scheduler, with an event. Return how many."""
    if tasks:
        say_stopped(region, service, tasks)
        ending.stop_all(region, service, tasks)
    return len(tasks)
