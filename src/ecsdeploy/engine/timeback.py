"""How long a way back takes by the service's own settings, asked for where no check of a release has found it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Surroundings
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.surroundings import TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.duration import seconds_back

T = TypeVar("T")

ASKED_SECONDS = 10.0
"""All of it: what nobody answers by then counts as AWS has it where nothing is set."""


class OptionalRead(Protocol):
    """Reads what can be done without: None where it cannot be read; `what` says in words what it is."""

    def __call__(self, what: str, read: Callable[[], T], /) -> T | None: ...


def time_back(run: Run, ref: ServiceRef, service: Service, definition: TaskDefinition | None) -> float:
    """The seconds; `definition` is of the tasks that come back, as far as it is known."""
    clock = run.clock
    patience = Patience(clock=clock, seconds=ASKED_SECONDS, start=clock.monotonic())

    def optional(_: str, read: Callable[[], T], /) -> T | None:
        try:
            return patience.read(read)
        except EcsDeployError:
            return None

    attempt = Attempt(
        request=DeployRequest(service=ref),
        service=service,
        definition=definition or TaskDefinition(payload={}),
        now=clock.now(),
        running=definition,
    )
    groups = read_groups(run.plane.surroundings, service.target_groups, optional)
    return seconds_back(attempt, Known(images={}, named={}, target_groups=groups))


def read_groups(
    around: Surroundings, arns: Sequence[str], read: OptionalRead, *, drains: bool = True
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
