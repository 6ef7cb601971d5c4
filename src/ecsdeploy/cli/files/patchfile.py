"""Reads a JSON Patch (RFC 6902) from a file or from the command line; no message repeats a value of it.

https://www.rfc-editor.org/rfc/rfc6902#section-4
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from ecsdeploy.cli.files.reading import short_text_of
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import Patch
from ecsdeploy.model.nearest import did_you_mean

_NEEDED = {
    "add": ("path", "value"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "move": ("path", "from"),
    "copy": ("path", "from"),
    "test": ("path", "value"),
}
_FORM = 'It is a JSON list such as `[{"op": "replace", "path": "/cpu", "value": "512"}]`.'


def read_patch(text: str, cwd: Path) -> Patch:
    """The patch: `text` itself if it begins like JSON, or else the content of the file of that name.

    Raises a `UsageError` if it is no patch.
    """
    typed = text.lstrip().startswith(("[", "{"))
    what = "The patch" if typed else f"The patch `{text}`"
    operations = _parsed(text if typed else short_text_of(cwd / text, partial(_wrong, text)), what)
    for number, operation in enumerate(operations, 1):
        _check(operation, f"Operation {number} of the patch")
    return Patch(operations=tuple(operations))


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The patch `{name}` {what}.", hint=f"{hint} {_FORM}" if hint else "")


def _parsed(text: str, what: str) -> list[Mapping[str, object]]:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{what} is not JSON: line {error.lineno}, column {error.colno}.", hint=_FORM) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{what} is not JSON.", hint=_FORM) from None
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        raise UsageError(f"{what} holds no list of operations.", hint=_FORM)
    if not parsed:
        raise UsageError(f"{what} has no operation.", hint=_FORM)
    return parsed


def _check(operation: Mapping[str, object], what: str) -> None:
    kind = operation.get("op")
    if not isinstance(kind, str) or kind not in _NEEDED:
        said = "has no `op`" if kind is None else f"has an `op` that JSON Patch does not know: `{kind}`"
        hint = did_you_mean(str(kind), _NEEDED) or f"It is one of {listing(tuple(_NEEDED))}."
        raise UsageError(f"{what} {said}.", hint=hint)
    for member in _NEEDED[kind]:
        if member not in operation:
            raise UsageError(f"{what} (`{kind}`) has no `{member}`.", hint=_FORM)
        if member != "value" and not _is_pointer(operation[member]):
            raise UsageError(
                f"{what} (`{kind}`) has a `{member}` that is no path.",
                hint="A path begins with `/`, as in `/containerDefinitions/app/cpu`.",
            )


def _is_pointer(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/")
