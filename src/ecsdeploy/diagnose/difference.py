"""What changed between two revisions that can explain a failure: names alone, never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ecsdeploy.diagnose.known_cause import Aspect
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.difference import How, by_name, how
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

_MOST = 4
"""A sentence names so many changes at most: a longer list explains nothing, and the plan has it."""

_OF_A_TASK = {
    "cpu": Aspect.CPU,
    "memory": Aspect.MEMORY,
    "executionRoleArn": Aspect.EXECUTION_ROLE,
    "taskRoleArn": Aspect.TASK_ROLE,
    "runtimePlatform": Aspect.PLATFORM,
    "networkMode": Aspect.NETWORK,
    "volumes": Aspect.VOLUME,
}
_OF_A_CONTAINER = {
    "command": Aspect.COMMAND,
    "entryPoint": Aspect.ENTRY_POINT,
    "portMappings": Aspect.PORT,
    "memory": Aspect.MEMORY,
    "memoryReservation": Aspect.MEMORY,
    "cpu": Aspect.CPU,
    "healthCheck": Aspect.HEALTH_CHECK,
    "dependsOn": Aspect.DEPENDENCY,
    "logConfiguration": Aspect.LOGGING,
    "mountPoints": Aspect.VOLUME,
    "user": Aspect.USER,
    "environmentFiles": Aspect.VARIABLE_FILE,
}
_NAMED = {"environment": Aspect.VARIABLE, "secrets": Aspect.SECRET}


@value(frozen=True, slots=True, kw_only=True)
class Change:
    """A part that differs; variables and secrets have a `name`."""

    aspect: Aspect
    how: How
    name: str = ""


def changes(old: TaskDefinition, new: TaskDefinition, container: str = "") -> tuple[Change, ...]:
    """What differs in the task and in `container`, each change once; without one, in all containers that both have."""
    pairs = (
        (before.payload, each.payload)
        for each in new.containers
        if container in ("", each.name) and (before := old.container(each.name))
    )
    of_containers = (change for pair in pairs for change in (*_of_names(*pair), *_of(*pair, _OF_A_CONTAINER)))
    return tuple(dict.fromkeys((*of_containers, *_of(old.payload, new.payload, _OF_A_TASK))))


def explanation(
    old: TaskDefinition, new: TaskDefinition, found: Iterable[Change], said: tuple[str, ...], aspects: Iterable[Aspect]
) -> str:
    """One sentence about the changes that may have led to a cause; empty where none may have.

    `aspects` are the parts whose change can lead to the cause. `said` are the texts about the failure: where one of
    them names a variable or a secret that has changed, the sentence is about that alone.
    """
    plausible = [each for each in found if each.aspect in set(aspects)]
    told = [each for each in plausible if each.name and _is_named(each.name, said)] or plausible
    before, after = revision_name(old.arn) or "the revision before", revision_name(new.arn) or "this one"
    if not told:
        return ""
    if all(each.how is How.REMOVED and each.name for each in told):
        return f"{before} defined {_joined(each.name for each in told)}, {after} does not."
    return f"{after} differs from {before} in the {_joined(_in_words(each) for each in told)}."


def _of(old: Mapping[str, object], new: Mapping[str, object], members: Mapping[str, Aspect]) -> Iterator[Change]:
    for member, aspect in members.items():
        changed = how(old.get(member), new.get(member))
        if changed is not None:
            yield Change(aspect=aspect, how=changed)


def _of_names(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for member, aspect in _NAMED.items():
        before, after = by_name(old.get(member)), by_name(new.get(member))
        for name in dict.fromkeys((*before, *after)):
            changed = how(before.get(name), after.get(name))
            if changed is not None:
                yield Change(aspect=aspect, how=changed, name=name)


def _is_named(name: str, said: tuple[str, ...]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in said)


def _in_words(change: Change) -> str:
    part = f"{change.aspect.value} {change.name}".strip()
    return part if change.how is How.CHANGED else f"{part} ({change.how.value})"


def _joined(words: Iterable[str]) -> str:
    whole = list(dict.fromkeys(words))
    shown = whole[:_MOST]
    if len(whole) > _MOST:
        shown.append(f"{len(whole) - _MOST} more")
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last
