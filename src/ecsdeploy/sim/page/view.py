"""What the page shows of a world, as plain values.

It reads, changes nothing, and shows only so much of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ecsdeploy.sim.deployments.rollout import current
from ecsdeploy.sim.deployments.staffing import bounds_of
from ecsdeploy.sim.page.timeline import TaskRow, Tick, row_of, ticks_of, window_of
from ecsdeploy.sim.services.replies.service import pending, requested, running
from ecsdeploy.sim.state.health import healthy_count, is_healthy
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Service, ServiceDeployment, Task
from ecsdeploy.sim.world import World

_SERVICES, _TASKS, _EVENTS, _CALLS, _LINES = 8, 24, 12, 10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that was said: seconds since the world began, who said it, what, and whether it is bad."""

    at: float
    who: str
    text: str
    bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A deployment and its service revision. Shares are in per cent. `test` is None without test traffic."""

    id: str
    revision: str
    images: tuple[str, ...]
    status: str
    rollout: str
    desired: int
    running: int
    pending: int
    failed: int
    share: float
    share_of: str
    test: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentView:
    """The newest service deployment. `facts` has pairs of a name and a text."""

    status: str
    strategy: str
    began: float
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    cluster: str
    name: str
    status: str
    desired: int
    running: int
    pending: int
    healthy: int
    lower: int
    upper: int
    revisions: tuple[RevisionRow, ...]
    rollout: DeploymentView | None
    tasks: tuple[TaskRow, ...]
    tasks_hidden: int
    ticks: tuple[Tick, ...]
    events: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The world at one moment. `clock` is in seconds since 1970, `since` in seconds since the world began."""

    scenario: str
    summary: str
    clock: float
    since: float
    services: tuple[ServiceView, ...]
    services_hidden: int
    calls: tuple[Happening, ...]
    lines: tuple[Happening, ...]


def view_of(world: World, chosen: str = "") -> PageView:
    """The services that changed last, in a fixed order. With `chosen`, as `cluster/name`, that one alone."""
    region = world.region
    asked = [s for s in region.services if chosen == f"{s.cluster.name}/{s.name}"]
    newest = sorted(region.services, key=_last_moved, reverse=True)[:_SERVICES]
    shown = asked or sorted(newest, key=lambda service: (service.cluster.name, service.name))
    tasks = _tasks_by_service(region)
    return PageView(
        scenario=world.scenario.name,
        summary=world.scenario.summary,
        clock=region.now,
        since=region.now - world.start,
        services=tuple(_service(world, service, tasks[service.arn]) for service in shown),
        services_hidden=len(region.services) - len(shown),
        calls=_calls(world),
        lines=_lines(world),
    )


def _last_moved(service: Service) -> tuple[float, str]:
    return max([service.created_at, *(at for _, at, _ in islice(reversed(service.events), 1))]), service.name


def _tasks_by_service(region: Region) -> defaultdict[str, list[Task]]:
    found: defaultdict[str, list[Task]] = defaultdict(list)
    for cluster in region.clusters.values():
        for task in cluster.tasks.values():
            if task.service is not None:
                found[task.service.arn].append(task)
    return found


def _service(world: World, service: Service, tasks: Sequence[Task]) -> ServiceView:
    region = world.region
    record = service.history[-1] if service.history else None
    window = window_of(region.now, record.created_at if record else service.created_at)
    visible = [task for task in tasks if task.stopped_at is None or task.stopped_at > window.start]
    visible.sort(key=lambda task: (task.stopped_at is None, task.created_at, task.id))
    shown = sorted(visible[-_TASKS:], key=lambda task: (task.created_at, task.id))
    limits = bounds_of(service)
    return ServiceView(
        cluster=service.cluster.name,
        name=service.name,
        status=service.status,
        desired=service.desired,
        running=sum(map(running, service.deployments)),
        pending=sum(map(pending, service.deployments)),
        healthy=healthy_count(region, service),
        lower=limits.lower,
        upper=limits.upper,
        revisions=tuple(_revision(region, service, deployment) for deployment in service.deployments),
        rollout=_rollout(world, record) if record else None,
        tasks=tuple(row_of(task, window) for task in shown),
        tasks_hidden=len(visible) - len(shown),
        ticks=ticks_of(window, world.start),
        events=_events(world, service),
    )


def _revision(region: Region, service: Service, deployment: Deployment) -> RevisionRow:
    share, share_of, test = _traffic(region, service, deployment)
    definition = deployment.revision.definition
    return RevisionRow(
        id=deployment.id,
        revision=f"{definition.family}:{definition.number}",
        images=tuple(str(container["image"]) for container in definition.containers),
        status=deployment.status,
        rollout=deployment.rollout_state,
        desired=requested(deployment),
        running=running(deployment),
        pending=pending(deployment),
        failed=deployment.failed_tasks,
        share=share,
        share_of=share_of,
        test=test,
    )


def _traffic(region: Region, service: Service, deployment: Deployment) -> tuple[float, str, float | None]:
    """The weights that ECS sets. Where it sets none, traffic goes evenly to the healthy tasks."""
    record = current(service)
    course = record.course if record is not None else None
    if course is not None and course.managed:
        green = deployment is course.green
        share = course.production if green else 100.0 - course.production if deployment is course.blue else 0.0
        test = course.test if green else 100.0 - course.test if deployment is course.blue else 0.0
        return share, "production traffic", test
    healthy = healthy_count(region, service)
    own = sum(is_healthy(task, region.now) for task in deployment.tasks)
    return 100.0 * own / healthy if healthy else 0.0, "healthy tasks", None


def _rollout(world: World, record: ServiceDeployment) -> DeploymentView:
    course = record.course
    facts = {
        "Stage": course.stage if course is not None and not record.ended else None,
        "Circuit breaker": _breaker(record),
        "Alarms": None if record.alarm_status == "DISABLED" else " ".join((record.alarm_status, *record.triggered)),
        "Hooks": ", ".join(f"{run.stage} {run.status}" for run in course.runs[-3:]) if course is not None else None,
        "Reason": record.reason,
    }
    return DeploymentView(
        status=record.status,
        strategy=record.strategy,
        began=record.created_at - world.start,
        facts=tuple((name, text) for name, text in facts.items() if text),
    )


def _breaker(record: ServiceDeployment) -> str | None:
    if record.breaker_status == "DISABLED":
        return None
    return f"{record.breaker_status}, {record.failures} of {record.threshold} failures"


def _events(world: World, service: Service) -> tuple[Happening, ...]:
    """The newest events first, without the service's name before each."""
    newest = islice(reversed(service.events), _EVENTS)
    own = f"(service {service.name}) "
    return tuple(Happening(at=at - world.start, who="", text=text.removeprefix(own)) for _, at, text in newest)


def _calls(world: World) -> tuple[Happening, ...]:
    newest = reversed(world.calls[-_CALLS:])
    return tuple(
        Happening(
            at=call.time - world.start,
            who=call.service,
            text=f"{call.operation} {call.error or ''}".strip(),
            bad=call.error is not None,
        )
        for call in newest
    )


def _lines(world: World) -> tuple[Happening, ...]:
    """The newest log lines of all containers."""
    tails = [
        (at, stream.name, text) for stream in world.region.log_streams.values() for at, text in stream.lines[-_LINES:]
    ]
    newest = sorted(tails, reverse=True)[:_LINES]
    return tuple(Happening(at=at - world.start, who=name, text=text) for at, name, text in newest)
