"""Reads a file that an option names, and says in that option's words what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from ecsdeploy.errors import UsageError

_LARGEST = 64 * 1024
"""ECS takes no larger definition, and what edits one is a part of it."""


class Wrong(Protocol):
    """Makes the error from what is wrong (`cannot be read: ...`) and, if it helps, what to do."""

    def __call__(self, what: str, hint: str = "", /) -> UsageError: ...


def text_of(path: Path, wrong: Wrong) -> str:
    """The text of the file, without a byte order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise wrong(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise wrong("is not UTF-8 text") from None


def short_text_of(path: Path, wrong: Wrong) -> str:
    """The same of 64 KiB at most. A pipe is as good as a file: `<(sops -d web.env)`."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise wrong("is larger than 64 KiB, and ECS takes no such definition")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise wrong("does not exist", "Check the path.") from None
    except OSError as error:
        raise wrong(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise wrong("is not UTF-8 text") from None


def json_of(path: Path, wrong: Wrong) -> object:
    """The JSON in the file. The error shows nothing of it."""
    text = text_of(path, wrong)
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong("is not JSON") from None
    return parsed
