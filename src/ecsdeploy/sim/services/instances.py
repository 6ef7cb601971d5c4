"""Operations on container instances: list, describe, drain, and their attributes."""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid, unsupported
from ecsdeploy.sim.ground.ids import last_part
from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.services.replies.finding import cluster_of, missing
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.containers import Instance
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json, Task
from ecsdeploy.sim.tasks import hosts

_PAGE = PageSize()
_MOST_DESCRIBED, _MOST_UPDATED = 100, 10
_STATUSES = ("ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED")
_CPU, _MEMORY = 4096, 15_730
_TYPE = "m6i.xlarge"


def list_instances(region: Region, request: Json) -> Json:
    """ListContainerInstances, by status. We refuse filter expressions.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html
    """
    if request.get("filter"):
        raise unsupported("ListContainerInstances with a filter expression is not simulated.")
    status = request.get("status")
    if status not in (None, *_STATUSES):
        raise invalid(f"status should be one of [{','.join(_STATUSES)}]")
    instances = cluster_of(region, request).instances.values()
    arns = [instance.arn for instance in instances if status in (None, instance.status)]
    part, rest = page(arns, request, _PAGE)
    return {"containerInstanceArns": part, **rest}


def describe(region: Region, request: Json) -> Json:
    """DescribeContainerInstances.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html
    """
    cluster = cluster_of(region, request)
    found, failures = _sorted_out(cluster, request["containerInstances"], _MOST_DESCRIBED)
    return {"containerInstances": [_described(cluster, each) for each in found], "failures": failures}


def update_state(region: Region, request: Json) -> Json:
    """UpdateContainerInstancesState. DRAINING moves tasks of services elsewhere. ACTIVE lets the instance take tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateContainerInstancesState.html
    """
    cluster, status = cluster_of(region, request), request["status"]
    if status not in ("ACTIVE", "DRAINING"):
        raise invalid("Container instance status should be one of [ACTIVE,DRAINING]")
    found, failures = _sorted_out(cluster, request["containerInstances"], _MOST_UPDATED)
    for instance in found:
        if status == "DRAINING":
            hosts.drain_instance(region, cluster, instance)
        instance.status = status
    for service in cluster.services.values():
        wake(region, service, AFTER_CHANGE)
    return {"containerInstances": [_described(cluster, each) for each in found], "failures": failures}


def _sorted_out(cluster: Cluster, names: list[str], most: int) -> tuple[list[Instance], list[Json]]:
    if not names:
        raise invalid("Container instances cannot be empty.")
    if len(names) > most:
        raise invalid(f"containerInstances can have at most {most} items.")
    known = {name: cluster.instances.get(last_part(name)) for name in names}
    prefix = cluster.arn.replace(":cluster/", ":container-instance/")
    gone = [missing(f"{prefix}/{last_part(name)}") for name, instance in known.items() if instance is None]
    return [instance for instance in known.values() if instance is not None], gone


def _described(cluster: Cluster, instance: Instance) -> Json:
    tasks = [task for task in cluster.tasks.values() if task.instance is instance and task.stopped_at is None]
    running = sum(task.last_status == "RUNNING" for task in tasks)
    return {
        "containerInstanceArn": instance.arn,
        "ec2InstanceId": instance.id,
        "version": 1,
        "versionInfo": {"agentVersion": "1.97.1", "dockerVersion": "DockerVersion: 25.0.8"},
        "remainingResources": _resources(_CPU - _taken(tasks, "cpu"), _MEMORY - _taken(tasks, "memory")),
        "registeredResources": _resources(_CPU, _MEMORY),
        "status": instance.status,
        "agentConnected": True,
        "runningTasksCount": running,
        "pendingTasksCount": len(tasks) - running,
        "attributes": _attributes(instance),
        "registeredAt": instance.registered_at,
        "attachments": [],
        "tags": [],
    }


def _taken(tasks: list[Task], member: str) -> int:
    return sum(int(c.definition.get(member) or 0) for task in tasks for c in task.containers)


def _resources(cpu: int, memory: int) -> list[Json]:
    sizes = {"CPU": cpu, "MEMORY": memory}
    return [
        {"name": name, "type": "INTEGER", "doubleValue": 0.0, "longValue": 0, "integerValue": value}
        for name, value in sizes.items()
    ]


def _attributes(instance: Instance) -> list[Json]:
    """The attributes that ECS sets by itself.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
    """
    values = {
        "ecs.availability-zone": instance.zone,
        "ecs.cpu-architecture": "x86_64",
        "ecs.instance-type": _TYPE,
        "ecs.os-type": "linux",
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def list_attributes(region: Region, request: Json) -> Json:
    """ListAttributes of container instances.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListAttributes.html
    """
    found = [
        {**attribute, "targetId": instance.arn}
        for instance in cluster_of(region, request).instances.values()
        for attribute in _attributes(instance)
        if request.get("attributeName") in (None, attribute["name"])
        and request.get("attributeValue") in (None, attribute["value"])
    ]
    part, rest = page(found, request, _PAGE)
    return {"attributes": part, **rest}


OPERATIONS = {
    "ListContainerInstances": list_instances,
    "DescribeContainerInstances": describe,
    "UpdateContainerInstancesState": update_state,
    "ListAttributes": list_attributes,
}
