"""`--skip-unchanged`: finds out whether the wanted content is deployed or registered already."""

from __future__ import annotations

from ecsdeploy.engine.run import Run
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.kept import is_same_content


def runs_already(run: Run, service: Service, base: TaskDefinition, wanted: TaskDefinition) -> bool:
    """Whether the revision that the service has, or is being moved to, has the content of `wanted`."""
    in_use = base
    if base.arn != service.task_definition:
        in_use = run.patience().read(lambda: run.plane.definition(service.task_definition))
    return is_same_content(in_use, wanted)


def registered_already(run: Run, wanted: TaskDefinition, in_use: str) -> TaskDefinition | None:
    """The family's newest revision if it has the content of `wanted`, else None.

    A run that was killed may have left it behind. The revision in use does not count, as ECS would start no deployment.
    """
    newest = run.patience().read(lambda: run.plane.definition(wanted.family))
    return newest if newest.arn != in_use and is_same_content(newest, wanted) else None


def handle_of(service: Service, deployment: Deployment) -> Handle:
    """The handle by which we watch a deployment that we did not start.

    Its `previous` are the deployments that began before it: all others that the service lists, but for a primary one
    that is younger. A primary one that is older is one that ECS goes back to.
    """
    others = (each for each in service.deployments if each.id != deployment.id)
    previous = tuple(each.id for each in others if not _came_after(each, deployment))
    return Handle(deployment_id=deployment.id, revision=deployment.task_definition, previous=previous)


def _came_after(other: Deployment, deployment: Deployment) -> bool:
    return other.is_primary and not (deployment.is_primary or deployment.is_younger_than(other))
