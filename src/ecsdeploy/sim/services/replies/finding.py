"""From names, ARNs and short forms in requests to the things that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.sim.ground.errors import ApiError, invalid, refused
from ecsdeploy.sim.ground.ids import REGION, last_part
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json, Service, ServiceDeployment, Task


def local(identifier: str) -> str:
    """The name or id in an identifier. InvalidParameterException, in our words, for an ARN of another Region or
    partition.
    """
    if identifier.startswith("arn:"):
        _, partition, _, place, *_ = (*identifier.split(":"), "", "", "")
        if (partition, place) != ("aws", REGION):
            raise invalid(f"Invalid identifier: {identifier} is not of the partition aws and the Region {REGION}.")
    return last_part(identifier)


def cluster_of(region: Region, request: Mapping[str, Any]) -> Cluster:
    """The cluster of a request; `default` if it names none. ClusterNotFoundException if there is none or it is
    INACTIVE.
    """
    cluster = region.clusters.get(local(str(request.get("cluster") or "default")))
    if cluster is None:
        raise ApiError("ClusterNotFoundException", "Cluster not found.")
    if cluster.status == "INACTIVE":
        raise ApiError("ClusterNotFoundException", "The referenced cluster was inactive.")
    return cluster


def service_in(cluster: Cluster, name: str) -> Service | None:
    """A service of a cluster by name or ARN. None for an ARN of another cluster."""
    if name.startswith("arn:"):
        local(name)
        return next((s for s in cluster.services.values() if s.arn == name), None)
    return cluster.services.get(name)


def service_of(region: Region, request: Mapping[str, Any]) -> Service:
    """The service of a request. ServiceNotFoundException if there is none."""
    service = service_in(cluster_of(region, request), str(request.get("service", "")))
    if service is None:
        raise ApiError("ServiceNotFoundException", "Service not found.")
    return service


def active_service_of(region: Region, request: Mapping[str, Any]) -> Service:
    """The service of a request. ServiceNotActiveException if it is not ACTIVE."""
    service = service_of(region, request)
    if service.status != "ACTIVE":
        raise ApiError("ServiceNotActiveException", "Service was not ACTIVE.")
    return service


def definition_named(region: Region, name: str) -> Definition | None:
    """A definition by `family` (its newest ACTIVE revision), by `family:revision`, or by ARN. None if there is none."""
    short = local(name)
    family_name, _, number = short.partition(":")
    family = region.families.get(family_name)
    if family is None:
        return None
    if not number:
        return next((d for d in reversed(family.revisions) if d.status == "ACTIVE"), None)
    return next((d for d in family.revisions if str(d.number) == number), None)


def definition_to_run(region: Region, name: str) -> Definition:
    """A definition that a service may deploy. ClientException if there is none or it is not ACTIVE."""
    definition = definition_named(region, name)
    if definition is None:
        raise refused("TaskDefinition not found.")
    if definition.status != "ACTIVE":
        raise refused("TaskDefinition is inactive")
    return definition


def record_of(region: Region, arn: str) -> tuple[Service, ServiceDeployment] | None:
    """A service deployment by its ARN, with its service. None if there is none."""
    pairs = ((service, record) for service in region.services for record in service.history)
    return next(((service, record) for service, record in pairs if record.arn == arn), None)


def task_in(cluster: Cluster, name: str) -> Task | None:
    """A task of a cluster by id or ARN. None if there is none."""
    identity = local(name)
    if name.startswith("arn:") and f"/{cluster.name}/" not in name:
        return None
    return cluster.tasks.get(identity)


def missing(arn: str) -> Json:
    """An entry of `failures` for something that does not exist."""
    return {"arn": arn, "reason": "MISSING"}
