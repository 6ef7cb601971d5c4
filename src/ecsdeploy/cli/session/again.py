"""What a command to paste must repeat of this command line: who calls which AWS, and what is changed beside images.

Never a secret: keys are left to the environment; an external id, and an endpoint with a password or a token in its
address, to the variable of their option.
"""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from ecsdeploy.model.access import Access
from ecsdeploy.model.edits import VariableEdit
from ecsdeploy.model.redaction import redact
from ecsdeploy.model.request import DeployRequest, FromFile, FromRunning, Request
from ecsdeploy.render.stream import Again

_EXTERNAL_ID = '--external-id "$ECS_DEPLOY_EXTERNAL_ID"'
# Where the variable is not set, the shell ends here: a command for another endpoint must not reach AWS itself.
_ENDPOINT_URL = '--endpoint-url "${ECS_DEPLOY_ENDPOINT_URL:?}"'


def again(access: Access, request: Request | None = None) -> Again:
    """As a shell reads it."""
    plan = _plan(request) if isinstance(request, DeployRequest) else ()
    return Again(target=redact(_target(access)), plan=None if plan is None else redact(shlex.join(plan)))


def _target(access: Access) -> str:
    named = {
        "--profile": access.profile,
        "--assume-role": access.assume_role,
        "--endpoint-url": "" if _is_private(access.endpoint_url) else access.endpoint_url,
    }
    words = shlex.join(word for name, text in named.items() if text for word in (name, text))
    endpoint = _ENDPOINT_URL if _is_private(access.endpoint_url) else ""
    return " ".join(filter(None, (words, endpoint, _EXTERNAL_ID if access.external_id else "")))


def _is_private(url: str) -> bool:
    """Somebody's name, a password or a query stands in the address."""
    parts = urlsplit(url)
    return "@" in parts.netloc or bool(parts.query) or redact(url) != url


def _plan(request: DeployRequest) -> tuple[str, ...] | None:
    """None where variables are edited: their values are not repeated."""
    if any(isinstance(each, VariableEdit) for each in request.edits):
        return None
    sizing, wish = request.sizing, request.codedeploy
    named = {
        "--base": _base(request),
        "--revision": request.revision or None,
        "--desired-count": sizing.desired_count,
        "--min": sizing.minimum_healthy_percent,
        "--max": sizing.maximum_percent,
        "--managed-tags": None if sizing.managed_tags is None else str(sizing.managed_tags).lower(),
        "--propagate-tags": sizing.propagate_tags,
        "--volume-configurations": request.volumes_path or None,
        "--codedeploy-application": wish.application or None,
        "--codedeploy-group": wish.group or None,
        "--appspec": wish.path or None,
        "--codedeploy-config": wish.configuration or None,
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
