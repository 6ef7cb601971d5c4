"""What the commands around a release refuse alike."""

from __future__ import annotations

from ecsdeploy.errors import Refused
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service


def refuse_under_way(service: Service) -> None:
    """Raise `Refused`, as BUSY, during a deployment of the service."""
    if service.under_way is not None:
        error = Refused(
            f"A deployment of `{service.name}` is under way, `{service.under_way.id}`.",
            hint="Wait for it: `ecs-deploy watch`. Nothing was changed.",
        )
        error.status = Status.BUSY
        raise error


def family_of(service: Service, todo: str = "") -> str:
    """The family of the service's revision. `Refused`, with what to do, where only its task sets have one."""
    if not service.task_definition:
        raise Refused(
            f"The service `{service.name}` has no task definition of its own.", hint=f"{todo}Nothing was changed."
        )
    return split_revision(service.task_definition)[0]
