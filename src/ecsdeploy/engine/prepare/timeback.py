"""How long a rollback takes by the service's own settings, for runs in which no check has found it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.engine.optional import Ask, OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.duration import seconds_back

if TYPE_CHECKING:
    from ecsdeploy.engine.neighbours import Surroundings

ASKED_SECONDS = 10.0
"""How long these reads may take together. A setting that cannot be read counts as AWS's default."""


def time_back(run: Run, ref: ServiceRef, service: Service, definition: TaskDefinition | None) -> float:
    """How many seconds a rollback may take. `definition` is that of the tasks that come back, if it is known."""
    clock = run.clock
    reads = OptionalReads(clock=clock, until=clock.monotonic() + ASKED_SECONDS, again=ASKED_SECONDS)
    attempt = Attempt(
        request=DeployRequest(service=ref),
        service=service,
        definition=definition or TaskDefinition(payload={}),
        now=clock.now(),
        running=definition,
    )
    groups = read_groups(run.plane.surroundings, service.target_groups, reads.ask)
    return seconds_back(attempt, Known(images={}, resources={}, target_groups=groups))


def read_groups(
    around: Surroundings, arns: Sequence[str], read: Ask, *, drains: bool = True
) -> Mapping[str, TargetGroup | None]:
    """The target groups by ARN, as far as they can be read; with `drains`, also their deregistration delays."""
    if not arns:
        return {}
    found = dict(read("target groups", lambda: around.target_groups(arns)) or {})
    for arn, group in found.items():
        if group is not None and drains:
            seconds = read("deregistration delay", partial(around.drain_seconds, arn))
            found[arn] = replace(group, drain_seconds=seconds)
    return found
