"""Finds the deployment group of a service, and the AppSpec that its last good deployment was made with."""

from __future__ import annotations

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsRefused, EcsDeployError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import CodeDeployWish
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import replace
from ecsdeploy.plan.codedeploy import keeps_appspec, loses_capacity

_NONE = CodeDeployWish()
BRIEF_SECONDS = 10.0
"""So long the AppSpec is asked for on the way back."""


def routes(run: Run, ref: ServiceRef, service: Service, wish: CodeDeployWish = _NONE) -> tuple[Route, ...]:
    """The groups that are for the service, and have the names wished for.

    The only one has its AppSpec, so that its hooks run this time too, or the one wished for.
    """
    found = run.patience().read(lambda: run.plane.codedeploy.routes(ref))
    found = tuple(each for each in found if _is_meant(each, wish))
    if len(found) != 1:
        return found
    route = replace(_of_service(found[0], service), configuration=wish.configuration, description=wish.description)
    return (replace(route, appspec=wish.appspec) if wish.appspec else _with_appspec(run, route),)


def _is_meant(route: Route, wish: CodeDeployWish) -> bool:
    return wish.application in ("", route.application) and wish.group in ("", route.group)


def with_wait(service: Service, found: tuple[Route, ...]) -> Service:
    """The service with the group's wait time, which a deployment needs like the bake time of ECS's own."""
    wait = max((each.wait_seconds for each in found), default=0)
    return replace(service, settings=replace(service.settings, bake_seconds=wait))


def _of_service(route: Route, service: Service) -> Route:
    """What an AppSpec needs: where the load balancer sends requests, the platform, and the capacity providers."""
    settings = service.settings
    route = replace(route, capacity=settings.capacity)
    if not settings.balanced:
        return route
    first = settings.balanced[0]
    return replace(route, container=first.container, port=first.port, platform_version=settings.platform_version)


def _with_appspec(run: Run, route: Route) -> Route:
    """Hooks that would be left out are told: they may be what a release is tested by."""
    if not route.newest_good:
        return route
    plane, reads = run.plane.codedeploy, _appspec_reads(run, route)
    last = reads.ask("deployment", lambda: plane.deployment(route.newest_good))
    appspec = reads.ask("appspec", lambda: plane.appspec(last)) if last else None
    if appspec is None:
        return route
    known = replace(route, appspec=appspec)
    if keeps_appspec(known):
        if loses_capacity(known):
            run.emit.warn_once("W-CAPACITY-LOST", route.newest_good)
        return known
    run.emit.warn_once("W-APPSPEC-NOT-KEPT", route.newest_good, "it is not of a form that can be edited")
    return route


def _appspec_reads(run: Run, route: Route) -> OptionalReads:
    """Before a release an answer is worth the wait; a way back does not end for want of it."""

    def note(_what: str, error: EcsDeployError | None) -> None:
        run.emit.warn_once("W-APPSPEC-NOT-KEPT", route.newest_good, error.message if error else "")

    if run.progress.phase is not Phase.PLANNING:
        return OptionalReads(clock=run.clock, again=BRIEF_SECONDS, note=note)
    spares = (AwsRefused, NoSuchResource)
    return OptionalReads(clock=run.clock, again=run.patience().left, spares=spares, note=note, notice=run.notice)
