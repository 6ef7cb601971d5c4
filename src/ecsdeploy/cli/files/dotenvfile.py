"""Reads a dotenv file as docker and python-dotenv do, without interpolation; no message repeats its content."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from dotenv.parser import parse_stream

from ecsdeploy.cli.files.reading import short_text_of
from ecsdeploy.errors import UsageError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*", re.ASCII)


def read_variables(name: str, cwd: Path) -> Mapping[str, str]:
    """The variables of the file in their order; of several with one name, the last.

    Raises a `UsageError` that names the file, and the line, if it cannot be read, or if it has no variable: the step
    that writes it may have failed.
    """
    text = short_text_of(cwd / name, partial(_wrong, name)).replace("\r\n", "\n")
    found: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
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
    if not found:
        raise _wrong(name, "has no variable", "Leave the option out if there is nothing to set.")
    return found


def _wrong(name: str, what: str, hint: str = "") -> UsageError:
    return UsageError(f"The file of variables `{name}` {what}.", hint=hint)
