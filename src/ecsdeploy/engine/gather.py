"""Reads what a plan rests on; writes nothing."""

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.model.request import DeployRequest, FromFile, FromRunning, RegisterRequest
from ecsdeploy.model.service import Service
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
    newest = request.base is FromRunning.LATEST
    name = _family(current) if newest else current
    base = patience.read(lambda: plane.definition(name, tags=request.copy_tags))
    return Facts(base=base, current=base.arn)


def _family(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(":", 1)[0]
