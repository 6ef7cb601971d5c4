"""Reads what a plan rests on; writes nothing."""

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import AwsError, NoSuchResource
from ecsdeploy.model.request import DeployRequest, FromFile, FromRunning, RegisterRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.facts import Facts


def gather_service(plane: ControlPlane, patience: Patience, request: DeployRequest) -> Service:
    return patience.read(lambda: plane.service(request.service))


def gather_definition(
    plane: ControlPlane, patience: Patience, request: DeployRequest | RegisterRequest, current: str
) -> Facts:
    """The definition that the edits start from. `current` is what the service runs, or what `-d` named.

    A forced deployment edits nothing: then it is what its tasks are judged by.
    """
    if isinstance(request, DeployRequest) and request.force:
        return Facts(base=patience.read(lambda: plane.definition(current)), current=current)
    if isinstance(request, DeployRequest) and request.revision:
        return Facts(base=patience.read(lambda: plane.definition(request.revision)), current=current)
    if isinstance(request.base, FromFile):
        return Facts(base=request.base.definition, current=current)
    if isinstance(request, DeployRequest) and request.preflight and request.base is FromRunning.RUNNING:
        newest = _newest(plane, request, current)
        if newest is None or newest.arn != current:
            base = patience.read(lambda: plane.definition(current, tags=request.copy_tags))
            return Facts(base=base, current=base.arn, newest=newest)
        return Facts(base=newest, current=current, newest=newest)
    name = _family(current) if request.base is FromRunning.LATEST else current
    base = patience.read(lambda: plane.definition(name, tags=request.copy_tags))
    return Facts(base=base, current=base.arn)


def _newest(plane: ControlPlane, request: DeployRequest, current: str) -> TaskDefinition | None:
    """Nearly always it is the one in use, so that one question answers two; what is unknown is asked for later."""
    try:
        return plane.definition(_family(current), tags=request.copy_tags)
    except (AwsError, NoSuchResource):
        return None


def _family(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(":", 1)[0]
