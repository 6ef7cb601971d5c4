"""Operations on task scale-in protection: update and get."""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.services.replies.finding import cluster_of, missing, task_in
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json, Task
from ecsdeploy.sim.tasks.protection import MINUTES, is_blocking, is_protected, protect, unprotect

_MOST_UPDATED, _MOST_READ = 10, 100
_MOST_MINUTES = 2880
_BLOCKED = (
    "Can't set task protection because one or more protected tasks are preventing the service deployment from "
    "reaching steady state. To unblock the deployment, unset task protection on older tasks or wait for task "
    "protection to expire."
)


def update(region: Region, request: Json) -> Json:
    """UpdateTaskProtection, for tasks of services only. It lasts two hours if the request does not say how long.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html
    """
    cluster = cluster_of(region, request)
    minutes = request.get("expiresInMinutes", MINUTES)
    if not 1 <= minutes <= _MOST_MINUTES:
        raise invalid("expiresInMinutes must be between 1 and 2880.")
    found, failures = _sorted_out(cluster, _tasks_asked(request, _MOST_UPDATED))
    changed = []
    for task in found:
        if request["protectionEnabled"] and task.service is not None and is_blocking(task.service, task):
            failures.append({"arn": task.arn, "reason": "DEPLOYMENT_BLOCKED", "detail": _BLOCKED})
            continue
        if request["protectionEnabled"]:
            protect(region, task, minutes)
        else:
            unprotect(region, task)
        changed.append(_described(region, task))
    return {"protectedTasks": changed, "failures": failures}


def get(region: Region, request: Json) -> Json:
    """GetTaskProtection.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html
    """
    found, failures = _sorted_out(cluster_of(region, request), _tasks_asked(request, _MOST_READ))
    return {"protectedTasks": [_described(region, task) for task in found], "failures": failures}


def _tasks_asked(request: Json, most: int) -> list[str]:
    """The tasks that a request names, each once."""
    names = list(request.get("tasks") or [])
    if not names:
        raise invalid("Tasks cannot be empty.")
    if len(names) > most:
        raise invalid(f"tasks can have at most {most} items.")
    return list(dict.fromkeys(names))


def _sorted_out(cluster: Cluster, names: list[str]) -> tuple[list[Task], list[Json]]:
    """The tasks with these names, and a failure for each that does not exist or belongs to no service.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """
    found, failures = [], []
    for name in names:
        task = task_in(cluster, name)
        if task is None:
            failures.append(missing(name))
        elif task.service is None or not task.wanted:
            failures.append(
                {"arn": task.arn, "reason": "TASK_NOT_VALID", "detail": "The task is not part of a service."}
            )
        else:
            found.append(task)
    return found, failures


def _described(region: Region, task: Task) -> Json:
    if not is_protected(task, region.now):
        return {"taskArn": task.arn, "protectionEnabled": False}
    return {"taskArn": task.arn, "protectionEnabled": True, "expirationDate": task.protected_until}


OPERATIONS = {"UpdateTaskProtection": update, "GetTaskProtection": get}
