"""Which deployment of a service somebody means who has not begun it: often, but not always, the primary one."""

from ecsdeploy.engine.pastgood import recent
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.service import Deployment, PastDeployment, Service
from ecsdeploy.model.statuses import TAKEN_BACK
from ecsdeploy.plan.running import taken_back


def find_deployment_of(run: Run, ref: ServiceRef, service: Service, wanted: str) -> Deployment | None:
    """The deployment named, listed or past, else the newest one.

    Once ECS takes the newest one back, the one before it is primary again: a watch of that would end well.
    """
    if wanted and (listed := service.deployment(wanted)):
        return listed
    history = recent(run, ref)
    if wanted:
        return next((_stood(each) for each in history if each.deployment_id == wanted and each.revision), None)
    newest = next(iter(history), None)
    if newest is None:
        return taken_back(service) or service.primary
    if newest.status not in TAKEN_BACK:
        return service.primary
    listed = service.deployment(newest.deployment_id)
    return listed or (_stood(newest) if newest.revision else service.primary)


def _stood(past: PastDeployment) -> Deployment:
    """A deployment that is no longer listed."""
    return Deployment(
        id=past.deployment_id, status=past.status, task_definition=past.revision, created_at=past.created_at
    )
