"""Checks a request by the SDK's model of it: types and required members; unknown members pass.

The SDK's own validator refuses members that are newer than it is, and quotes values, which may be secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ecsdeploy.errors import UsageError

_SCALARS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a string"),
    "integer": ((int,), "an integer"),
    "long": ((int,), "an integer"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
}


def refuse_wrong(
    request: Mapping[str, object], shape: Any, subject: str, operation: str = "RegisterTaskDefinition"
) -> None:
    """Raise a `UsageError` naming each member of `request` that the operation's input `shape` rules out."""
    problems = tuple(_problems(request, shape, ""))
    if problems:
        raise UsageError(
            f"The definition of {subject} is not usable: {'; '.join(problems)}.",
            hint=f"https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_{operation}.html",
        )


def unknown(value: object, shape: Any, path: str = "") -> Iterator[str]:
    """The members in `value`, which is none that `refuse_wrong` refuses, that the SDK's model does not have."""
    if isinstance(value, Mapping) and shape.type_name == "structure":
        for name, member in value.items():
            here = _join(path, name)
            if name in shape.members:
                yield from unknown(member, shape.members[name], here)
            else:
                yield here
    elif isinstance(value, Mapping) and shape.type_name == "map":
        for name, item in value.items():
            yield from unknown(item, shape.value, _join(path, str(name)))
    elif isinstance(value, list) and shape.type_name == "list":
        for index, item in enumerate(value):
            yield from unknown(item, shape.member, f"{path}[{index}]")


def _problems(value: object, shape: Any, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _structure_problems(value, shape, path)
        case "list":
            yield from _list_problems(value, shape, path)
        case "map":
            yield from _map_problems(value, shape, path)
        case kind:
            yield from _scalar_problems(value, kind, path)


def _structure_problems(value: object, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"`{path}` must be an object"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"`{_join(path, name)}` is missing"
    for name, member in shape.members.items():
        if name in value:
            yield from _problems(value[name], member, _join(path, name))


def _list_problems(value: object, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield f"`{path}` must be a list"
        return
    for index, item in enumerate(value):
        yield from _problems(item, shape.member, f"{path}[{index}]")


def _map_problems(value: object, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"`{path}` must be an object"
        return
    for name, item in value.items():
        yield from _problems(item, shape.value, _join(path, str(name)))


def _scalar_problems(value: object, kind: str, path: str) -> Iterator[str]:
    if kind not in _SCALARS:
        return
    kinds, words = _SCALARS[kind]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield f"`{path}` must be {words}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
