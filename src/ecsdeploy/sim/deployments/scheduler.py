"""The ROLLING scheduler: what it starts and stops at one look, and whether the deployment is complete.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html and, for the bounds,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
"""

from __future__ import annotations

from ecsdeploy.sim.deployments import breaker, completion, rollout
from ecsdeploy.sim.deployments.staffing import (
    bounds_of,
    fill,
    forget_stopped,
    live,
    missing,
    replace_unhealthy,
    room,
    scale_in,
    sources_run,
    stop_tasks,
    strength,
    wind_down,
)
from ecsdeploy.sim.ground.timings import AFTER_CHANGE, EVENT_REPEATS
from ecsdeploy.sim.state.event_texts import DEADLOCK, STEADY, say_again, say_protected
from ecsdeploy.sim.state.health import healthy_count, is_healthy, note_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Service, Task
from ecsdeploy.sim.tasks import hosts
from ecsdeploy.sim.tasks.placing import in_motion, place
from ecsdeploy.sim.tasks.protection import is_protected

_FRESH, _NOTICED = 15.0, 12.0
"""For how many seconds a deployment is new, and after how many the scheduler finds out that its view was old."""


def look(region: Region, service: Service) -> None:
    """Look at a service once."""
    if service.status != "ACTIVE":
        wind_down(region, service)
        return
    service.stuck = False
    primary = service.primary
    primary.desired, primary.looks = service.desired, primary.looks + 1
    breaker.count(region, service)
    forget_stopped(service)
    if missing(service, primary) > 0 and breaker.is_due(region, service):
        breaker.trip(region, service)
    changed = _adjust(region, service, service.primary)
    note_health(region, service)
    if changed:
        service.steady = False
    elif not _finished(region, service):
        _complain(region, service)
    _come_back(region, service)


def _adjust(region: Region, service: Service, primary: Deployment) -> int:
    """Start and stop what the bounds allow. Return how many tasks that concerned."""
    started = _refill_sources(region, service) + fill(region, service, primary, _room(region, service))
    stopped = (
        replace_unhealthy(region, service, primary, _room(region, service))
        + _replace_evicted(region, service)
        + scale_in(region, service, primary)
        + _shrink_sources(region, service)
    )
    return started + stopped


def _room(region: Region, service: Service) -> int:
    """How many tasks may still start under `maximumPercent`, over all revisions together."""
    return room(region, service, service.tasks)


def _refill_sources(region: Region, service: Service) -> int:
    """Start a task of a former revision again if it ended and `minimumHealthyPercent` needs it.

    A raised desired count is met by the new revision alone.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
    """
    source = next((d for d in service.sources if d.rollout_state == "COMPLETED"), None)
    if source is None or region.now < source.not_before or service.primary.rollout_state == "COMPLETED":
        return 0
    now = region.now
    serving = sum(is_healthy(task, now) for task in service.primary.tasks) + sum(map(live, service.sources))
    short = min(bounds_of(service).lower - serving, source.desired - live(source))
    return place(region, service, source, min(short, _room(region, service))) if short > 0 else 0


def _replace_evicted(region: Region, service: Service) -> int:
    """Stop evicted tasks, as far as the lower bound allows."""
    spare = healthy_count(region, service) - bounds_of(service).lower
    return stop_tasks(region, service, hosts.leaving(region, service.tasks, spare))


def _shrink_sources(region: Region, service: Service) -> int:
    """Stop tasks of former deployments, unhealthy ones first, then the oldest.

    The healthy tasks never become fewer than the lower bound.
    """
    if service.primary.rollout_state == "FAILED":
        return 0
    lower, now = bounds_of(service).lower, region.now
    serving = healthy_count(region, service)
    spare = serving - lower
    replacing = sum(map(live, service.sources)) + sum(is_healthy(t, now) for t in service.primary.tasks) - lower
    leaving: list[Task] = []
    for task in _stop_order(region, service):
        if is_protected(task, now) and task.deployment:
            say_protected(region, service, task.deployment)
            continue
        if is_healthy(task, now):
            if spare <= 0:
                continue
            spare -= 1
        elif not task.condemned and replacing <= 0:
            continue
        leaving.append(task)
        replacing -= not task.condemned
        if task.deployment and not task.condemned:
            task.deployment.desired -= 1
    return stop_tasks(region, service, leaving)


def _stop_order(region: Region, service: Service) -> list[Task]:
    now = region.now
    tasks = [task for deployment in service.sources for task in deployment.tasks if task.wanted]
    age = {d.id: d.created_at for d in service.sources}
    return sorted(
        tasks,
        key=lambda t: (is_healthy(t, now), age[t.deployment.id] if t.deployment else 0.0, t.created_at, t.id),
    )


def _finished(region: Region, service: Service) -> bool:
    """Complete the deployment if it is done, or say that the service is steady. False if something is still missing.

    The deployment is done when the desired number of its tasks pass their checks and no former task still runs.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-early-success-criteria.html
    """
    primary, clean = service.primary, not sources_run(service)
    full = strength(primary) == live(primary) == service.desired
    if primary.rollout_state == "IN_PROGRESS":
        return _completed(region, service, full=full, clean=clean)
    if not (full and clean):
        service.steady = False
    elif primary.rollout_state == "COMPLETED" and _news(region, service):
        rollout.reach_steady_state(region, service)
    return full and clean


def _completed(region: Region, service: Service, *, full: bool, clean: bool) -> bool:
    if not completion.is_due(region, service, full=full, clean=clean):
        service.steady = False
        return full and clean
    # Measured: a deployment of no tasks completes at the second look too (14.9 and 19.6 s at desiredCount 0).
    if service.primary.looks > 1:
        completion.complete(region, service, full=full and clean)
    else:
        wake(region, service, AFTER_CHANGE)
    return True


def _news(region: Region, service: Service) -> bool:
    return not service.steady or region.now - service.said.get(STEADY, 0.0) >= EVENT_REPEATS


def _complain(region: Region, service: Service) -> None:
    """Say that nothing can start or stop within the bounds, unless a task that is starting or stopping may help."""
    if service.primary.rollout_state != "IN_PROGRESS" or in_motion(region, service):
        return
    if missing(service, service.primary) > 0 and not _room(region, service):
        service.stuck = True
        say_again(region, service, DEADLOCK)


def _come_back(region: Region, service: Service) -> None:
    """Plan the next look where no task will cause one: a gap ends, or an event repeats."""
    primary = service.primary
    if missing(service, service.primary) > 0 and region.now < primary.not_before:
        wake(region, service, primary.not_before - region.now)
    if service.stuck or service.steady:
        wake(region, service, EVENT_REPEATS)


def start_stale(region: Region, service: Service) -> None:
    """Start one task of the former revision: the scheduler acts on an old view of the service, and soon finds out.

    Measured twice (captures of us-east-1, September 2026, github.com/radkawar/stackd): a desired count that was raised
    within ten seconds after a new deployment started one task of the former revision. It was stopped 9 to 18 seconds
    later.
    """
    former = next((d for d in service.sources if d.rollout_state == "COMPLETED"), None)
    if former is None or region.now - service.primary.created_at > _FRESH:
        return
    if place(region, service, former, 1):
        task = former.tasks[-1]
        region.clock.after(_NOTICED, lambda: _stop_stale(region, service, task))


def _stop_stale(region: Region, service: Service, task: Task) -> None:
    if task.wanted:
        stop_tasks(region, service, [task])
