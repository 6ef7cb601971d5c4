"""Who looks after a service: ECS's own scheduler, or nobody but its task sets' scales."""

from __future__ import annotations

from ecsdeploy.sim.deployments import scheduler, task_sets
from ecsdeploy.sim.deployments.rollout import current
from ecsdeploy.sim.shifting import shifting
from ecsdeploy.sim.state.service import Region, Service


def oversee(region: Region, service: Service) -> None:
    """One pass, by the rules of the service's deployment controller."""
    record = current(service)
    if service.controller != "ECS":
        task_sets.look(region, service)
    elif record is not None and record.course is not None and service.status == "ACTIVE":
        shifting.look(region, service, record, record.course)
    else:
        scheduler.look(region, service)
