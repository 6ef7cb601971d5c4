"""Decides in which task and container a command is to run (ECS Exec), and says why it cannot run there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ecsdeploy.errors import Refused
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.execution import Reach, ReachableContainer
from ecsdeploy.model.service import Service, Task

_LEAST_HEALTHY = {"HEALTHY": 2, "UNHEALTHY": 0}
"""Without a health check, ECS says UNKNOWN."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MOST_NAMED = 5
NOTHING = "No session was opened."


def newest_task(service: Service, tasks: Sequence[Task]) -> Task:
    """The task of the service's PRIMARY deployment that runs: a healthy one if there is one, of these the newest.

    `Refused`, with the reason, if none runs.
    """
    running = [each for each in tasks if _is_up(each)]
    of_newest = [each for each in running if _is_of_newest(each, service)]
    if not of_newest:
        raise _no_task(service, tasks, running)
    return max(of_newest, key=lambda each: (_LEAST_HEALTHY.get(each.health, 1), each.started_at or _LONG_AGO))


def refuse_if_down(task: Task) -> None:
    """Raise `Refused` for a task that does not run, with what ECS says of it."""
    if _is_up(task):
        return
    why = f": {task.stopped_reason.rstrip('.')}" if task.stopped_reason else ""
    now = "has stopped" if task.has_stopped else "is about to stop" if task.runs else f"is {task.status}"
    raise Refused(f"The task `{task.id}` {now}{why}.", hint=f"Name another with `--task`. {NOTHING}")


def reachable(reach: Reach, name: str, task: Task, service: Service) -> ReachableContainer:
    """The container of this name, if a command can run in it. `Refused`, with the reason, if it cannot.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    """
    if not reach.enabled:
        text = f"The task `{task.id}` was started without ECS Exec (`enableExecuteCommand`)."
        raise Refused(text, hint=f"{_turn_on(service)} {NOTHING}")
    found = next((each for each in reach.containers if each.name == name), None)
    if found is None or found.status != "RUNNING" or not found.runtime_id:
        status = f"is {found.status}" if found and found.status else "is not among its containers yet"
        raise Refused(f"The container `{name}` of the task `{task.id}` {status}.", hint=NOTHING)
    if found.agent not in {"", "RUNNING"}:
        raise _no_agent(found, task)
    return found


def _turn_on(service: Service) -> str:
    """What to do. ECS changes it only for services that it deploys itself: API_UpdateService."""
    if service.controller != "ECS":
        return f"With the controller `{service.controller}`, ECS takes that only when the service is created."
    return (
        "Turn it on for the service, and deploy anew, as a task keeps what it was started with: "
        f"`aws ecs update-service --cluster {revision_name(service.cluster_arn)} --service {service.name} "
        "--enable-execute-command --force-new-deployment`."
    )


def _no_agent(found: ReachableContainer, task: Task) -> Refused:
    why = f": {found.agent_reason.rstrip('.')}" if found.agent_reason else ""
    todo = (
        "Try again in a few seconds."
        if found.agent == "PENDING"
        else "It needs a root file system that it can write, and a task role that allows `ssmmessages`."
    )
    return Refused(
        f"The agent of ECS Exec in the container `{found.name}` of the task `{task.id}` is {found.agent}{why}.",
        hint=f"{todo} {NOTHING}",
    )


def _is_up(task: Task) -> bool:
    return task.runs and task.desired_status == "RUNNING"


def _is_of_newest(task: Task, service: Service) -> bool:
    """Whether the PRIMARY deployment started the task; without one, whether it has the service's revision."""
    if service.primary is None:
        return task.task_definition == service.task_definition
    return task.started_by == service.primary.id


def _no_task(service: Service, tasks: Sequence[Task], running: Sequence[Task]) -> Refused:
    newest = revision_name(service.primary.task_definition if service.primary else service.task_definition)
    starting = [each for each in tasks if not each.has_stopped and _is_of_newest(each, service)]
    if running:
        ids = ", ".join(f"`{each.id}` ({revision_name(each.task_definition)})" for each in running[:_MOST_NAMED])
        return Refused(
            f"No task of the newest deployment of `{service.name}` (`{newest}`) runs.",
            hint=f"{_why(service)} With `--task` you can name one of an older deployment: {ids}.",
        )
    if starting:
        many = f"{len(starting)} are starting" if len(starting) > 1 else "one is starting"
        return Refused(f"No task of `{service.name}` runs yet: {many}.", hint=f"Try again later. {NOTHING}")
    if service.desired == 0:
        return Refused(
            f"No task of `{service.name}` runs: its desired count is 0.",
            hint=f"`ecs-deploy scale {_named(service)} --to 1` starts one. {NOTHING}",
        )
    return Refused(f"No task of `{service.name}` runs.", hint=f"{_why(service)} {NOTHING}")


def _why(service: Service) -> str:
    return f"`ecs-deploy doctor {_named(service)}` says why."


def _named(service: Service) -> str:
    return f"-c {revision_name(service.cluster_arn)} -n {service.name}"
