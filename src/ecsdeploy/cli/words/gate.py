"""Reads `--before`: a container and the command that it runs before the release."""

from __future__ import annotations

import json
import re
import shlex

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.oneoff import Gate
from ecsdeploy.model.request import WaitUntil

_WITH_CONTAINER = re.compile(r"([A-Za-z0-9_-]+):\s+", re.ASCII)


def gate(given: Given) -> Gate | None:
    """The command to run first; None without `--before`. It may hold a secret, so no message repeats it."""
    if not given.texts("before"):
        return None
    _refuse_with_others(given)
    container, text = _parts(given.text("before").lstrip())
    command = split_words(text, given.origin("before"), _FORM)
    if not "".join(command[:1]):
        raise UsageError(f"{given.origin('before')} names no command.", hint=_FORM)
    return Gate(command=command, container=container)


_FORM = "Write it as `[CONTAINER: ]COMMAND`, in words or as a JSON list of them."


def _parts(text: str) -> tuple[str, str]:
    """The two parts of `CONTAINER: COMMAND`. A colon without a blank belongs to the command (`rake db:migrate`)."""
    match = _WITH_CONTAINER.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def split_words(text: str, origin: str, form: str) -> tuple[str, ...]:
    """The words of a JSON list, or of a text that we split as POSIX says; no shell reads them.

    Raises a `UsageError` that names the option (`origin`) and says how to write it (`form`).
    """
    try:
        words = json.loads(text) if text.startswith("[") else shlex.split(text)
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        raise UsageError(f"The command of {origin} cannot be split into words.", hint=form)
    return tuple(words)


def _refuse_with_others(given: Given) -> None:
    """Raise a `UsageError` for options that make no new revision, or that stop before the service is changed."""
    before = given.origin("before")
    if given.has("force_new_deployment"):
        raise UsageError(
            f"{before} runs a task of the new revision, and {given.origin('force_new_deployment')} makes none.",
            hint="Give one of them.",
        )
    if given.text("wait_until") == WaitUntil.REGISTERED:
        raise UsageError(
            f"{before} goes before the service is touched, and `--wait-until registered` ends before that.",
            hint="Give one of them.",
        )
