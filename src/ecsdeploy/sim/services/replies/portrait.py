"""How services, deployments and tasks look in replies."""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.ground.ids import ACCOUNT, CALLER, REGION, arn, last_part
from ecsdeploy.sim.state.service import Container, Deployment, Json, Service, Task

_ECHOED = (
    "loadBalancers",
    "serviceRegistries",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "deploymentConfiguration",
    "placementConstraints",
    "placementStrategy",
    "networkConfiguration",
    "healthCheckGracePeriodSeconds",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
    "availabilityZoneRebalancing",
)
_OF_DEPLOYMENT = ("launchType", "capacityProviderStrategy", "platformFamily", "networkConfiguration")
_CONNECTED = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
_PLATFORM = "1.4.0"
_SERVICE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"


def describe_service(service: Service, *, with_tags: bool = False) -> Json:
    """A `Service` as AWS replies it; the newest event first."""
    deployments = [describe_deployment(d) for d in service.deployments]
    if service.status == "INACTIVE":
        deployments = []
    reply: Json = {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": service.cluster.arn,
        "status": service.status,
        "desiredCount": service.desired,
        "runningCount": sum(d["runningCount"] for d in deployments),
        "pendingCount": sum(d["pendingCount"] for d in deployments),
        "taskDefinition": service.definition.arn,
        "deployments": deployments,
        "events": [
            {"id": identity, "createdAt": at, "message": text} for identity, at, text in reversed(service.events)
        ],
        "createdAt": service.created_at,
        "createdBy": CALLER,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": service.controller},
        "resourceManagementType": "CUSTOMER",
        "currentServiceRevisions": [_current_revision(d) for d in service.deployments],
    }
    if service.controller != "ECS":
        reply |= {"deployments": [], "taskSets": [describe_task_set(service, d) for d in service.deployments]}
        del reply["currentServiceRevisions"]
    reply |= _present(service.settings, _ECHOED)
    return reply | _extras(service, with_tags)


def _extras(service: Service, with_tags: bool) -> Json:
    extras: Json = {}
    if service.settings.get("networkConfiguration") or service.settings.get("loadBalancers"):
        extras["roleArn"] = _SERVICE_ROLE
    if service.attached is not None:
        extras["currentServiceDeployment"] = service.attached
    if with_tags:
        extras["tags"] = service.tags
    return extras


def _present(settings: Json, names: tuple[str, ...]) -> Json:
    return {name: settings[name] for name in names if settings.get(name) is not None}


def running(deployment: Deployment) -> int:
    return sum(task.wanted and task.last_status == "RUNNING" for task in deployment.tasks)


def pending(deployment: Deployment) -> int:
    return sum(task.wanted and task.last_status != "RUNNING" for task in deployment.tasks)


def requested(deployment: Deployment) -> int:
    """The desired count of the primary deployment; of a former one, the tasks it is still to keep."""
    if deployment.status == "PRIMARY":
        return deployment.desired
    return sum(task.wanted for task in deployment.tasks)


def describe_deployment(deployment: Deployment) -> Json:
    reply = {
        "id": deployment.id,
        "status": deployment.status,
        "taskDefinition": deployment.revision.definition.arn,
        "desiredCount": requested(deployment),
        "pendingCount": pending(deployment),
        "runningCount": running(deployment),
        "failedTasks": deployment.failed_tasks,
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "rolloutState": deployment.rollout_state,
        "rolloutStateReason": deployment.rollout_reason,
    }
    return reply | _platform(deployment) | _present(deployment.revision.settings, _CONNECTED)


def _platform(deployment: Deployment) -> Json:
    """The service says LATEST, its deployment what that is today (measured)."""
    settings = deployment.revision.settings
    latest = {"platformVersion": _PLATFORM} if settings.get("platformVersion") else {}
    return _present(settings, _OF_DEPLOYMENT) | latest


def _current_revision(deployment: Deployment) -> Json:
    return {"arn": deployment.revision.arn, **counts(deployment)}


def counts(deployment: Deployment | None) -> Json:
    """The task counts of a revision; of one that nothing is left of, zeros."""
    return {
        "requestedTaskCount": requested(deployment) if deployment else 0,
        "runningTaskCount": running(deployment) if deployment else 0,
        "pendingTaskCount": pending(deployment) if deployment else 0,
    }


def describe_task_set(service: Service, deployment: Deployment, *, with_tags: bool = False) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html"""
    task_set, settings = deployment.task_set, deployment.revision.settings
    if task_set is None:
        raise TypeError(f"{deployment.id} is no task set")
    reply: Json = {
        "id": deployment.id,
        "taskSetArn": task_set.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster.arn,
        "status": deployment.status,
        "taskDefinition": deployment.revision.definition.arn,
        "computedDesiredCount": deployment.desired,
        "pendingCount": pending(deployment),
        "runningCount": running(deployment),
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "scale": {"value": task_set.scale, "unit": "PERCENT"},
        "stabilityStatus": "STEADY_STATE" if task_set.stable else "STABILIZING",
        "stabilityStatusAt": task_set.stable_at,
        "loadBalancers": settings["loadBalancers"],
        "serviceRegistries": settings["serviceRegistries"],
    }
    named: Json = {"externalId": task_set.external_id, "startedBy": task_set.started_by}
    named |= {"tags": task_set.tags} if with_tags else {}
    return reply | _given(named) | _platform(deployment)


def describe_task(task: Task, *, with_tags: bool = False) -> Json:
    """A `Task`; what has not happened yet is absent."""
    reply: Json = {
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition.arn,
        "clusterArn": arn("cluster", _cluster_of(task)),
        "lastStatus": task.last_status,
        "desiredStatus": task.desired_status,
        "healthStatus": task.health,
        "launchType": task.launch_type,
        "group": _group(task),
        "containers": [_describe_container(task, container) for container in task.containers],
        "attachments": _attachments(task),
        "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        "availabilityZone": task.instance.zone if task.instance else f"{REGION}a",
        "createdAt": task.created_at,
        "enableExecuteCommand": bool(task.settings.get("enableExecuteCommand")),
        "overrides": _overrides(task),
        "tags": task.tags if with_tags else [],
        "version": task.version,
    }
    return reply | _given(_times(task)) | _given(_placing(task)) | _given(_ending(task))


def _group(task: Task) -> str:
    if task.service is not None:
        return f"service:{task.service.name}"
    return str(task.settings.get("group") or f"family:{task.definition.family}")


def _overrides(task: Task) -> Json:
    """Each container is named, whether anything of it is overridden or not (measured)."""
    asked = task.settings.get("overrides") or {}
    known = {each.get("name"): each for each in asked.get("containerOverrides") or ()}
    containers = [known.get(each.name, {"name": each.name}) for each in task.containers]
    return {**asked, "containerOverrides": containers, "inferenceAcceleratorOverrides": []}


def describe_new_task(task: Task) -> Json:
    """A `Task` in the reply that started it: nothing says yet how it is (measured)."""
    reply = describe_task(task, with_tags=True)
    containers = [_without_health(each) for each in reply["containers"]]
    return {**_without_health(reply), "containers": containers}


def _without_health(reply: Json) -> Json:
    return {name: value for name, value in reply.items() if name != "healthStatus"}


def _given(reply: dict[str, Any]) -> Json:
    return {name: value for name, value in reply.items() if value is not None}


def _times(task: Task) -> dict[str, Any]:
    return {
        "connectivity": "CONNECTED" if task.connected_at else None,
        "connectivityAt": task.connected_at,
        "pullStartedAt": task.pull_started_at,
        "pullStoppedAt": task.pull_stopped_at,
        "startedAt": task.started_at,
        "stoppingAt": task.stopping_at,
        "executionStoppedAt": task.execution_stopped_at,
        "stoppedAt": task.stopped_at,
    }


def _placing(task: Task) -> dict[str, Any]:
    fargate = task.launch_type == "FARGATE"
    storage = task.definition.payload.get("ephemeralStorage") or {"sizeInGiB": 20}
    return {
        "startedBy": task.deployment.id if task.deployment else task.settings.get("startedBy"),
        "cpu": task.definition.payload.get("cpu"),
        "memory": task.definition.payload.get("memory"),
        "platformVersion": _PLATFORM if fargate else None,
        "platformFamily": "Linux" if fargate else None,
        "inferenceAccelerators": None if fargate else [],
        "ephemeralStorage": storage if fargate else None,
        "fargateEphemeralStorage": storage if fargate else None,
        "containerInstanceArn": task.instance.arn if task.instance else None,
        "capacityProviderName": task.provider,
    }


def _cluster_of(task: Task) -> str:
    return last_part(task.arn.rsplit("/", 1)[0])


def _ending(task: Task) -> dict[str, Any]:
    return {"stopCode": task.stop_code, "stoppedReason": task.stopped_reason}


def _attachments(task: Task) -> list[Json]:
    """Fargate gives each task a network interface of its own, and takes it back in the end; at first there is the
    subnet alone (measured).
    """
    if task.launch_type != "FARGATE":
        return []
    status = "DELETED" if task.stopped_at else "ATTACHED" if task.connected_at else "PRECREATED"
    network = (task.settings.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    details = [
        {"name": "subnetId", "value": (network.get("subnets") or ["subnet-00000000"])[0]},
    ]
    if task.connected_at:
        digits = task.attachment.replace("-", "")
        mac = ":".join(("0a", *(digits[start : start + 2] for start in range(0, 10, 2))))
        made = {
            "networkInterfaceId": f"eni-{digits[:17]}",
            "macAddress": mac,
            "privateDnsName": f"ip-{task.address.replace('.', '-')}.ec2.internal",
            "privateIPv4Address": task.address,
        }
        details += [{"name": name, "value": value} for name, value in made.items()]
    return [{"id": task.attachment, "type": "ElasticNetworkInterface", "status": status, "details": details}]


def _describe_container(task: Task, container: Container) -> Json:
    reply: Json = {
        "containerArn": container.arn,
        "taskArn": task.arn,
        "name": container.name,
        "image": container.definition["image"],
        "lastStatus": container.status,
        "healthStatus": container.health,
        "networkInterfaces": _interfaces(task),
        "cpu": str(container.definition.get("cpu", 0)),
    }
    known: dict[str, Any] = {
        "imageDigest": container.digest,
        "runtimeId": container.runtime_id,
        "networkBindings": None if container.runtime_id is None else [],
        "exitCode": container.exit_code,
        "reason": container.reason,
        "memory": _text(container.definition.get("memory")),
        "memoryReservation": _text(container.definition.get("memoryReservation")),
    }
    return reply | _given(known)


def _interfaces(task: Task) -> list[Json]:
    if task.launch_type != "FARGATE" or not task.connected_at:
        return []
    return [{"attachmentId": task.attachment, "privateIpv4Address": task.address}]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
