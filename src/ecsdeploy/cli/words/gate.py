"""Reads what decides about a release: tasks around it, and a program and approval at a pause on its way."""

from __future__ import annotations

import json
import re
import shlex

from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import duration
from ecsdeploy.errors import UsageError
from ecsdeploy.model.oneoff import Gate
from ecsdeploy.model.pausegate import DEFAULT_SMOKE_SECONDS, PauseGate
from ecsdeploy.model.request import WaitUntil

_DEFINITION = re.compile(r"(?P<place>arn:[^/\s]*:ecs:[^/\s]*:)?task-definition/(?P<name>[^/]*)")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}(:[1-9]\d*)?", re.ASCII)
_WITH_CONTAINER = re.compile(r"([A-Za-z0-9_-]+):\s+", re.ASCII)


def gate(given: Given, key: str) -> Gate:
    """The task to run. Its command may hold a secret, so no message repeats it."""
    family, rest = _definition(given.text(key).lstrip(), given.origin(key))
    _refuse_with_others(given, key, of_new=not family)
    if family and not rest:
        return Gate(family=family)
    container, text = _parts(rest)
    command = split_words(text, given.origin(key), _FORM)
    if not "".join(command[:1]):
        raise UsageError(f"{given.origin(key)} names no command.", hint=_FORM)
    return Gate(command=command, container=container, family=family)


_TOO_SOON = (WaitUntil.REGISTERED, WaitUntil.STARTED)
_FORM = (
    "Write it as `[CONTAINER: ]COMMAND`, in words or as a JSON list of them; before it, or alone, may stand "
    "`task-definition/FAMILY[:N]`, for a task of another family."
)


def _definition(text: str, origin: str) -> tuple[str, str]:
    """The task definition that the text begins with, empty without one, and the rest.

    It is written as at the end of its ARN, as no container has a program called so; or it is the ARN.
    """
    first, *rest = text.split(maxsplit=1) or ("",)
    match = _DEFINITION.fullmatch(first)
    if not match:
        return "", text
    if not _NAME.fullmatch(match["name"]):
        raise UsageError(f"{origin} begins with a task definition that cannot be read.", hint=_FORM)
    return first if match["place"] else match["name"], rest[0] if rest else ""


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


def _refuse_with_others(given: Given, key: str, *, of_new: bool) -> None:
    """It follows a deployment to its end or goes before it, and `of_new` is of a revision that was not there."""
    option = given.origin(key)
    if of_new and given.has("force_new_deployment"):
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


_PROGRAM_FORM = "Write it in words or as a JSON list of them, such as `./smoke.sh --fast`."
_LATE = (WaitUntil.TRAFFIC, WaitUntil.COMPLETE)


def pause_gate(given: Given) -> PauseGate | None:
    """What decides at the pause. The command may hold a secret, so no message repeats it."""
    words = split_words(given.text("smoke").strip(), given.origin("smoke"), _PROGRAM_FORM)
    if given.has("smoke") and not "".join(words[:1]):
        raise UsageError(f"{given.origin('smoke')} names no command.", hint=_PROGRAM_FORM)
    gate = PauseGate(
        smoke=words,
        smoke_seconds=duration(given, "smoke_timeout", DEFAULT_SMOKE_SECONDS),
        approve=given.has("approve"),
        adds_pause=given.has("add_pause"),
    )
    if not (gate.smoke or gate.approve):
        # A settings file may say how long a smoke test takes that this run does not make.
        if gate.adds_pause:
            raise UsageError(
                f"{given.origin('add_pause')} adds a pause, and nothing decides at it.",
                hint="Add `--smoke` or `--approve`.",
            )
        return None
    _refuse_around_pause(given, "smoke" if gate.smoke else "approve")
    return gate


def _refuse_around_pause(given: Given, key: str) -> None:
    ends_early = given.text("wait_until") not in ("", *_LATE)
    if given.has("detach") or ends_early:
        raise UsageError(
            f"{given.origin(key)} decides while the deployment is under way, and "
            f"{given.origin('detach' if given.has('detach') else 'wait_until')} ends before that.",
            hint="Give one of them.",
        )
    if given.has("add_pause") and given.has("force_new_deployment"):
        raise UsageError(
            f"{given.origin('force_new_deployment')} changes nothing but the revision, and "
            f"{given.origin('add_pause')} the deployment configuration.",
            hint="Give one of them.",
        )
