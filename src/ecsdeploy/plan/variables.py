"""Applies edits of the variables and secrets of containers, and leaves all that they do not name as it is.

ECS refuses a name that is in both lists of a container:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, assert_never

from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import (
    KeepVariables,
    SetSecret,
    SetVariable,
    UnsetSecret,
    UnsetVariable,
    VariableEdit,
)
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.containers import NOTHING, meant_by

Entries = list[Mapping[str, object]]


class _Kind(NamedTuple):
    """One of the two lists of a container: its member, what an entry is called, and the option that removes one."""

    member: str
    called: str
    unset: str


_VARIABLE = _Kind("environment", "variable", "--unset-env")
_SECRET = _Kind("secrets", "secret", "--unset-secret")


def edited(definition: TaskDefinition, edit: VariableEdit) -> tuple[TaskDefinition, tuple[Finding, ...]]:
    """The definition after the edit, and what the user should know about it.

    `UsageError` if it is not clear which container is meant, `Refused` if there is nothing to change.
    """
    meant = meant_by(definition, edit.container, f"the edit of `{edit.name}`", f"{{}}:{edit.name}")
    if isinstance(edit, UnsetVariable | UnsetSecret):
        meant = _holding(meant, edit)
    changed = {each.name: _change(each, edit) for each in meant}
    containers = [changed.get(each.name, each.payload) for each in definition.containers]
    after = replace(definition, payload={**definition.payload, "containerDefinitions": containers})
    return after, tuple(finding for each in meant for finding in _findings(each, edit, changed[each.name]))


def kept(definition: TaskDefinition, edit: KeepVariables) -> tuple[TaskDefinition, tuple[Finding, ...]]:
    """`--replace-env`: the definition with only the variables that this command gives. Findings: as of `edited`."""
    meant = meant_by(definition, edit.container, "`--replace-env`", "--replace-env {}")
    given = {
        (container.name, name)
        for asked, name in edit.given
        for container in meant_by(definition, asked, f"the edit of `{name}`", f"{{}}:{name}")
    }
    left = {
        each.name: [entry for entry in _entries(each, _VARIABLE) if _is_given(each, entry, given)] for each in meant
    }
    same = [each.name for each in meant if len(left[each.name]) == len(_entries(each, _VARIABLE))]
    containers = [
        {**each.payload, "environment": left[each.name]}
        if each.name in left and each.name not in same
        else each.payload
        for each in definition.containers
    ]
    after = replace(definition, payload={**definition.payload, "containerDefinitions": containers})
    return after, tuple(found("C-NO-CHANGE", "--replace-env", f"container `{name}`") for name in same)


def _is_given(container: ContainerDefinition, entry: Mapping[str, object], given: Collection[tuple[str, str]]) -> bool:
    return (container.name, str(entry.get("name"))) in given


def _holding(meant: list[ContainerDefinition], edit: UnsetVariable | UnsetSecret) -> list[ContainerDefinition]:
    """The containers that have what the edit removes. `Refused` if none has it."""
    kind, other = (_VARIABLE, _SECRET) if isinstance(edit, UnsetVariable) else (_SECRET, _VARIABLE)
    holding = [each for each in meant if _has(_entries(each, kind), edit.name)]
    if holding:
        return holding
    of_other = [each for each in meant if _has(_entries(each, other), edit.name)]
    names = [str(entry.get("name")) for each in meant for entry in _entries(each, kind)]
    hint = did_you_mean(edit.name, names)
    if of_other:
        what = "a secret" if other is _SECRET else "a plain variable"
        hint = f"It is {what}: `{other.unset} {of_other[0].name}:{edit.name}` takes it away."
    who = f"The container `{meant[0].name}` has no" if len(meant) == 1 else "None of the containers has a"
    raise Refused(f"{who} {kind.called} `{edit.name}`.", hint=" ".join(filter(None, (hint, NOTHING))))


def _change(container: ContainerDefinition, edit: VariableEdit) -> Mapping[str, object]:
    variables, secrets = _entries(container, _VARIABLE), _entries(container, _SECRET)
    match edit:
        case SetVariable() if _has(secrets, edit.name):
            raise _is_secret(container, edit.name)
        case SetVariable():
            return {**container.payload, "environment": _put(variables, edit.name, "value", edit.value)}
        case UnsetVariable():
            return {**container.payload, "environment": _without(variables, edit.name)}
        case SetSecret():
            plain = {"environment": _without(variables, edit.name)} if _has(variables, edit.name) else {}
            return {**container.payload, **plain, "secrets": _put(secrets, edit.name, "valueFrom", edit.source)}
        case UnsetSecret():
            return {**container.payload, "secrets": _without(secrets, edit.name)}
        case _ as never:
            assert_never(never)


def _is_secret(container: ContainerDefinition, name: str) -> Refused:
    return Refused(
        f"The variable `{name}` of container `{container.name}` stands among its secrets.",
        hint=f"Take it from there first, with `{_SECRET.unset} {container.name}:{name}`. {NOTHING}",
    )


def _entries(container: ContainerDefinition, kind: _Kind) -> Entries:
    """One of the container's lists. `Refused` if it is something else, as the edit would replace that."""
    listed = container.payload.get(kind.member)
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise Refused(
            f"The `{kind.member}` of container `{container.name}` is no list of objects.",
            hint=f"Correct it in the definition. {NOTHING}",
        )
    return listed


def _has(entries: Entries, name: str) -> bool:
    return any(each.get("name") == name for each in entries)


def _put(entries: Entries, name: str, member: str, value: str) -> Entries:
    """The entries with this one set, in the same order; a new one comes last."""
    changed: Entries = [{**each, member: value} if each.get("name") == name else each for each in entries]
    return changed if _has(entries, name) else [*changed, {"name": name, member: value}]


def _without(entries: Entries, name: str) -> Entries:
    return [each for each in entries if each.get("name") != name]


def _findings(before: ContainerDefinition, edit: VariableEdit, after: Mapping[str, object]) -> Iterator[Finding]:
    if after == before.payload:
        yield found("C-SAME-VALUE", edit.name, before.name)
