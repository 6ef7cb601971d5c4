"""The scheduler of BLUE_GREEN, LINEAR and CANARY.

Both revisions run in full until the old one is cleaned up.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
"""

from __future__ import annotations

from ecsdeploy.sim.deployments import breaker, rollout
from ecsdeploy.sim.deployments.staffing import (
    bounds_of,
    fill,
    forget_stopped,
    missing,
    replace_unhealthy,
    room,
    runs,
    scale_in,
    stop_tasks,
    strength,
)
from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.shifting import stages
from ecsdeploy.sim.state.event_texts import say_protected
from ecsdeploy.sim.state.health import is_healthy, note_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Deployment, Service, ServiceDeployment
from ecsdeploy.sim.tasks import hosts
from ecsdeploy.sim.tasks.protection import is_protected


def look(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Look at a service once, while its traffic shifts or shifts back."""
    service.stuck = service.steady = False
    primary = service.primary
    primary.desired, primary.looks = service.desired, primary.looks + 1
    breaker.count(region, service)
    forget_stopped(service)
    if missing(service, primary) > 0 and breaker.is_due(region, service):
        breaker.trip(region, service)
    elif record.status in ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS"):
        _go_on(region, service, record, course)
    else:
        wake(region, service, AFTER_CHANGE)


def _go_on(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Start and stop tasks. Then see whether the present stage has got what it waits for."""
    if not course.entered:
        stages.begin(region, service, record, course)
    changed = _staff(region, service, course) + _dismiss(region, service, course)
    note_health(region, service)
    if course.working and not changed:
        _progress(region, service, record, course)
    _come_back(region, service)


def _staff(region: Region, service: Service, course: Course) -> int:
    """Keep each revision that serves at the desired count. Each has the bounds for itself."""
    changed = 0
    for deployment in _serving(service, course):
        changed += fill(region, service, deployment, room(region, service, deployment.tasks))
        changed += replace_unhealthy(region, service, deployment, room(region, service, deployment.tasks))
        changed += scale_in(region, service, deployment)
    return changed + _replace_evicted(region, service, course)


def _serving(service: Service, course: Course) -> list[Deployment]:
    """The deployments whose tasks must run.

    The old revision runs until it is cleaned up, the new one from SCALE_UP on. In a rollback, the new one runs until it
    is cleaned up.
    """
    blue_stays = course.blue is not None and (course.reversing or not course.cleaning)
    green_stays = not course.cleaning if course.reversing else course.scaled_up
    chosen = [course.blue if blue_stays else None, course.green if green_stays else None]
    return [deployment for deployment in chosen if deployment is not None and deployment in service.deployments]


def _replace_evicted(region: Region, service: Service, course: Course) -> int:
    """Stop evicted tasks, as far as the lower bound of their own revision allows."""
    gone, lower, now = 0, bounds_of(service).lower, region.now
    for deployment in _serving(service, course):
        spare = sum(is_healthy(task, now) for task in deployment.tasks) - lower
        gone += stop_tasks(region, service, hosts.leaving(region, deployment.tasks, spare))
    return gone


def _dismiss(region: Region, service: Service, course: Course) -> int:
    """Stop the tasks of deployments that serve no more. Protected tasks stay until their protection ends."""
    gone = 0
    for deployment in _leaving(service, course):
        wanted = [task for task in deployment.tasks if task.wanted]
        free = [task for task in wanted if not is_protected(task, region.now)]
        if len(free) < len(wanted):
            say_protected(region, service, deployment)
        gone += stop_tasks(region, service, free)
    return gone


def _leaving(service: Service, course: Course) -> list[Deployment]:
    """The deployments whose tasks must stop: in CLEAN_UP all former ones, in RECONCILE_SERVICE all but the one that
    serves.

    RECONCILE_SERVICE brings a service with several ACTIVE revisions back to one, before ECS deploys the next. The
    others leave when the one that serves has all its tasks.
    """
    if course.cleaning and course.working:
        return service.sources
    reconciling = course.working and course.step.stage == "RECONCILE_SERVICE"
    if not reconciling or course.blue is None or strength(course.blue) < service.desired:
        return []
    return [d for d in service.sources if d is not course.blue]


def _progress(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    """Finish a stage that waits for tasks, if they are all there or all gone."""
    match course.step.stage:
        case "SCALE_UP":
            raised = service.primary
            up = sum(is_healthy(task, region.now) for task in raised.tasks)
            done = up == service.desired and missing(service, raised) == 0
        case "RECONCILE_SERVICE":
            others = [d for d in service.sources if d is not course.blue] if course.blue else []
            done = not _run(others) and (course.blue is None or strength(course.blue) == service.desired)
        case _:
            done = not _run(service.sources) and strength(service.primary) == service.desired
    if done:
        _finish(region, service, record, course)


def _run(deployments: list[Deployment]) -> bool:
    return any(runs(task) for deployment in deployments for task in deployment.tasks)


def _finish(region: Region, service: Service, record: ServiceDeployment, course: Course) -> None:
    if course.step.stage == "CLEAN_UP":
        rollout.complete(region, service)
        return
    if course.step.stage == "RECONCILE_SERVICE" and course.blue is not None:
        # It serves alone, with all its tasks: ECS can roll back to it from now on.
        course.blue.rollout_state = "COMPLETED"
        service.last_completed = course.blue
    stages.advance(region, service, record, course)


def _come_back(region: Region, service: Service) -> None:
    """Look again when the gap after a failed launch ends."""
    for deployment in service.deployments:
        if missing(service, deployment) > 0 and region.now < deployment.not_before:
            wake(region, service, deployment.not_before - region.now)
