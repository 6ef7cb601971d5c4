"""Reads a dotenv file as docker and python-dotenv do, without interpolation; no message repeats its content."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from ecsdeploy.errors import UsageError

_LARGEST = 64 * 1024
"""The most bytes of a definition, of which the variables are a part."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*", re.ASCII)


def read_variables(name: str, cwd: Path) -> Mapping[str, str]:
    """The variables of the file in their order; of several with one name, the last.

    Raises a `UsageError` that names the file, and the line, if it cannot be read.
    """
    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(_text(cwd / name, name))):
        # A binding begins with the blank lines before it.
        whole = binding.original.string
        line = binding.original.line + whole[: len(whole) - len(whole.lstrip())].count("\n")
        if binding.error:
            raise _wrong(name, f"cannot be read in line {line}", "Is a quote open, or text behind a closed one?")
        if binding.key is None:
            continue
        if binding.value is None:
            raise _wrong(name, f"has no `=` in line {line}", "Each line is `NAME=VALUE`, or a comment.")
        if not _NAME.fullmatch(binding.key):
            raise _wrong(
                name, f"has no valid name of a variable in line {line}", "Each line is `NAME=VALUE`, or a comment."
            )
        found[binding.key] = binding.value
    return found


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The file of variables `{name}` {what}.", hint=hint)


def _text(path: Path, name: str) -> str:
    """The content of the file. It may also be a pipe: `<(sops -d web.env)`."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _wrong(name, "is larger than 64 KiB, and ECS takes no such definition")
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise _wrong(name, "does not exist", "Check the path.") from None
    except OSError as error:
        raise _wrong(name, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _wrong(name, "is not UTF-8 text") from None
