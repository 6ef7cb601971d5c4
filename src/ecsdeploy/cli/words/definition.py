"""Turns the options that edit the definition into edits, in the order in which we make them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ecsdeploy.cli.files.patchfile import read_patch
from ecsdeploy.cli.options.definition import REPLACE_ONLY
from ecsdeploy.cli.words.gate import split_words
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.variables import variable_edits
from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import (
    DefinitionEdit,
    KeepVariables,
    Patch,
    SetMember,
    SetTaskMember,
    SetVariable,
    VariableEdit,
)
from ecsdeploy.model.taskdef import units

_FOR_CONTAINER = re.compile(r"(?:([A-Za-z0-9_-]+|\*)=)?(.*)", re.ASCII | re.DOTALL)
_CONTAINER = re.compile(r"[A-Za-z0-9_-]+|\*", re.ASCII)
_CPU = re.compile(r"\d{1,9}|\d{0,6}(\.\d{1,6})?\s*vCPU", re.ASCII | re.IGNORECASE)
_MEMORY = re.compile(r"\d{1,9}|\d{0,6}(\.\d{1,6})?\s*GB", re.ASCII | re.IGNORECASE)
_ROLE = re.compile(r"(?:arn:aws[a-z-]*:iam::\d{12}:role/)?[\w+=,.@/-]{1,576}", re.ASCII)
_NONE = "none"
_WORDS = (("command", "command"), ("entrypoint", "entryPoint"))
_SIZES = (("cpu", _CPU, "`512` or `0.5 vCPU`"), ("memory", _MEMORY, "`1024` (MiB) or `1 GB`"))
_ROLES = (("task_role", "taskRoleArn"), ("execution_role", "executionRoleArn"))


def definition_edits(given: Given, cwd: Path) -> tuple[DefinitionEdit, ...]:
    """The edits. Raises a `UsageError` for what can be seen to be wrong without the definition."""
    variables = variable_edits(given, cwd)
    parts = (*_words(given), *_sizes(given), *_roles(given))
    return (*parts, *variables, *_replaced(given, variables), *_patches(given, cwd))


def _words(given: Given) -> Iterator[SetMember]:
    """Commands and entry points. They may hold secrets, so no message repeats them. `[]` means the image's own."""
    for key, member in _WORDS:
        for container, text in _of_containers(given, key):
            form = "Write it as `[CONTAINER=]WORDS`, or with a JSON list of texts in place of the words."
            words = split_words(text, given.origin(key), form)
            if not (words or text.startswith("[")):
                raise UsageError(f"{given.origin(key)} has no words.", hint=f"{form} `[]` means the image's own.")
            yield SetMember(member=member, value=words or None, container=container)


def _sizes(given: Given) -> Iterator[SetMember | SetTaskMember]:
    for key, form, example in _SIZES:
        for container, text in _of_containers(given, key):
            yield SetMember(member=key, value=_size(given.origin(key), text, form, example), container=container)
        of_task = f"task_{key}"
        if given.has(of_task):
            size = _size(given.origin(of_task), given.text(of_task), form, example)
            yield SetTaskMember(member=key, value=str(size))


def _size(origin: str, text: str, form: re.Pattern[str], example: str) -> int:
    size = units(text) if form.fullmatch(text.strip()) else None
    if not size:
        raise UsageError(f"{origin} must be a size such as {example}, not `{text}`.")
    return size


def _roles(given: Given) -> Iterator[SetTaskMember]:
    for key, member in _ROLES:
        text = given.text(key)
        if text and (not _ROLE.fullmatch(text) or text.startswith("/")):
            raise UsageError(
                f"{given.origin(key)} must be the ARN or the name of an IAM role, not `{text}`.",
                hint="Write `arn:aws:iam::123456789012:role/NAME`, `NAME`, or `none` for no role.",
            )
        if text:
            yield SetTaskMember(member=member, value=None if text == _NONE else text)


def _patches(given: Given, cwd: Path) -> Iterator[Patch]:
    """The patches. We make them last: they may change what the other options set."""
    for text in given.texts("patch"):
        if not text:
            raise UsageError(f"{given.origin('patch')} names no file.", hint="Give a file, or a JSON list.")
        yield read_patch(text, cwd)


def _of_containers(given: Given, key: str) -> Iterator[tuple[str, str]]:
    """Container and text of each value. Raises a `UsageError` if one container has two."""
    seen: set[str] = set()
    for each in given.texts(key):
        match = _FOR_CONTAINER.fullmatch(each)
        container, text = (match[1] or "", match[2]) if match else ("", each)
        if container in seen:
            which = f" for `{container}`" if container else ""
            raise UsageError(f"{given.origin(key)} is given twice{which}.", hint="Give it once for each container.")
        seen.add(container)
        yield container, text


def _replaced(given: Given, edits: tuple[VariableEdit, ...]) -> Iterator[KeepVariables]:
    """The edits that remove all other variables. We make them after the variables are set."""
    kept = tuple((each.container, each.name) for each in edits if isinstance(each, SetVariable))
    for text in dict.fromkeys(given.texts("replace_env")):
        if text != REPLACE_ONLY and not _CONTAINER.fullmatch(text):
            raise UsageError(
                f"{given.origin('replace_env')} takes the name of a container, and no other text.",
                hint="Write `--replace-env`, `--replace-env CONTAINER`, or `--replace-env '*'` for all.",
            )
        yield KeepVariables(given=kept, container="" if text == REPLACE_ONLY else text)
