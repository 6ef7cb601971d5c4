"""Operations on clusters, and on the tags of every resource."""

from __future__ import annotations

import re
from collections.abc import Collection

from ecsdeploy.sim.ground.errors import ApiError, invalid, unsupported
from ecsdeploy.sim.ground.ids import arn, last_part
from ecsdeploy.sim.services.replies.finding import cluster_of, definition_named, missing
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json

_PAGE = PageSize()
_MOST_DESCRIBED = 100
_MOST_TAGS = 50
_FIELDS = ("ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS")
_SETTINGS = [{"name": "containerInsights", "value": "disabled"}]


def create(region: Region, request: Json) -> Json:
    """CreateCluster. An existing cluster is returned as it is. A deleted one is ACTIVE again.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
    """
    name = request.get("clusterName", "default")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise invalid("Identifier contains invalid characters.")
    if request.get("capacityProviders") or request.get("defaultCapacityProviderStrategy"):
        raise unsupported("CreateCluster with capacity providers is not simulated.")
    cluster = add(region, name)
    cluster.status = "ACTIVE"
    cluster.tags = request.get("tags", cluster.tags)
    cluster.settings = request.get("settings", cluster.settings)
    return {"cluster": _described(cluster, _FIELDS)}


def add(region: Region, name: str) -> Cluster:
    """The cluster of this name. We create it if there is none."""
    return region.clusters.setdefault(name, Cluster(arn("cluster", name), name))


def _described(cluster: Cluster, include: Collection[str] = ()) -> Json:
    """A `Cluster` of a reply. Tags and settings are empty unless `include` asks for them."""
    tasks = [task for task in cluster.tasks.values() if task.wanted]
    running = sum(task.last_status == "RUNNING" for task in tasks)
    return {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": len(cluster.instances),
        "runningTasksCount": running,
        "pendingTasksCount": len(tasks) - running,
        "activeServicesCount": sum(s.status == "ACTIVE" for s in cluster.services.values()),
        "statistics": [],
        "tags": cluster.tags if "TAGS" in include else [],
        "settings": (cluster.settings or _SETTINGS) if "SETTINGS" in include else [],
        "capacityProviders": [],
        "defaultCapacityProviderStrategy": [],
    }


def describe(region: Region, request: Json) -> Json:
    """DescribeClusters: `default` if the request names none. A deleted cluster is INACTIVE.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
    """
    names, include = request.get("clusters") or ["default"], request.get("include") or []
    if len(names) > _MOST_DESCRIBED:
        raise invalid("clusters can have at most 100 items.")
    if not set(include) <= set(_FIELDS):
        raise invalid(f"include should be one of [{','.join(_FIELDS)}]")
    found = {name: region.clusters.get(last_part(name)) for name in names}
    return {
        "clusters": [_described(cluster, include) for cluster in found.values() if cluster is not None],
        "failures": [missing(arn("cluster", last_part(n))) for n, cluster in found.items() if cluster is None],
    }


def list_clusters(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html"""
    arns = [cluster.arn for cluster in region.clusters.values() if cluster.status == "ACTIVE"]
    part, rest = page(arns, request, _PAGE)
    return {"clusterArns": part, **rest}


def delete(region: Region, request: Json) -> Json:
    """DeleteCluster. ApiError while a service is ACTIVE or a task has not stopped.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
    """
    cluster = cluster_of(region, request)
    if any(service.status == "ACTIVE" for service in cluster.services.values()):
        raise ApiError("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    if any(task.stopped_at is None for task in cluster.tasks.values()):
        raise ApiError("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    cluster.status = "INACTIVE"
    return {"cluster": _described(cluster, _FIELDS)}


def tag(region: Region, request: Json) -> Json:
    """TagResource. A key that exists gets its new value; fifty tags are the limit.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html
    """
    tags = _tags_of(region, request["resourceArn"])
    given = {item.get("key"): item for item in request["tags"]}
    kept = [item for item in tags if item.get("key") not in given]
    if len(kept) + len(given) > _MOST_TAGS:
        raise invalid("Too many tags. The maximum number of tags for a resource is 50.")
    tags[:] = kept + list(given.values())
    return {}


def untag(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UntagResource.html"""
    tags = _tags_of(region, request["resourceArn"])
    tags[:] = [item for item in tags if item.get("key") not in request["tagKeys"]]
    return {}


def list_tags(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html"""
    return {"tags": list(_tags_of(region, request["resourceArn"]))}


def _tags_of(region: Region, resource: str) -> list[Json]:
    """The list of tags of a resource, to read or to change. InvalidParameterException if we do not find the
    resource.
    """
    sets = (d.task_set for service in region.services for d in service.deployments)
    for owner in (*region.clusters.values(), *region.services, *sets, definition_named(region, resource)):
        if owner is not None and owner.arn == resource:
            return owner.tags
    task = next((t for c in region.clusters.values() for t in c.tasks.values() if t.arn == resource), None)
    if task is not None:
        return task.tags
    raise invalid("The specified resource was not found. Specify a valid resource ARN and try again.")


OPERATIONS = {
    "CreateCluster": create,
    "DescribeClusters": describe,
    "ListClusters": list_clusters,
    "DeleteCluster": delete,
    "TagResource": tag,
    "UntagResource": untag,
    "ListTagsForResource": list_tags,
}
