"""Reads `--before` and `--after`: a container and the command that it runs around the release."""

from __future__ import annotations

import json
import re
import shlex

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.oneoff import Gate
from ecsdeploy.model.request import WaitUntil

_WITH_CONTAINER = re.compile(r"([A-Za-z0-9_-]+):\s+", re.ASCII)


def gate(given: Given, key: str) -> Gate:
    """The command to run. It may hold a secret, so no message repeats it."""
    _refuse_with_others(given, key)
    container, text = _parts(given.text(key).lstrip())
    command = split_words(text, given.origin(key), _FORM)
    if not "".join(command[:1]):
        raise UsageError(f"{given.origin(key)} names no command.", hint=_FORM)
    return Gate(command=command, container=container)


_TOO_SOON = (WaitUntil.REGISTERED, WaitUntil.STARTED)
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


def _refuse_with_others(given: Given, key: str) -> None:
    """It is of a revision that was not there, and follows a deployment to its end or goes before it."""
    option = given.origin(key)
    if given.has("force_new_deployment"):
        raise UsageError(
            f"{option} runs a task of the new revision, and {given.origin('force_new_deployment')} makes none.",
            hint="Give one of them.",
        )
    if key == "before" and given.text("wait_until") == WaitUntil.REGISTERED:
        raise UsageError(
            f"{option} goes before the service is touched, and `--wait-until registered` ends before that.",
            hint="Give one of them.",
        )
    if key == "after" and (given.has("detach") or given.text("wait_until") in _TOO_SOON):
        other = "detach" if given.has("detach") else "wait_until"
        raise UsageError(
            f"{option} follows a release that has started, and {given.origin(other)} ends before it is known how.",
            hint="Give one of them.",
        )
