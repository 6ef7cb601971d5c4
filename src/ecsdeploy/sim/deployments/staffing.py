"""One deployment kept at its number of tasks: what is missing is started, what is unhealthy replaced, surplus stopped.

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
    """How many tasks may exist at most, and how many must be healthy at least."""

    lower: int
    upper: int


def bounds(desired: int, minimum_percent: float, maximum_percent: float) -> Bounds:
    """Rounded up below, rounded down above."""
    return Bounds(lower=ceil(desired * minimum_percent / 100), upper=floor(desired * maximum_percent / 100))


def bounds_of(service: Service) -> Bounds:
    configuration = service.settings["deploymentConfiguration"]
    return bounds(service.desired, configuration["minimumHealthyPercent"], configuration["maximumPercent"])


def room(region: Region, service: Service, tasks: Sequence[Task]) -> int:
    """Places under the upper bound that `tasks` leave; those that are stopping still take one, unless switched off."""
    stopping_counts = region.switches.stopping_counts
    occupied = sum(t.stopped_at is None and (stopping_counts or t.wanted or t.failed) for t in tasks)
    return max(0, bounds_of(service).upper - occupied)


def live(deployment: Deployment) -> int:
    """Tasks that hold a place: one that failed keeps its place until it is STOPPED, one that is condemned does not."""
    return sum(t.stopped_at is None and (t.wanted or t.failed) and not _is_going(t) for t in deployment.tasks)


def _is_going(task: Task) -> bool:
    """Whether it is to be replaced: for its health, or because its host is wanted back."""
    return bool(task.condemned) or task.evicted


def missing(service: Service, deployment: Deployment) -> int:
    return service.desired - live(deployment)


def strength(deployment: Deployment) -> int:
    """Tasks that pass whatever checks they have, and are to stay."""
    return sum(is_up(task) and not task.evicted for task in deployment.tasks)


def forget_stopped(service: Service) -> None:
    """Drop what has ended from the books, and former deployments that have nothing left and nobody goes back to."""
    for deployment in service.deployments:
        deployment.tasks = [t for t in deployment.tasks if t.stopped_at is None or (t.failed and not t.counted)]
    service.deployments[1:] = [d for d in service.sources if d.tasks or d is service.last_completed]


def sources_run(service: Service) -> bool:
    """Whether a former deployment still has a process that runs."""
    return any(runs(task) for deployment in service.sources for task in deployment.tasks)


def runs(task: Task) -> bool:
    return task.last_status not in ("DEPROVISIONING", "STOPPED")


def fill(region: Region, service: Service, deployment: Deployment, places: int) -> int:
    """Start what is missing, as far as there are places."""
    lacking = missing(service, deployment)
    if lacking <= 0 or deployment.rollout_state == "FAILED" or region.now < deployment.not_before:
        return 0
    return place(region, service, deployment, allowed(region, deployment, min(lacking, places)))


def replace_unhealthy(region: Region, service: Service, deployment: Deployment, places: int) -> int:
    """Unhealthy tasks go when their replacements are healthy, or one at a time where there is no room for one."""
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
    """Tasks beyond the desired count go: pending before running, unhealthy before healthy, older before newer."""
    surplus = live(deployment) - service.desired
    if surplus <= 0:
        return 0
    wanted = [task for task in deployment.tasks if task.wanted and not _is_going(task)]
    candidates = [task for task in wanted if not is_protected(task, region.now)]
    if len(candidates) < min(surplus, len(wanted)):
        say_protected(region, service, deployment)
    now = region.now
    candidates.sort(key=lambda t: (t.last_status == "RUNNING", is_healthy(t, now), t.created_at, t.id))
    return stop_tasks(region, service, candidates[:surplus])


def wind_down(region: Region, service: Service) -> None:
    """A deleted service stops its tasks and is INACTIVE when the last is gone."""
    stop_tasks(region, service, [task for task in service.tasks if task.wanted])
    forget_stopped(service)
    if not service.tasks and service.status == "DRAINING":
        service.status = "INACTIVE"
        service.deployments[1:] = []


def stop_tasks(region: Region, service: Service, tasks: list[Task]) -> int:
    """The scheduler's own stop of tasks; how many there were."""
    if tasks:
        say_stopped(region, service, tasks)
        ending.stop_all(region, service, tasks)
    return len(tasks)
