"""Applies a JSON Patch (RFC 6902) to a task definition; its paths may name an item of a list instead of its number.

https://www.rfc-editor.org/rfc/rfc6902
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jsonpatch
from jsonpointer import JsonPointerException

from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import Patch
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import OUTPUT_ONLY, TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.containers import NOTHING

_FAILURES = (jsonpatch.JsonPatchException, JsonPointerException, TypeError)
_POINTERS = ("path", "from")


def patched(definition: TaskDefinition, edit: Patch) -> tuple[TaskDefinition, tuple[Finding, ...]]:
    """The definition after the operations, and what the user should know. `Refused` for the first one that fails."""
    before = definition.registration()
    after: object = before
    for number, operation in enumerate(edit.operations, 1):
        after = _applied(after, operation, number)
    content = _usable(after)
    stays = {name: value for name, value in definition.payload.items() if name in OUTPUT_ONLY}
    same = (found("C-NO-CHANGE", "--patch", "the definition"),) if content == before else ()
    return replace(definition, payload={**stays, **content}), same


def _applied(document: object, operation: Mapping[str, object], number: int) -> object:
    pointers = {key: str(operation[key]) for key in _POINTERS if key in operation}
    numbered = {key: _numbered(document, pointer) for key, pointer in pointers.items()}
    try:
        return jsonpatch.JsonPatch([{**operation, **numbered}]).apply(document)
    except _FAILURES:
        raise _failed(document, operation, number) from None


def _numbered(document: object, pointer: str) -> str:
    """The pointer with a number in place of each name. A name that the list does not have stays."""
    here, tokens = document, []
    for token in _tokens(pointer):
        key = _key(here, token)
        tokens.append(key)
        here = _member(here, key)
    return "".join(f"/{_escaped(token)}" for token in tokens)


def _key(value: object, token: str) -> str:
    """The token; in a list, the number of the item that has this name."""
    if not isinstance(value, list) or token.isdecimal():
        return token
    named = (str(index) for index, each in enumerate(value) if isinstance(each, Mapping) and each.get("name") == token)
    return next(named, token)


def _member(value: object, key: str) -> object:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return None


def _tokens(pointer: str) -> Iterator[str]:
    """https://www.rfc-editor.org/rfc/rfc6901#section-3"""
    yield from (token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def _escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _failed(document: object, operation: Mapping[str, object], number: int) -> Refused:
    """The error for an operation that fails. It shows no value, as that may be a secret."""
    kind, path = str(operation["op"]), str(operation["path"])
    pointers = [str(operation[key]) for key in reversed(_POINTERS) if key in operation]
    hints = [*filter(None, (did_you_mean(*_lost(document, each)) for each in pointers))]
    why = "the value there is another one" if kind == "test" and _leads(document, path) else _NOWHERE
    return Refused(
        f"Operation {number} of `--patch` fails: `{kind}` at `{path}`, where {why}.",
        hint=" ".join((*hints[:1], NOTHING)),
    )


_NOWHERE = "the definition has nothing that it could be made on"


def _leads(document: object, pointer: str) -> bool:
    return not _lost(document, pointer)[0]


def _lost(document: object, pointer: str) -> tuple[str, list[str]]:
    """The first token that leads nowhere, empty if all lead on, and the tokens that exist in its place."""
    here = document
    for token in _tokens(pointer):
        known = _known(here)
        if token not in known:
            return token, known
        here = _member(here, _key(here, token))
    return "", []


def _known(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [str(key) for key in value]
    if not isinstance(value, list):
        return []
    names = [str(each["name"]) for each in value if isinstance(each, Mapping) and "name" in each]
    return [*names, *(str(index) for index in range(len(value)))]


def _usable(document: object) -> Mapping[str, object]:
    """The patched document. `Refused` if its containers are no list of objects, as the checks read these."""
    if isinstance(document, Mapping):
        listed = document.get("containerDefinitions")
        if isinstance(listed, list) and all(isinstance(each, Mapping) for each in listed):
            return document
    raise Refused(
        "`--patch` leaves a definition whose `containerDefinitions` are no list of objects.",
        hint=f"Correct the patch. {NOTHING}",
    )
