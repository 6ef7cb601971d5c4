"""Express mode as the `Deployer` of its services: ECS deploys them, and Express mode's own update starts it."""

from __future__ import annotations

from ecsdeploy.engine.controllers.ecs import Ecs
from ecsdeploy.engine.controllers.express.start import ExpressWrite
from ecsdeploy.engine.controllers.express.undo import ExpressRollback
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.wayback import Undoing
from ecsdeploy.engine.write.execute import Writer
from ecsdeploy.engine.write.lost_reply import stood
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.events import Registered
from ecsdeploy.model.request import DeployRequest, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import StartStep, UpdateExpress
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.express import differing, is_carried
from ecsdeploy.plan.facts import Facts

_READ_SECONDS = 10.0
"""How long the read of the new revision is repeated."""


class ByExpress(Ecs):
    """Express mode, as `Deployer`. What it starts is a deployment of ECS, which is watched, found and stopped as such.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-update-full.html
    """

    def gather(self, run: Run, request: DeployRequest, service: Service, facts: Facts) -> tuple[Service, Facts]:
        """Add what Express mode shows of the service, unless the run only registers a revision."""
        service, facts = Ecs.gather(self, run, request, service, facts)
        if request.wait_until is WaitUntil.REGISTERED:
            return service, facts
        found = run.patience().read(lambda: run.plane.express(service.arn))
        return service, replace(facts, express=found)

    def start(self, run: Run, step: StartStep, now: Service) -> tuple[Service, Handle]:
        if not isinstance(step, UpdateExpress):
            return Ecs.start(self, run, step, now)
        writer = Writer(plane=run.plane, patience=run.before_write)
        write = ExpressWrite(
            plane=run.plane,
            patience=run.before_write.once_begun(),
            step=step,
            revision=step.revision or run.progress.to_revision,
            before=stood(now),
        )
        service, handle = write.made(writer)
        if step.definition is not None:
            images = tuple(step.definition.images.items())
            run.progress = replace(run.progress, to_revision=handle.revision, images=images)
            run.emit(Registered(revision=handle.revision))
            _compare(run, handle.revision, step.definition)
        return service, handle

    def undo(self, run: Run, undoing: Undoing) -> ExpressRollback:
        return ExpressRollback(run=run, undoing=undoing)


def _compare(run: Run, revision: str, wanted: TaskDefinition) -> None:
    """Warn if ECS made another revision than it was asked for; a revision that cannot be read says nothing."""
    reads = OptionalReads(clock=run.clock, again=_READ_SECONDS)
    made = reads.ask("revision", lambda: run.plane.definition(revision))
    if made is not None and not is_carried(made, wanted):
        run.emit.warn("W-EXPRESS-DIFFERS", revision_name(revision), ", ".join(differing(made, wanted)))
