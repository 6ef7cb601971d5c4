"""The last look at a deployment that early judgement calls hopeless, right before we roll it back.

Between the judgement and the rollback we make other reads. They may take long, and a task may become healthy meanwhile.
"""

from __future__ import annotations

from ecsdeploy.engine.follow.judging import judge_of
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Reconsidered
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import State

LOOK_SECONDS = 10.0
"""How long the rollback waits for this look; a thousand tasks are read in a few seconds."""


def certain() -> State | None:
    """The `confirm` of a verdict that AWS gave: there is no judgement of ours to confirm."""
    return None


@value(frozen=True, slots=True, kw_only=True)
class LastLook:
    """Judges the deployment of `definition` again. If the tasks cannot be read, the judgement stands."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition
    state: State

    def __call__(self) -> State | None:
        """The state to watch on from, if a task has become healthy; we tell that. None if the judgement stands."""
        doom, judged = self.state.judgement.doom, self._judged()
        if doom is None or judged is None or judged.doom is not None:
            return None
        self.run.progress = replace(self.run.progress, verdict=None, intent=RollbackIntent.NONE)
        self.run.emit(Reconsidered(doom=doom))
        return replace(self.state, verdict=None, judgement=judged)

    def _judged(self) -> Judgement | None:
        run = self.run
        ours = replace(self.state.handle, deployment_id=run.progress.starter)
        judge = judge_of(run, self.ref, self.definition)
        reads = OptionalReads(clock=run.clock, until=run.clock.monotonic() + LOOK_SECONDS, again=LOOK_SECONDS)
        service = reads.ask("service", lambda: run.plane.service(self.ref))
        if service is None:
            return None
        return reads.ask("tasks", lambda: judge.judge(replace(self.state, handle=ours), service))
