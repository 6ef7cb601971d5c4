"""Checks for placeholders of a template that nobody has filled in: `<NAME>`, `${NAME}`, `{{NAME}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import OUTPUT_ONLY, TaskDefinition
from ecsdeploy.plan.checks.sentences import found

_PLACE = re.compile(r"<[A-Za-z][\w .-]*>|\$\{[^{}]*\}|\{\{[^{}]*\}\}")
_NAMES = frozenset(
    {"cpu", "executionRoleArn", "family", "image", "memory", "networkMode", "requiresCompatibilities", "taskRoleArn"}
)
"""Members in which ECS refuses these characters."""
_OF_PROGRAMS = frozenset({"command", "dockerLabels", "entryPoint", "healthCheck", "name"})
"""Members in which such a text may be meant as it is, or be filled in by a program in the container."""


def check_places(definition: TaskDefinition, running: TaskDefinition | None) -> tuple[Finding, ...]:
    """An error for placeholders that ECS refuses, and a warning for others.

    A text that the running revision has too works, so it is no placeholder.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    before = set(_places(running.payload)) if running is not None else set()
    fresh = [each for each in _places(definition.payload) if each not in before]
    refused = [f"{text} ({path})" for path, text, is_name in fresh if is_name]
    left = [f"{text} ({path})" for path, text, is_name in fresh if not is_name]
    told = (("C-PLACEHOLDER", refused), ("C-PLACEHOLDER-LEFT", left))
    return tuple(found(code, *places) for code, places in told if places)


def _places(payload: Mapping[str, object]) -> tuple[tuple[str, str, bool], ...]:
    """The placeholders, each once: path, text, and whether ECS refuses it there."""
    members = {name: value for name, value in payload.items() if name not in OUTPUT_ONLY}
    return tuple(dict.fromkeys(_within(members, "", "")))


def _within(value: object, path: str, member: str) -> Iterator[tuple[str, str, bool]]:
    match value:
        case Mapping():
            for name, each in value.items():
                if name not in _OF_PROGRAMS and not _is_of_router(name, value):
                    yield from _within(each, f"{path}.{name}" if path else str(name), str(name))
        case list():
            for each in value:
                named = each.get("name") if isinstance(each, Mapping) else None
                yield from _within(each, f"{path}[{named}]" if named else path, member)
        case str():
            if member in _NAMES:
                yield from ((path, text, True) for text in _PLACE.findall(value))
            elif _PLACE.fullmatch(value) or (member != "value" and _PLACE.search(value)):
                yield from ((path, text, False) for text in _PLACE.findall(value))
        case _:
            pass


def _is_of_router(name: str, configuration: Mapping[str, object]) -> bool:
    """Whether these are the options of a log router, which fills placeholders in by itself.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html
    """
    return name == "options" and configuration.get("logDriver") == "awsfirelens"
