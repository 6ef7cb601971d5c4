"""Reads whose deployment it is that superseded ours, or is in its way."""

from __future__ import annotations

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Other
from ecsdeploy.model.service import Deployment
from ecsdeploy.model.taskdef import TaskDefinition


def other_of(plane: ControlPlane, clock: Clock, ref: ServiceRef, deployment_id: str) -> Other | None:
    """What the deployment of this id deploys, and who registered that. None if the service does not show it.

    Each read is optional and made once, as the answer changes no verdict.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
    """
    reads = OptionalReads(clock=clock)
    service = reads.ask("service", lambda: plane.service(ref))
    found = service.deployment(deployment_id) if service else None
    if found is None:
        return None
    return released(found, reads.ask("revision", lambda: plane.definition(found.task_definition)))


def released(deployment: Deployment, definition: TaskDefinition | None) -> Other:
    """The `Other` of a deployment; without a `definition`, its images and its author are empty."""
    return Other(
        deployment_id=deployment.id,
        revision=deployment.task_definition,
        images=tuple(definition.images.items()) if definition else (),
        registered_by=str(definition.payload.get("registeredBy") or "") if definition else "",
    )
