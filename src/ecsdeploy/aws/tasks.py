"""Tasks: those that a deployment started, those of a cluster, and the one that we start ourselves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.aws import translate
from ecsdeploy.aws.credentials import SESSION_NAME
from ecsdeploy.aws.reading import JsonObject, malformed, moment, objects, text
from ecsdeploy.aws.roster import PER_CALL, Roster
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import Refused, Unfinished
from ecsdeploy.model.arn import ServiceRef, revision_name, short_name
from ecsdeploy.model.service import Launched, Task

if TYPE_CHECKING:
    from ecsdeploy.model.oneoff import OneOff

_MOST_PROTECTED = 1000
"""For more tasks than this, the protection is not worth the calls."""

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
_FAILURES = {
    "AGENT": "the agent of the container instance is disconnected",
    "ATTRIBUTE": "no container instance has the attributes that the definition requires",
    "EMPTY CAPACITY PROVIDER": "the capacity provider has no container instances",
    "INACTIVE": "the container instance is not active",
    "LOCATION": "no container instance is in a suitable Availability Zone",
    "MISSING": "the resource does not exist",
    "NO ACTIVE INSTANCES": "the cluster has no active container instances",
    "RESOURCE:CPU": "no container instance has enough CPU left",
    "RESOURCE:ENI": "no container instance has a network interface left",
    "RESOURCE:FARGATE": "the limit on Fargate tasks of this account is reached, or the size is not offered",
    "RESOURCE:GPU": "no container instance has enough GPUs left",
    "RESOURCE:MEMORY": "no container instance has enough memory left",
    "RESOURCE:PORTS": "a port that the task needs is taken on every container instance",
}


def started_by(roster: Roster, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
    """The tasks of one deployment that are to run, or with `stopped` those that have stopped or are to stop.

    With `startedBy`, ListTasks takes no other filter and lists running tasks only; we find stopped ones by service.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """
    asked = {"serviceName": ref.short_name, "desiredStatus": "STOPPED"} if stopped else {"startedBy": deployment_id}
    found = roster.tasks({"cluster": ref.cluster, **asked})
    return tuple(task for task in found if task.started_by == deployment_id)


def of_service(roster: Roster, ref: ServiceRef, *, stopped: bool) -> tuple[Task, ...]:
    """All tasks of the service that shall run, or that stopped or shall stop.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """
    status = "STOPPED" if stopped else "RUNNING"
    return roster.tasks({"cluster": ref.cluster, "serviceName": ref.short_name, "desiredStatus": status})


def protected_until(session: Session, roster: Roster, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
    """When the scale-in protection of other tasks of the service ends: those that this deployment did not start.

    `Unfinished` where that takes more than a few calls.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html
    """
    tasks = roster.tasks({"cluster": ref.cluster, "serviceName": ref.short_name})
    others = [each.arn for each in tasks if each.started_by != deployment_id]
    if len(others) > _MOST_PROTECTED:
        raise Unfinished(f"The protection of {len(others)} tasks is not read.")
    ends: list[datetime] = []
    for start in range(0, len(others), PER_CALL):
        asked = {"cluster": ref.cluster, "tasks": others[start : start + PER_CALL]}
        reply = session.call("ecs", "GetTaskProtection", asked, subject=f"tasks of service `{ref.short_name}`")
        ends += [end for each in objects(reply, "protectedTasks") if (end := moment(each, "expirationDate"))]
    return tuple(ends)


def run(session: Session, one_off: OneOff, revision: str, token: str) -> Launched:
    """Start tasks; `Refused` where ECS could place none. Another call with the same `token` starts no other task.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    subject = f"`{revision_name(revision)}` in cluster `{short_name(one_off.cluster)}`"
    reply = session.call("ecs", "RunTask", _order(one_off, revision, token), subject=subject)
    started, failures = objects(reply, "tasks"), objects(reply, "failures")
    reasons = "; ".join(dict.fromkeys(_reason(each) for each in failures))
    if started:
        lacking = f"ECS started {len(started)} of {one_off.count} tasks: {reasons}." if failures else ""
        return Launched(tasks=tuple(map(translate.task, started)), lacking=lacking)
    if not failures:
        raise malformed("tasks", None)
    raise Refused(f"ECS could not start a task of {subject}: {reasons}.", hint="Nothing was started.")


def stop(session: Session, cluster: str, task: str, reason: str) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html"""
    asked = {"cluster": cluster, "task": task, "reason": reason}
    session.call("ecs", "StopTask", asked, subject=f"task `{short_name(task)}`")


def _order(one_off: OneOff, revision: str, token: str) -> dict[str, object]:
    order: dict[str, object] = {
        "startedBy": SESSION_NAME,
        **one_off.members,
        "cluster": one_off.cluster,
        "taskDefinition": revision,
        "count": one_off.count,
        "clientToken": token,
        "launchType": one_off.launch_type,
        "platformVersion": one_off.platform_version,
        "networkConfiguration": one_off.network_configuration,
    }
    return {name: value for name, value in order.items() if value}


def _reason(failure: JsonObject) -> str:
    code, detail = text(failure, "reason"), text(failure, "detail")
    told = f"{_FAILURES[code]} (`{code}`)" if code in _FAILURES else f"`{code}`"
    return f"{told}, {detail.rstrip('.')}" if detail else told
