"""Reads a task definition from a file: as ECS describes it (in `taskDefinition`), bare, or a filled-in skeleton."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, cast

from ecsdeploy.cli.files.template import filled
from ecsdeploy.errors import UsageError
from ecsdeploy.model.request import FromFile
from ecsdeploy.model.taskdef import OUTPUT_ONLY, TaskDefinition, without_nulls

_SIZE_LIMIT = 64 * 1024
"""The most bytes of a definition, as compact JSON: https://docs.aws.amazon.com/general/latest/gr/ecs-service.html"""
_FILE_LIMIT = 16 * _SIZE_LIMIT
"""A larger file is no definition, even with much white space and many nulls."""


def read_base(name: str, cwd: Path, values: Mapping[str, str] | None = None) -> FromFile:
    """The definition in the file, without nulls and without what ECS adds.

    `values` fill the places of a template; without them, the places stay as they are. Raises a `UsageError`, one
    sentence that names the file, if it is no definition.
    """
    whole = _json(_text(cwd / name, name), name)
    if values:
        whole = _filled(whole, values, name)
    inner = whole.get("taskDefinition", whole)
    if not isinstance(inner, dict):
        raise _wrong(name, "has a `taskDefinition` that is not an object")
    tags = _tags(inner.pop("tags", None) or whole.get("tags") or [], name)
    try:
        payload = cast("dict[str, object]", without_nulls(inner))
    except RecursionError:
        raise _wrong(name, "is nested too deep") from None
    # In a skeleton, a member that was not filled in is an empty text, which ECS takes nowhere at the top level. We also
    # drop the ARN of the revision that the file was saved from, or we would take the file for that revision.
    payload = {key: value for key, value in payload.items() if value != "" and key not in OUTPUT_ONLY}
    _check(payload, name)
    return FromFile(path=name, definition=TaskDefinition(payload=payload, tags=tags))


def _filled(whole: Mapping[str, object], values: Mapping[str, str], name: str) -> dict[str, object]:
    try:
        return cast("dict[str, object]", filled(whole, values, name))
    except RecursionError:
        raise _wrong(name, "is nested too deep") from None


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The task definition file `{name}` {what}.", hint=hint)


def _text(path: Path, name: str) -> str:
    try:
        if not path.is_file():
            raise _wrong(name, "is not a file" if path.exists() else "does not exist", "Check the path.")
        if path.stat().st_size > _FILE_LIMIT:
            raise _wrong(name, "is larger than 1 MiB, and ECS takes 64 KiB at most")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _wrong(name, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _wrong(name, "is not UTF-8 text") from None


def _json(text: str, name: str) -> dict[str, object]:
    try:
        parsed = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        at_the_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        where, why = f"line {error.lineno}, column {error.colno}", error.msg[:1].lower() + error.msg[1:]
        hint = "Is the file complete?" if at_the_end else ""
        raise _wrong(name, f"is not JSON: {where}: {why}", hint) from None
    except (ValueError, RecursionError):
        raise _wrong(name, "is not JSON") from None
    if not isinstance(parsed, dict):
        raise _wrong(name, "holds no JSON object", "It is `{...}`, with or without `taskDefinition` around it.")
    return parsed


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _check(payload: Mapping[str, object], name: str) -> None:
    size = len(json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode())
    if size > _SIZE_LIMIT:
        raise _wrong(name, f"has {size} bytes as compact JSON, and ECS takes 65536 at most")
    if "family" not in payload:
        raise _wrong(name, "has no `family`", "Name the family of revisions that it belongs to.")
    if not isinstance(payload["family"], str):
        raise _wrong(name, "has a `family` that is not a text")
    if "containerDefinitions" not in payload:
        raise _wrong(name, "has no `containerDefinitions`")
    _check_containers(payload["containerDefinitions"], name)


def _check_containers(containers: object, name: str) -> None:
    if not isinstance(containers, list):
        raise _wrong(
            name, "has `containerDefinitions` that are not a list", "They are `[{...}]`, also if there is one."
        )
    if not containers:
        raise _wrong(name, "has no container in its `containerDefinitions`")
    for each in containers:
        if not isinstance(each, dict):
            raise _wrong(name, "has a container definition that is not an object")
        if not isinstance(each.get("name"), str):
            raise _wrong(name, "has a container definition without a `name`")


def _tags(raw: object, name: str) -> tuple[tuple[str, str], ...]:
    """Tags as ECS writes them: `[{"key": ..., "value": ...}]`."""
    items = [item for item in (raw if isinstance(raw, list) else [raw]) if isinstance(item, dict) and item.get("key")]
    if isinstance(raw, list) and len(items) == len(raw):
        return tuple((str(item["key"]), str(item.get("value") or "")) for item in items)
    raise _wrong(name, 'has `tags` that are no list of `{"key": ..., "value": ...}`')
