"""Releases to services that ECS itself deploys: rolling, blue/green, linear or canary.

Methods import what only they need, as most releases succeed without it: ten modules, or 5 ms of CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from ecsdeploy.engine.follow.reads import Looker
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.prepare import busy
from ecsdeploy.engine.prepare.history import past_if_readable, usable
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.execute import Writer
from ecsdeploy.engine.write.lost_reply import stood
from ecsdeploy.errors import AccessDenied, Bug
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.request import DeployRequest
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import PointService, StartStep, Step
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.revisions import candidates, listed_good

if TYPE_CHECKING:
    from ecsdeploy.engine.controllers.finder import EcsFinder
    from ecsdeploy.engine.settle.undo import Rollback
    from ecsdeploy.engine.settle.wayback import Undoing

STOP_ASKED_SECONDS = 1.0
"""How long after a signal we repeat the read of our service deployment: its sender may soon kill this process."""


@value(frozen=True, slots=True, kw_only=True)
class Ecs:
    """ECS, as `Deployer`."""

    name: str = "ecs"
    takes_updates: bool = True

    def gather(self, run: Run, request: DeployRequest, service: Service, facts: Facts) -> tuple[Service, Facts]:
        """Add the last good revision, from the history, if the service itself lists no completed deployment."""
        if service.controller != "ECS" or listed_good(service) is not None:
            return service, facts
        found = None
        with suppress(AccessDenied):
            found = usable(run, candidates(past_if_readable(run, request.service)))
        return service, replace(facts, known_good=found.revision if found else "")

    def shown(self, _step: Step) -> tuple[str, ...]:
        """Nothing: the revision and the sizing are shown as what they change."""
        return ()

    def make_way(self, run: Run, request: DeployRequest, service: Service, _facts: Facts) -> Service | Verdict:
        return busy.make_way(run, request, service)

    def still_free(self, run: Run, request: DeployRequest, service: Service, read_at: float) -> Service | Verdict:
        return busy.still_as_read(run, request, service, read_at)

    def start(self, run: Run, step: StartStep, now: Service) -> tuple[Service, Handle]:
        if not isinstance(step, PointService):
            raise Bug("Somebody else was to deploy a service that ECS deploys.")
        writer = Writer(plane=run.plane, patience=run.before_write)
        return writer.point_service(step, run.progress.to_revision, stood(now))

    def looker(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None) -> Looker:
        return Looker(run, ref, definition)

    def stop(self, run: Run, ref: ServiceRef) -> Callable[[], None] | None:
        """As of `Deployer`. We may not know the service deployment's ARN yet: then we read it. None if we cannot."""
        arn = run.progress.service_deployment_arn
        if not arn:
            reads = OptionalReads(clock=run.clock, again=STOP_ASKED_SECONDS)
            found = reads.ask("record", lambda: run.plane.service_deployment(ref, run.progress.deployment_id))
            arn = found.arn if found else ""
        return partial(run.plane.stop_deployment, arn) if arn else None

    def undo(self, run: Run, undoing: Undoing) -> Rollback:
        from ecsdeploy.engine.settle.undo import Rollback

        return Rollback(run=run, undoing=undoing)

    @property
    def finder(self) -> EcsFinder:
        from ecsdeploy.engine.controllers.finder import EcsFinder

        return EcsFinder()
