"""Chooses tasks of a service, by what the user names; every error says which there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ecsdeploy.diagnose.causes import read_task
from ecsdeploy.errors import NoSuchResource, UsageError
from ecsdeploy.model.arn import deployment_number, revision_name
from ecsdeploy.model.looking import LogsRequest
from ecsdeploy.model.nearest import did_you_mean, near
from ecsdeploy.model.service import Service, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.revisions import revision_meant

_MOST_NAMED = 5


def chosen(
    tasks: Sequence[Task], definitions: Mapping[str, TaskDefinition], request: LogsRequest, service: Service
) -> tuple[Task, ...]:
    """Errors: `NoSuchResource` where none of them is what is named, with those that there are."""
    if request.task:
        return (the_task(tasks, request.task, service.name),)
    if request.revision:
        wanted = revision_name(revision_meant(request.revision, service))
        found = tuple(each for each in tasks if revision_name(each.task_definition) == wanted)
        return found or _none(f"of `{wanted}`", (revision_name(each.task_definition) for each in tasks), service.name)
    if request.deployment:
        digits = deployment_number(request.deployment)
        found = tuple(each for each in tasks if deployment_number(each.started_by) == digits)
        return found or _none(f"of `{request.deployment}`", (each.started_by for each in tasks), service.name)
    if request.only_failed:
        return tuple(each for each in tasks if ends(each) and read_task(each, definitions[each.task_definition]))
    return tuple(tasks)


def ends(task: Task) -> bool:
    """Whether it has stopped, or is being stopped: why, ECS says from then on."""
    return task.has_stopped or task.desired_status == "STOPPED"


def the_task(tasks: Sequence[Task], named: str, service: str) -> Task:
    """The one whose id begins so, or whose ARN this is. Errors: `NoSuchResource`; `UsageError` where several do."""
    wanted = named.rpartition("/")[2]
    found = [each for each in tasks if each.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"`{each.id}`" for each in found[:_MOST_NAMED])
        raise UsageError(f"Several tasks of `{service}` begin with `{named}`: {several}.", hint="Name more of the id.")
    ids = [each.id for each in tasks]
    raise NoSuchResource(
        f"No task of `{service}` has the id `{named}`; ECS forgets a task about an hour after it stopped.",
        hint=_those(near(wanted, ids, most=3) or ids, "tasks"),
    )


def check_container(name: str, definitions: Iterable[TaskDefinition], service: str) -> None:
    """Errors: `UsageError` where no revision of the tasks has such a container."""
    names = dict.fromkeys(each for one in definitions for each in one.images)
    if name and names and name not in names:
        hint = did_you_mean(name, names) or _those(names, "containers")
        raise UsageError(f"No container of `{service}` is called `{name}`.", hint=hint)


def _none(what: str, there: Iterable[str], service: str) -> tuple[Task, ...]:
    raise NoSuchResource(
        f"No task of `{service}` is {what}: none runs, and none has stopped within the last hour.",
        hint=_those(sorted({*there} - {""}), "tasks"),
    )


def _those(names: Iterable[str], what: str) -> str:
    listed = [*names]
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    told = ", ".join(f"`{each}`" for each in listed[:_MOST_NAMED])
    return f"Its {what} are {told}{more}." if listed else f"It has no {what}."
