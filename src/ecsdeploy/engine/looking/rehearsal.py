"""Reads what a rehearsal of a release needs to know of the live service; makes reads only."""

from __future__ import annotations

from functools import partial

from ecsdeploy.engine.looking.status import reading
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.prepare.announce import refuse_other_account, refuse_without_definition
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import Refused
from ecsdeploy.model.codedeploy import CONTROLLER, Route
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.rehearsal import Ground
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Plan, Register, StartCodeDeploy
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.rehearsing import unplayable, unroutable

_SECONDS = 20.0
"""How long after the start an optional read may begin."""


def playable(run: Run, request: DeployRequest) -> Service:
    """The service; `Refused` if the simulator cannot play a release of it, or if it is in another account."""
    service = run.patience().read(lambda: run.plane.service(request.service))
    refuse_other_account(service.arn, request.expect_account)
    why = unplayable(service)
    if why:
        raise Refused(f"A release of `{service.name}` cannot be rehearsed. {why}")
    refuse_without_definition(service)
    return service


def ground_of(run: Run, request: DeployRequest, service: Service, plan: Plan) -> Ground:
    """What there is to play on. All but the definitions are optional: `unread` says what could not be read."""
    unread = list[str]()
    reads = reading(run.clock, unread, run.clock.monotonic() + _SECONDS)
    before = run.patience().read(lambda: run.plane.definition(service.task_definition))
    check, drain = _balancing(run, reads, service.target_groups)
    return Ground(
        place=Place.of(service.arn, cluster=request.service.short_cluster, service=service.name),
        at=run.clock.now(),
        service=service,
        before=before,
        after=_after(run, request, plan, before),
        route=_route(service, plan),
        starts=_starts(run, reads, request, service),
        check_seconds=check,
        drain_seconds=drain,
        took=reads.ask("how long its releases took", partial(run.plane.durations, request.service)) or (),
        findings=plan.findings,
        unread=tuple(unread),
    )


def _route(service: Service, plan: Plan) -> Route | None:
    """How CodeDeploy would bring the release; `Refused` if that cannot be played."""
    if service.controller != CONTROLLER:
        return None
    route = next((each.route for each in plan.steps if isinstance(each, StartCodeDeploy)), None)
    why = unroutable(route)
    if why:
        raise Refused(f"A release of `{service.name}` cannot be rehearsed. {why}")
    return route


def _after(run: Run, request: DeployRequest, plan: Plan, before: TaskDefinition) -> TaskDefinition:
    """The definition that the deploy would run."""
    registered = next((each.definition for each in plan.steps if isinstance(each, Register)), None)
    if registered is None and request.revision:
        return run.patience().read(lambda: run.plane.definition(request.revision))
    return registered or before


def _starts(run: Run, reads: OptionalReads, request: DeployRequest, service: Service) -> tuple[float, ...]:
    primary = service.primary
    if primary is None:
        return ()
    read = partial(run.plane.tasks_started_by, request.service, primary.id, stopped=False)
    running = reads.ask("tasks that run", read) or ()
    times = ((each.created_at, each.started_at) for each in running)
    return tuple((started - created).total_seconds() for created, started in times if created and started)


def _balancing(run: Run, reads: OptionalReads, groups: tuple[str, ...]) -> tuple[float | None, float | None]:
    """The longest interval of health checks among the target groups, and the longest time to drain."""
    checks = [reads.ask("health checks of target groups", partial(run.plane.health_check, each)) for each in groups]
    around = run.plane.surroundings
    drains = [reads.ask("how long targets drain", partial(around.drain_seconds, each)) for each in groups]
    return (
        max((float(each.interval_seconds) for each in checks if each), default=None),
        max((each for each in drains if each is not None), default=None),
    )
