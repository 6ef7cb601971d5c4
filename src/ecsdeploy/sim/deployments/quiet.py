"""Whether a world is quiet: no deployment is in progress that can still change by itself."""

from __future__ import annotations

from ecsdeploy.sim.deployments.breaker import is_on
from ecsdeploy.sim.deployments.rollout import current
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service


def is_quiet(region: Region) -> bool:
    """Whether no service can still change by itself."""
    return not any(_moves(region, service) for service in region.services)


def _moves(region: Region, service: Service) -> bool:
    if service.status == "INACTIVE":
        return False
    if service.status == "DRAINING":
        return True
    if any(each.service is service and not each.ended for each in region.codedeploy.deployments.values()):
        return True
    record = current(service)
    if record is None and service.primary.rollout_state != "IN_PROGRESS":
        return False
    if record is not None and record.course is not None:
        # Each stage has a time limit, so the deployment ends.
        return True
    return not service.stuck and not _hopeless(region, service)


def _hopeless(region: Region, service: Service) -> bool:
    """Whether the deployment can only fail again and again, without an end.

    Its image never becomes healthy, and no circuit breaker ends it.
    """
    if is_on(region, service) or service.desired == 0 or not service.primary.launches:
        return False
    record = current(service)
    if record is not None and record.status in ("PENDING", "ROLLBACK_REQUESTED", "STOP_REQUESTED"):
        return False
    essential = [c for c in service.definition.containers if c.get("essential", True)]
    return any(region.images.look_up(str(container["image"])).hopeless for container in essential)
