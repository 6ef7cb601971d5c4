"""Puts the text of a file, of git or of a variable into a tag or a reference, without a shell.

The grammar is a closed list. All else needs `--eval-image`, the only way to a shell.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ecsdeploy.errors import UsageError
from ecsdeploy.model.text import clean
from ecsdeploy.model.values import value

_PART = re.compile(
    r"\$\(<\s*(?P<file>[^()<>|&;$`\"']+?)\s*\)"
    r"|\$\((?P<command>[^()$`]*)\)"
    r"|`(?P<ticked>[^`$]*)`"
    r"|\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}"
    r"|\$(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
)
_GIT = (["git", "describe"], ["git", "rev-parse"])
_PLAIN = re.compile(r"[A-Za-z0-9_@./:=^~{}+,*?-]+")
_PATIENCE = 60
_LINE_LIMIT = 4096


class NeedsShell(Exception):
    """The text holds something that only a shell could evaluate."""


@value(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a substitution reads: files and git, as seen from the folder `cwd`, and `variables`."""

    cwd: Path
    variables: Mapping[str, str]


def is_indirect(text: str) -> bool:
    """Whether the text has anything to substitute."""
    return "$" in text or "`" in text


def substitute(text: str, sources: Sources) -> str:
    """The text with every substitution made.

    Raises `NeedsShell` if one is not on the list, and a `UsageError` if its file, command or variable cannot be read.
    """
    resolved, end = "", 0
    for match in _PART.finditer(text):
        resolved += _literal(text[end : match.start()]) + _resolve(match, sources)
        end = match.end()
    return resolved + _literal(text[end:])


def evaluate(text: str, sources: Sources) -> str:
    """The text as `/bin/sh` expands it between double quotes. Only `--eval-image` allows this."""
    return _output(["/bin/sh", "-c", f'printf %s "{text}"'], "The shell", sources)


def _literal(text: str) -> str:
    if is_indirect(text):
        raise NeedsShell
    return text


def _resolve(match: re.Match[str], sources: Sources) -> str:
    if match["file"]:
        return _first_line(match["file"], sources)
    name = match["braced"] or match["name"]
    if name:
        return _variable(name, sources)
    return _git(match["command"] or match["ticked"] or "", sources)


def _variable(name: str, sources: Sources) -> str:
    value = sources.variables.get(name, "")
    if not value:
        raise UsageError(f"The variable `{name}` of the image is not set or is empty.", hint=f"Export `{name}` first.")
    return value


def _first_line(name: str, sources: Sources) -> str:
    """The first line of the file. Errors name the file, and never show its content."""
    path = sources.cwd / name
    try:
        if not path.is_file():
            raise UsageError(f"`{name}`, from which the image takes its tag, is not a file.", hint="Check the path.")
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline(_LINE_LIMIT).strip()
    except OSError as error:
        raise UsageError(f"`{name}`, from which the image takes its tag, cannot be read: {error.strerror}.") from None


def _git(command: str, sources: Sources) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        raise NeedsShell from None
    if words[:2] not in _GIT or not all(_PLAIN.fullmatch(word) for word in words):
        raise NeedsShell
    return _output(words, f"`{command.strip()}`", sources)


def _output(words: Sequence[str], what: str, sources: Sources) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git with plain arguments, or what --eval-image asked for
            words,
            cwd=sources.cwd,
            env=dict(sources.variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{what}, from which the image takes its tag, could not be run: {_why(error)}.") from None
    if done.returncode != 0:
        said = clean(done.stderr.decode(errors="replace").strip())
        raise UsageError(
            f"{what}, from which the image takes its tag, failed with exit code {done.returncode}.", hint=said
        )
    return done.stdout.decode(errors="replace").rstrip("\r\n")


def _why(error: OSError | subprocess.TimeoutExpired) -> str:
    return f"no answer within {_PATIENCE} s" if isinstance(error, subprocess.TimeoutExpired) else str(error.strerror)
