"""The rollback of a release through Express mode: by a stop, as of ECS, else by an update back to what was before."""

from __future__ import annotations

from ecsdeploy.engine.controllers.express.start import ExpressWrite
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.settle.undo import Rollback
from ecsdeploy.engine.write.execute import Writer
from ecsdeploy.engine.write.lost_reply import stood
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace
from ecsdeploy.plan.express import rollback_step


class ExpressRollback(Rollback):
    """`Rollback` of a service that Express mode manages."""

    def _point(self, baseline: Baseline, now: Service, patience: Patience) -> Handle:
        """Have Express mode deploy what the baseline's revision has."""
        run = self.run
        express = patience.read(lambda: run.plane.express(now.arn))
        wanted = patience.read(lambda: run.plane.definition(baseline.revision))
        running = patience.read(lambda: run.plane.definition(now.task_definition))
        step = rollback_step(self.undoing.request.service, express, running, wanted)
        if run.progress.intent is RollbackIntent.OWED:
            run.progress = replace(run.progress, intent=RollbackIntent.SENDING)
        write = ExpressWrite(
            plane=run.plane, patience=patience.once_begun(), step=step, revision=step.revision, before=stood(now)
        )
        return write.made(Writer(plane=run.plane, patience=patience))[1]
