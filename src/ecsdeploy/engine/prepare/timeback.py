"""How long a way back takes by the service's own settings, asked for where no check of a release has found it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ecsdeploy.engine.optional import Ask, OptionalReads
from ecsdeploy.engine.ports import Surroundings
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.duration import seconds_back

ASKED_SECONDS = 10.0
"""All of it: what nobody answers by then counts as AWS has it where nothing is set."""


def time_back(run: Run, ref: ServiceRef, service: Service, definition: TaskDefinition | None) -> float:
    """The seconds; `definition` is of the tasks that come back, as far as it is known."""
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
    """The target groups that could be read, with how long they drain where `drains` asks for that."""
    if not arns:
        return {}
    found = dict(read("target groups", lambda: around.target_groups(arns)) or {})
    for arn, group in found.items():
        if group is not None and drains:
            seconds = read("deregistration delay", partial(around.drain_seconds, arn))
            found[arn] = replace(group, drain_seconds=seconds)
    return found
