"""Operations on tasks: run, stop, list, describe, and a session in a container."""

from __future__ import annotations

import json
from typing import Any

from ecsdeploy.sim.api.faults import throttled
from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.ground.ids import REGION, last_part
from ecsdeploy.sim.services.legal.fitting import check_launch_type_of
from ecsdeploy.sim.services.legal.refusals import check_launch_type
from ecsdeploy.sim.services.replies.finding import cluster_of, definition_named, missing, service_in, task_in
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.services.replies.task import agent_status, describe_new_task, describe_task
from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import STOPPED_TASKS_STAY, Cluster, Json, Task
from ecsdeploy.sim.tasks import ending
from ecsdeploy.sim.tasks.lifecycle import launch
from ecsdeploy.sim.tasks.order import Order
from ecsdeploy.sim.tasks.placing import capacity_left

_PAGE = PageSize()
_MOST_DESCRIBED = 100
_MOST_RUN = 10
_STATUSES = ("RUNNING", "PENDING", "STOPPED")
_TOKEN_LENGTH = 64
_TOKEN_LIVES = 24 * 3600.0
_MOST_OVERRIDES = 8192
_NO_AGENT = (
    "The execute command failed because execute command was not enabled when the task was run or the execute command "
    "agent isn\u2019t running. Wait and try again or run a new task with execute command enabled and try again."
)
_SESSION_TOKEN = "AAEAAS"
_NO_ROOM = {"FARGATE": "RESOURCE:FARGATE", "EC2": "RESOURCE:MEMORY"}
_KEPT = (
    "networkConfiguration",
    "overrides",
    "startedBy",
    "propagateTags",
    "enableECSManagedTags",
    "group",
    "enableExecuteCommand",
    "tags",
    "capacityProviderStrategy",
)


def run(region: Region, request: Json) -> Json:
    """RunTask. Tasks for which there is no capacity are in `failures`; the call succeeds all the same.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    cluster = cluster_of(region, request)
    wanted = request.get("count", 1)
    definition = _definition_to_run(region, request)
    _check_run(request, wanted, definition)
    token = request.get("clientToken")
    if token in region.run_tokens and region.now - region.run_tokens[token][0] < _TOKEN_LIVES:
        return _same_answer(region, token, request)
    launch_type = _launch_type(request)
    settings = {name: request[name] for name in _KEPT if request.get(name) is not None}
    order = Order(cluster=cluster, definition=definition, launch_type=launch_type, settings=settings)
    fitting = _paced(region, launch_type, capacity_left(region, cluster, launch_type, wanted))
    tasks = [launch(region, order) for _ in range(fitting)]
    if token:
        region.run_tokens[token] = (region.now, {**request}, tasks)
    failures = [{"reason": _NO_ROOM.get(launch_type, "RESOURCE:MEMORY")}] * (wanted - fitting)
    return {"tasks": [describe_new_task(task) for task in tasks], "failures": failures}


def _paced(region: Region, launch_type: str, wanted: int) -> int:
    """How many tasks Fargate lets the account start now. ThrottlingException if none.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
    """
    if region.launches is None or launch_type != "FARGATE" or wanted <= 0:
        return wanted
    taken = region.launches.take(region.now, wanted)
    if not taken:
        raise throttled()
    return taken


def _definition_to_run(region: Region, request: Json) -> Definition:
    definition = definition_named(region, request["taskDefinition"])
    if definition is None:
        raise ApiError("ClientException", "TaskDefinition not found.")
    if definition.status != "ACTIVE":
        raise invalid("TaskDefinition is inactive")
    return definition


def _check_run(request: Json, wanted: int, definition: Definition) -> None:
    if not 1 <= wanted <= _MOST_RUN:
        raise invalid("count should be between 1 and 10")
    if len(request.get("clientToken", "")) > _TOKEN_LENGTH:
        raise invalid("idempotency token longer than 64.")
    check_launch_type(request)
    if "launchType" in request:
        check_launch_type_of(definition, request["launchType"])
    _check_overrides(request, definition)
    if definition.payload.get("networkMode") == "awsvpc" and not request.get("networkConfiguration"):
        raise invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")


def _check_overrides(request: Json, definition: Definition) -> None:
    overrides = request.get("overrides") or {}
    if len(json.dumps(overrides)) > _MOST_OVERRIDES:
        raise invalid("The overrides exceed the limit of 8192 characters.")
    names = {container["name"] for container in definition.containers}
    for override in overrides.get("containerOverrides") or []:
        if override.get("name") not in names:
            raise invalid(
                f"Override for container named {override.get('name')} is not a container in the TaskDefinition."
            )


def _launch_type(request: Json) -> str:
    """EC2 if the request does not say and the cluster has no default strategy, whatever the definition asks for
    (measured).
    """
    chosen = "FARGATE" if request.get("capacityProviderStrategy") else str(request.get("launchType") or "EC2")
    network = (request.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    if chosen == "EC2" and network.get("assignPublicIp") == "ENABLED":
        raise invalid("Assign public IP is not supported for this launch type.")
    return chosen


def _same_answer(region: Region, token: str, request: Json) -> Json:
    """The answer to an earlier RunTask with this token. ConflictException if that request was another one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
    """
    _, asked, tasks = region.run_tokens[token]
    if asked != request:
        text = "The RunTask request could not be processed due to conflicts."
        raise ApiError("ConflictException", text, resourceIds=[task.arn for task in tasks])
    return {"tasks": [describe_task(task, with_tags=True) for task in tasks], "failures": []}


def stop(region: Region, request: Json) -> Json:
    """StopTask. In the reply, `desiredStatus` is STOPPED and `lastStatus` still RUNNING (measured).

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    task = task_in(cluster_of(region, request), request["task"])
    if task is None or _is_gone(region, task):
        raise invalid("The referenced task was not found.")
    ending.stop(region, task, "UserInitiated", request.get("reason") or "Task stopped by user")
    return {"task": describe_task(task)}


def execute(region: Region, request: Json) -> Json:
    """ExecuteCommand. The session is one that nobody can join: no command runs anywhere.

    The two texts of refusals about ECS Exec are ECS's own.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
    """
    cluster = cluster_of(region, request)
    if not request["interactive"]:
        raise invalid("Interactive is the only mode supported currently.")
    if not request["command"]:
        raise invalid("The command is empty.")
    task = task_in(cluster, request["task"])
    if task is None or task.last_status != "RUNNING":
        raise invalid("The specified task was not found or is not running.")
    container = _container_of(task, request.get("container"))
    if agent_status(task, container) != "RUNNING":
        raise invalid(_NO_AGENT)
    session = f"ecs-execute-command-{region.ids.hexadecimal()[:17]}"
    return {
        "clusterArn": cluster.arn,
        "containerArn": container.arn,
        "containerName": container.name,
        "interactive": True,
        "session": {
            "sessionId": session,
            "streamUrl": f"wss://ssmmessages.{REGION}.amazonaws.com/v1/data-channel/{session}?role=publish_subscribe",
            "tokenValue": f"{_SESSION_TOKEN}{region.ids.hexadecimal()}",
        },
        "taskArn": task.arn,
    }


def _container_of(task: Task, name: str | None) -> Container:
    """The container of a request; without a name, the only one."""
    found = [each for each in task.containers if name in (None, each.name)]
    if len(found) != 1:
        raise invalid("A valid container name must be specified for a task with several containers.")
    return found[0]


def _is_gone(region: Region, task: Task) -> bool:
    """Whether the task stopped more than an hour ago: ECS shows it no longer."""
    return task.stopped_at is not None and region.now - task.stopped_at > STOPPED_TASKS_STAY


def forget_old(region: Region, cluster: Cluster) -> None:
    """Remove the tasks that ECS shows no longer."""
    for identity in [i for i, task in cluster.tasks.items() if _is_gone(region, task)]:
        del cluster.tasks[identity]


def describe(region: Region, request: Json) -> Json:
    """DescribeTasks: at most a hundred. A task that does not exist is a failure MISSING.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """
    cluster = cluster_of(region, request)
    names = request["tasks"]
    if not names:
        raise invalid("Tasks cannot be empty.")
    if len(names) > _MOST_DESCRIBED:
        raise invalid("tasks can have at most 100 items.")
    forget_old(region, cluster)
    with_tags = "TAGS" in (request.get("include") or [])
    found, failures = [], []
    for name in dict.fromkeys(names):
        task = task_in(cluster, name)
        if task is None:
            failures.append(missing(name if name.startswith("arn:") else f"{_task_prefix(cluster)}/{name}"))
        else:
            found.append(describe_task(task, with_tags=with_tags))
    return {"tasks": found, "failures": failures}


def _task_prefix(cluster: Cluster) -> str:
    return cluster.arn.replace(":cluster/", ":task/")


def list_tasks(region: Region, request: Json) -> Json:
    """ListTasks by desired status, in the order of ids (measured). The default is RUNNING; PENDING lists nothing.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """
    cluster = cluster_of(region, request)
    status = request.get("desiredStatus", "RUNNING")
    if status not in _STATUSES:
        raise invalid("desired status should be one of [RUNNING,PENDING,STOPPED]")
    _check_filters(request)
    forget_old(region, cluster)
    if request.get("serviceName") and service_in(cluster, request["serviceName"]) is None:
        raise ApiError("ServiceNotFoundException", "Service not found.")
    found = [t for t in cluster.tasks.values() if t.desired_status == status and _matches(t, request)]
    found.sort(key=lambda task: task.id)
    part, rest = page([task.arn for task in found], request, _PAGE)
    return {"taskArns": part, **rest}


def _check_filters(request: Json) -> None:
    """InvalidParameterException for filters that exclude each other."""
    given = {n for n in ("family", "serviceName", "launchType", "containerInstance") if n in request}
    if request.get("startedBy") and given:
        raise invalid("cannot specify startedBy with other arguments")
    if request.get("serviceName") and given & {"family", "containerInstance"}:
        raise invalid("cannot specify serviceName with other arguments")


def _matches(task: Task, request: Json) -> bool:
    service: Any = request.get("serviceName")
    return (
        (not service or (task.service is not None and service in (task.service.name, task.service.arn)))
        and request.get("family") in (None, task.definition.family)
        and request.get("launchType") in (None, task.launch_type)
        and request.get("startedBy") in (None, _started_by(task))
        and (not request.get("containerInstance") or _is_on(task, request["containerInstance"]))
    )


def _is_on(task: Task, instance: str) -> bool:
    return task.instance is not None and last_part(task.instance.arn) == last_part(instance)


def _started_by(task: Task) -> str | None:
    return task.deployment.id if task.deployment else task.settings.get("startedBy")


OPERATIONS = {
    "RunTask": run,
    "StopTask": stop,
    "ExecuteCommand": execute,
    "DescribeTasks": describe,
    "ListTasks": list_tasks,
}
