"""Reads the service and the task definitions that a plan needs."""

from __future__ import annotations

from functools import partial

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.request import DeployRequest, FromFile, FromRunning, RegisterRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.facts import Facts

_READS_TAGS = "ecs:ListTagsForResource"
"""Beside `ecs:DescribeTaskDefinition`, for who asks for the tags too."""


def gather_service(plane: ControlPlane, patience: Patience, request: DeployRequest) -> Service:
    """The service of the request. Errors: as of `Reads`."""
    return patience.read(lambda: plane.service(request.service))


def gather_definition(
    plane: ControlPlane, patience: Patience, request: DeployRequest | RegisterRequest, current: str
) -> Facts:
    """The task definition that the edits start from, and what else is known of revisions. Errors: as of `Reads`.

    `current` is the ARN of the revision that the service has, or the family that `-d` names. A forced deployment edits
    nothing: then the definition is the one by which its tasks are judged.
    """
    if not isinstance(request, DeployRequest):
        return _gather_family(plane, patience, request)
    if request.force and not request.revision:
        base = patience.read(lambda: plane.definition(current))
        return Facts(base=base, current=current, running=base)
    if request.revision:
        base = patience.read(lambda: plane.definition(request.revision))
        return Facts(base=base, current=current, running=_running(plane, patience, current, base))
    if request.preflight and request.base is FromRunning.RUNNING:
        newest = _newest(plane, patience, request, current)
        if newest is None or newest.arn != current:
            base = patience.read(lambda: _described(plane, current, tags=request.copy_tags))
            return Facts(base=base, current=base.arn, running=base, newest=newest)
        return Facts(base=newest, current=current, running=newest, newest=newest)
    facts = _edited(plane, patience, request, current)
    return replace(facts, running=_running(plane, patience, current, facts.base))


def with_gates(plane: ControlPlane, patience: Patience, request: DeployRequest, facts: Facts) -> Facts:
    """The facts with the definitions of other families whose tasks the request runs around the release."""
    named = dict.fromkeys(gate.family for gate in (request.before, request.after) if gate and gate.family)
    if not named:
        return facts
    return replace(facts, gates={name: patience.read(partial(plane.named_definition, name)) for name in named})


def _gather_family(plane: ControlPlane, patience: Patience, request: RegisterRequest) -> Facts:
    """The facts for `register`. If the request names a family, it must exist, even if the definition is in a file.

    A file without a named family may register the first revision of its family.
    """
    facts = _edited(plane, patience, request, request.family)
    if facts.base.arn or not request.family:
        return facts
    return replace(facts, current=patience.read(lambda: plane.definition(request.family)).arn)


def _edited(plane: ControlPlane, patience: Patience, request: DeployRequest | RegisterRequest, current: str) -> Facts:
    """The definition of the file, of the family's newest revision, or of `current`, as the request says."""
    if isinstance(request.base, FromFile):
        return Facts(base=request.base.definition, current=current)
    name = _family(current) if request.base is FromRunning.LATEST else current
    base = patience.read(lambda: _described(plane, name, tags=request.copy_tags))
    return Facts(base=base, current=base.arn)


def _running(plane: ControlPlane, patience: Patience, current: str, base: TaskDefinition) -> TaskDefinition | None:
    """The definition that the service has, to say what would change; None if it cannot be read."""
    if base.arn == current:
        return base
    return OptionalReads(clock=patience.clock).ask("revision in use", lambda: plane.definition(current))


def _newest(plane: ControlPlane, patience: Patience, request: DeployRequest, current: str) -> TaskDefinition | None:
    """The family's newest revision; None if it cannot be read.

    It is nearly always the one in use, so that we need no second call for that.
    """
    reads, family = OptionalReads(clock=patience.clock), _family(current)
    return reads.ask("newest revision", lambda: _described(plane, family, tags=request.copy_tags))


def _described(plane: ControlPlane, name: str, *, tags: bool) -> TaskDefinition:
    """With its tags, where they are asked for and may be read: a definition is worth more than they are."""
    if not tags:
        return plane.definition(name)
    try:
        return plane.definition(name, tags=True)
    except AccessDenied as error:
        if error.action != _READS_TAGS:
            raise
    return replace(plane.definition(name), tags_unread=True)


def _family(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(":", 1)[0]
