"""Which deployment of a service somebody means who has not begun it: often, but not always, the primary one."""

from __future__ import annotations

from ecsdeploy.engine.pastgood import recent
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.plan.which import Begun, begun, stood


def find_deployment_of(run: Run, ref: ServiceRef, service: Service, wanted: str) -> Begun | None:
    """The deployment named, listed or past, else the newest one.

    Once ECS takes the newest one back, the one before it is primary again: a watch of that would end well.
    """
    listed = service.deployment(wanted) if wanted else None
    if listed is not None and not listed.is_complete:
        return begun(listed, ())
    history = recent(run, ref)
    found = listed or (_past(history, wanted) if wanted else _newest(service, history))
    return begun(found, history) if found else None


def _past(history: tuple[PastDeployment, ...], wanted: str) -> Deployment | None:
    return next((stood(each) for each in history if each.deployment_id == wanted and each.revision), None)


def _newest(service: Service, history: tuple[PastDeployment, ...]) -> Deployment | None:
    newest = next(iter(history), None)
    if newest is None:
        return service.taken_back or service.primary
    if not newest.is_taken_back:
        return service.primary
    listed = service.deployment(newest.deployment_id)
    return listed or (stood(newest) if newest.revision else service.primary)
