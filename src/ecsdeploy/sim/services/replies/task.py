"""How ECS's replies show tasks and containers."""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.ground.ids import REGION, arn, last_part
from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.service import Json, Task

PLATFORM = "1.4.0"


def describe_task(task: Task, *, with_tags: bool = False) -> Json:
    """A `Task` of a reply. A time that has not come is left out.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """
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
    return reply | given(_times(task)) | given(_placing(task)) | given(_ending(task))


def _group(task: Task) -> str:
    if task.service is not None:
        return f"service:{task.service.name}"
    return str(task.settings.get("group") or f"family:{task.definition.family}")


def _overrides(task: Task) -> Json:
    """The overrides of a task. Each container has an entry, overridden or not (measured)."""
    asked = task.settings.get("overrides") or {}
    known = {each.get("name"): each for each in asked.get("containerOverrides") or ()}
    containers = [known.get(each.name, {"name": each.name}) for each in task.containers]
    return {**asked, "containerOverrides": containers, "inferenceAcceleratorOverrides": []}


def describe_new_task(task: Task) -> Json:
    """A `Task` in the reply that started it. It has no health yet (measured)."""
    reply = describe_task(task, with_tags=True)
    containers = [_without_health(each) for each in reply["containers"]]
    return {**_without_health(reply), "containers": containers}


def _without_health(reply: Json) -> Json:
    return {name: value for name, value in reply.items() if name != "healthStatus"}


def given(reply: dict[str, Any]) -> Json:
    """The members that have a value. ECS leaves out the others."""
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
        "platformVersion": PLATFORM if fargate else None,
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
    """The network interface of a task on Fargate. Before it is connected, it has a subnet and nothing else
    (measured).
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
        "managedAgents": _agents(task, container),
    }
    return reply | given(known)


def agent_status(task: Task, container: Container) -> str:
    """The status of the agent of ECS Exec in a container; empty where the task was started without it.

    It cannot run where it may write no files.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    """
    if not task.settings.get("enableExecuteCommand"):
        return ""
    writes = not container.definition.get("readonlyRootFilesystem")
    return container.status if writes or container.status == "PENDING" else "STOPPED"


def _agents(task: Task, container: Container) -> list[Json] | None:
    status = agent_status(task, container)
    if not status:
        return None
    started = {"lastStartedAt": task.started_at} if status == "RUNNING" else {}
    return [{"name": "ExecuteCommandAgent", "lastStatus": status, **started}]


def _interfaces(task: Task) -> list[Json]:
    if task.launch_type != "FARGATE" or not task.connected_at:
        return []
    return [{"attachmentId": task.attachment, "privateIpv4Address": task.address}]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
