"""Clusters, and the tags of every resource."""

from ecsdeploy.sim.errors import ApiError, invalid
from ecsdeploy.sim.ids import arn, last_part
from ecsdeploy.sim.services.finding import cluster_of, definition_named, missing
from ecsdeploy.sim.services.paging import Limits, page
from ecsdeploy.sim.state import Cluster, Json, Region

_PAGE = Limits()
_MOST_DESCRIBED = 100


def create(region: Region, request: Json) -> Json:
    """CreateCluster: an existing one is returned as it is.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
    """
    cluster = add(region, request.get("clusterName", "default"))
    cluster.tags = request.get("tags", cluster.tags)
    return {"cluster": _described(cluster)}


def add(region: Region, name: str) -> Cluster:
    return region.clusters.setdefault(name, Cluster(arn("cluster", name), name))


def _described(cluster: Cluster) -> Json:
    tasks = [task for task in cluster.tasks.values() if task.wanted]
    running = sum(task.last_status == "RUNNING" for task in tasks)
    return {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": running,
        "pendingTasksCount": len(tasks) - running,
        "activeServicesCount": sum(s.status == "ACTIVE" for s in cluster.services.values()),
        "statistics": [],
        "tags": cluster.tags,
        "settings": [{"name": "containerInsights", "value": "disabled"}],
        "capacityProviders": [],
        "defaultCapacityProviderStrategy": [],
    }


def describe(region: Region, request: Json) -> Json:
    """DescribeClusters: `default` unless named.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
    """
    names = request.get("clusters") or ["default"]
    if len(names) > _MOST_DESCRIBED:
        raise invalid("clusters can have at most 100 items.")
    found = {name: region.clusters.get(last_part(name)) for name in names}
    return {
        "clusters": [_described(cluster) for cluster in found.values() if cluster is not None],
        "failures": [missing(arn("cluster", last_part(n))) for n, cluster in found.items() if cluster is None],
    }


def list_clusters(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html"""
    part, rest = page([cluster.arn for cluster in region.clusters.values()], request, _PAGE)
    return {"clusterArns": part, **rest}


def delete(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html"""
    cluster = cluster_of(region, request)
    if any(service.status == "ACTIVE" for service in cluster.services.values()):
        raise ApiError("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    if any(task.stopped_at is None for task in cluster.tasks.values()):
        raise ApiError("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    cluster.status = "INACTIVE"
    del region.clusters[cluster.name]
    return {"cluster": _described(cluster)}


def tag(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html"""
    tags = _tags_of(region, request["resourceArn"])
    given = {item.get("key"): item for item in request["tags"]}
    tags[:] = [item for item in tags if item.get("key") not in given] + list(given.values())
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
    """The tags themselves, to read or to change."""
    for owner in (*region.clusters.values(), *region.services, definition_named(region, resource)):
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
