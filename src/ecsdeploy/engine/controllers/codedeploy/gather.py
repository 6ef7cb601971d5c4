"""Finds the deployment group of a service, and the AppSpec of its last successful deployment."""

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
"""How long the read of the AppSpec is repeated during a rollback."""


def routes(run: Run, ref: ServiceRef, service: Service, wish: CodeDeployWish = _NONE) -> tuple[Route, ...]:
    """The deployment groups of the service that have the names of `wish`.

    If there is one, it gets the AppSpec of `wish`, else that of its last successful deployment, with the same hooks.
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
    """The service with the group's wait time as its bake time: both extend a deployment at its end."""
    wait = max((each.wait_seconds for each in found), default=0)
    return replace(service, settings=replace(service.settings, bake_seconds=wait))


def _of_service(route: Route, service: Service) -> Route:
    """The group with what an AppSpec needs of the service: container, port, platform and capacity providers."""
    settings = service.settings
    route = replace(route, capacity=settings.capacity)
    if not settings.balanced:
        return route
    first = settings.balanced[0]
    return replace(route, container=first.container, port=first.port, platform_version=settings.platform_version)


def _with_appspec(run: Run, route: Route) -> Route:
    """The group with the AppSpec of its last successful deployment.

    If we cannot keep that AppSpec, we warn: its hooks, which may test a release, do not run then.
    """
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
    """The reads of the AppSpec: before a release we wait for them, and AWS must answer; a rollback goes on without."""

    def note(_what: str, error: EcsDeployError | None) -> None:
        run.emit.warn_once("W-APPSPEC-NOT-KEPT", route.newest_good, error.message if error else "")

    if run.progress.phase is not Phase.PLANNING:
        return OptionalReads(clock=run.clock, again=BRIEF_SECONDS, note=note)
    spares = (AwsRefused, NoSuchResource)
    return OptionalReads(clock=run.clock, again=run.patience().left, spares=spares, note=note, notice=run.notice)
