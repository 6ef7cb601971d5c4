"""What a command to paste must repeat of this command line: who calls which AWS, and what is changed beside images.

Never a secret: keys are left to the environment, an external id to the variable of its option.
"""

import shlex

from ecsdeploy.model.request import DeployRequest, FromFile, FromRunning, Request, Target
from ecsdeploy.render.stream import Again

_EXTERNAL_ID = '--external-id "$ECS_DEPLOY_EXTERNAL_ID"'


def again(target: Target, request: Request | None = None) -> Again:
    """As a shell reads it."""
    plan = _plan(request) if isinstance(request, DeployRequest) else ()
    return Again(target=_target(target), plan=shlex.join(plan))


def _target(target: Target) -> str:
    named = {
        "--profile": target.profile,
        "--assume-role": target.assume_role,
        "--endpoint-url": target.endpoint_url,
    }
    words = shlex.join(word for name, text in named.items() if text for word in (name, text))
    return " ".join(filter(None, (words, _EXTERNAL_ID if target.external_id else "")))


def _plan(request: DeployRequest) -> tuple[str, ...]:
    sizing = request.sizing
    named = {
        "--base": _base(request),
        "--desired-count": sizing.desired_count,
        "--min": sizing.minimum_healthy_percent,
        "--max": sizing.maximum_percent,
    }
    return tuple(word for name, value in named.items() if value is not None for word in (name, str(value)))


def _base(request: DeployRequest) -> str | None:
    match request.base:
        case FromFile(path=path):
            return path
        case FromRunning.RUNNING:
            return None
        case stored:
            return stored.value
