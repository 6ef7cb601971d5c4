"""A missing permission as a sentence, and the policy statement that would grant it."""

from __future__ import annotations

import json
import re

from ecsdeploy.errors import AccessDenied

# Patterns are compiled when they are needed: at every start it would cost more than it saves.
# "User: arn:aws:sts::123456789012:assumed-role/ci/build is not authorized to perform: ecs:UpdateService on
# resource: arn:aws:ecs:us-east-1:123456789012:service/prod/web because no identity-based policy allows the
# ecs:UpdateService action"
_CALLER = r"[Uu]ser: (arn:\S+)"
_ACTION = r"perform: ([A-Za-z0-9-]+:[A-Za-z0-9]+)"
_RESOURCE = r"on resource: (arn:\S+?|\*)[.,]?(?:\s|$)"
_DENY = "explicit deny"


def denied(text: str, asked: str, *, code: str, raw: str) -> AccessDenied:
    """The error for AWS's `text` on a call of `asked` (`ecs:UpdateService`); it may be about another action.

    It names the action, the resource (for `iam:PassRole`, the role) and the statement that would allow it.
    """
    action = _first(_ACTION, text) or asked
    message, hint = _message(action, text), _hint(action, text)
    operation = asked.rpartition(":")[2]
    return AccessDenied(message, action=action, hint=hint, code=code, raw=raw, operation=operation)


def _message(action: str, text: str) -> str:
    resource, caller = _first(_RESOURCE, text), _first(_CALLER, text)
    who = f"`{caller}`" if caller else "The caller"
    if action == "iam:PassRole" and resource:
        return f"{who} may not pass the role `{resource}` to ECS (`iam:PassRole`)."
    where = f" on `{resource}`" if resource and resource != "*" else ""
    return f"{who} may not call `{action}`{where}."


def _hint(action: str, text: str) -> str:
    if _DENY in text:
        return "A policy denies it explicitly: that policy must change."
    return f"Allow it with the statement {json.dumps(_statement(action, text))}"


def _statement(action: str, text: str) -> dict[str, object]:
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Action": action,
        "Resource": _first(_RESOURCE, text) or "*",
    }
    if action == "iam:PassRole":
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    return statement


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""
