"""Says the edits of a one-off task as overrides of RunTask, where overrides can say them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ecsdeploy.model.taskdef import TaskDefinition, parts

_OF_TASK = ("cpu", "memory", "taskRoleArn", "executionRoleArn")
_ROLES = ("taskRoleArn", "executionRoleArn")
_OF_CONTAINER = ("command", "cpu", "memory", "memoryReservation")
_ENVIRONMENT = "environment"
_MOST = 8192
"""ECS takes no more characters of overrides."""


def overrides(before: TaskDefinition, after: TaskDefinition) -> Mapping[str, object] | None:
    """The overrides that make a task of `before` what a task of `after` would be; None where none do."""
    old, new = before.registration(), after.registration()
    names = [each.name for each in before.containers]
    if names != [each.name for each in after.containers] or _differs(old, new, (*_OF_TASK, "containerDefinitions")):
        return None
    of_task = _changed(old, new, _OF_TASK)
    pairs = zip(before.containers, after.containers, strict=True)
    of_containers = [_of_container(each.payload, other.payload) for each, other in pairs]
    if of_task is None or any(each is None for each in of_containers) or not _are_arns(of_task):
        return None
    named = [{"name": name, **each} for name, each in zip(names, of_containers, strict=True) if each]
    said = of_task | ({"containerOverrides": named} if named else {})
    return said if len(json.dumps(said)) <= _MOST else None


def _differs(old: Mapping[str, object], new: Mapping[str, object], but: tuple[str, ...]) -> bool:
    """Whether another member than these does."""
    return any(old.get(each) != new.get(each) for each in old.keys() | new.keys() if each not in but)


def _changed(
    old: Mapping[str, object], new: Mapping[str, object], members: tuple[str, ...]
) -> dict[str, object] | None:
    """Those of the members that differ; None where one of them is gone, as no override takes anything away."""
    different = [each for each in members if old.get(each) != new.get(each)]
    return {each: new[each] for each in different} if all(new.get(each) for each in different) else None


def _of_container(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object] | None:
    if _differs(old, new, (*_OF_CONTAINER, _ENVIRONMENT)):
        return None
    members, variables = _changed(old, new, _OF_CONTAINER), _variables(old, new)
    if members is None or variables is None:
        return None
    return members | ({_ENVIRONMENT: variables} if variables else {})


def _variables(old: Mapping[str, object], new: Mapping[str, object]) -> list[dict[str, object]] | None:
    """The variables that are set; None where one is gone."""
    before, after = _by_name(old), _by_name(new)
    if not before.keys() <= after.keys():
        return None
    return [{"name": name, "value": text} for name, text in after.items() if before.get(name) != text]


def _by_name(container: Mapping[str, object]) -> dict[str, object]:
    return {str(each.get("name")): each.get("value") for each in parts(container, _ENVIRONMENT)}


def _are_arns(of_task: Mapping[str, object]) -> bool:
    """A definition may have the name of a role; an override has its ARN."""
    return all(str(of_task.get(each, "arn:")).startswith("arn:") for each in _ROLES)
