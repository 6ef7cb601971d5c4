"""Applies the edits of other parts than images: variables, commands, sizes and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from ecsdeploy.model.arn import account_of, partition_of
from ecsdeploy.model.edits import (
    DefinitionEdit,
    KeepVariables,
    Patch,
    PinImages,
    SetMember,
    SetSecret,
    SetTaskMember,
    SetVariable,
    UnsetSecret,
    UnsetVariable,
)
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition, as_kept
from ecsdeploy.model.values import replace
from ecsdeploy.plan import variables
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.containers import meant_by

Edited = tuple[TaskDefinition, tuple[Finding, ...]]

_OPTIONS = {"command": "--command", "entryPoint": "--entrypoint", "cpu": "--cpu", "memory": "--memory"}
_OF_TASK = {
    "cpu": "--task-cpu",
    "memory": "--task-memory",
    "taskRoleArn": "--task-role",
    "executionRoleArn": "--execution-role",
}
_ROLES = frozenset({"taskRoleArn", "executionRoleArn"})


def edited(definition: TaskDefinition, edit: DefinitionEdit) -> Edited:
    """The definition after the edit, and what the user should know about it.

    `UsageError` if it is not clear which container is meant, `Refused` if there is nothing to change.
    """
    match edit:
        case SetVariable() | UnsetVariable() | SetSecret() | UnsetSecret():
            return variables.edited(definition, edit)
        case KeepVariables():
            return variables.kept(definition, edit)
        case SetMember():
            return _of_containers(definition, edit)
        case SetTaskMember():
            return _of_task(definition, edit)
        case Patch():
            # Imported here with its library, which the other edits do without.
            from ecsdeploy.plan.patch import patched

            return patched(definition, edit)
        case PinImages():
            return _pinned(definition, edit)
        case _ as never:
            assert_never(never)


def _of_containers(definition: TaskDefinition, edit: SetMember) -> Edited:
    option = _OPTIONS[edit.member]
    meant = meant_by(definition, edit.container, f"`{option}`", f"{option} {{}}=...")
    value = [*edit.value] if isinstance(edit.value, tuple) else edit.value
    changed = {each.name: _with(each.payload, edit.member, value) for each in meant}
    containers = [changed.get(each.name, each.payload) for each in definition.containers]
    same = [f"container `{each.name}`" for each in meant if changed[each.name] == each.payload]
    after = replace(definition, payload={**definition.payload, "containerDefinitions": containers})
    return after, tuple(found("C-NO-CHANGE", option, where) for where in same)


def _of_task(definition: TaskDefinition, edit: SetTaskMember) -> Edited:
    value = _role(definition, edit.value) if edit.member in _ROLES and edit.value else edit.value
    after = replace(definition, payload=_with(definition.payload, edit.member, value))
    before = as_kept(edit.member, definition.payload.get(edit.member)) or None
    same = (found("C-NO-CHANGE", _OF_TASK[edit.member], "the task"),) if before == value else ()
    return after, same


def _pinned(definition: TaskDefinition, edit: PinImages) -> Edited:
    digests = dict(edit.digests)
    containers = [{**each.payload, "image": digests.get(each.image, each.image)} for each in definition.containers]
    after = replace(definition, payload={**definition.payload, "containerDefinitions": containers})
    return after, (found("C-NOT-PINNED", *edit.left),) if edit.left else ()


def _with(payload: Mapping[str, object], member: str, value: object) -> Mapping[str, object]:
    """The payload with the member set; None removes it."""
    if value is None:
        return {name: each for name, each in payload.items() if name != member}
    return {**payload, member: value}


def _role(definition: TaskDefinition, role: str) -> str:
    """The ARN of a role: a name alone becomes one in the definition's account, if that is known.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    account = account_of(definition.arn)
    if role.startswith("arn:") or not account:
        return role
    return f"arn:{partition_of(definition.arn)}:iam::{account}:role/{role}"
