"""Whether a service runs as many tasks as were asked for."""

from __future__ import annotations

from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service

Ended = tuple[Status, str]
"""How it ended, and why."""


def judged(
    service: Service, wanted: int, deployment: str, healthy: int | None, limit_seconds: float, *, late: bool
) -> Ended | None:
    """How it ended; None if it goes on.

    `deployment` is the id of the deployment that was primary when the count was changed. `healthy` is how many tasks
    pass their health checks, None if nothing checks them. `late` says that the time limit is over.
    """
    if (found := _interfered(service, wanted, deployment)) is not None:
        return found
    if runs(service, wanted) and healthy in (None, wanted):
        return Status.SUCCEEDED, ""
    if late:
        well = "" if healthy is None else f", {healthy} of them healthy"
        return Status.TIMED_OUT, (
            f"After {limit_seconds:.0f} s {service.running} of {wanted} tasks run{well}; ECS goes on."
            " `ecs-deploy doctor` says why."
        )
    return None


def _interfered(service: Service, wanted: int, deployment: str) -> Ended | None:
    """Why the service will not get there by our change: somebody else has changed it since. None if it may."""
    if service.is_being_deleted:
        return Status.FAILED, f"The service is {service.status}: somebody deletes it."
    if service.desired != wanted:
        return Status.SUPERSEDED, (
            f"Somebody else, or auto scaling, wants {service.desired} tasks now instead of {wanted}."
        )
    primary = service.primary
    if primary is not None and primary.id != deployment:
        return Status.SUPERSEDED, f"Somebody has begun the deployment {primary.id}, which goes on with the count."
    return None


def runs(service: Service, wanted: int) -> bool:
    """Whether exactly so many tasks run, and none is about to start."""
    return service.running == wanted and not service.pending
