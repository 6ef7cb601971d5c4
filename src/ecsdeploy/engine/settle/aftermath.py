"""Looks back at a release that ECS calls complete, if tasks failed on the way or the service was scaled to zero.

The module is imported only then, as most releases need no look back.
"""

from __future__ import annotations

from functools import partial

from ecsdeploy.diagnose.failures import failed, most_frequent, none_lasted
from ecsdeploy.engine.follow.judging import judge_of
from ecsdeploy.engine.follow.poller import EndedWatch
from ecsdeploy.engine.optional import OptionalReads, warning
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Status, Verdict
from ecsdeploy.model.service import Service, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value

READ_SECONDS = 10.0
"""How long the look back may take: the verdict is known, and the user waits for it."""


@value(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """Looks back at a release of `definition`; `before` is the service as it was before that release."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition
    before: Service

    def judge_again(self, ended: EndedWatch) -> EndedWatch:
        """Warn of what went wrong, and return the success, or a failure in place of it.

        It is a failure if the service was scaled to zero before a task of ours was healthy: ECS then calls the
        deployment complete, though it proved nothing.
        """
        state, read = ended.state, self._read()
        known = {each.arn: each for each in (*state.judgement.stopped, *(read or ()))}
        stopped = tuple(known.values())
        fell = failed(stopped, self.definition)
        if fell:
            what, code = most_frequent(fell, self.definition)
            count = "1 task" if len(fell) == 1 else f"{len(fell)} tasks"
            self.run.emit.warn("W-TASKS-FAILED", count, what, code)
        if not state.is_emptied:
            return ended
        self.run.emit.warn("W-SCALED-TO-ZERO", self.before.name)
        # If the tasks could not be read, one of them may have been healthy.
        if read is None or not self._was_in_vain(ended, stopped):
            return ended
        reason = f"The service was scaled to zero on the way: no task of it was healthy before, and {len(fell)} failed."
        return replace(ended, verdict=Verdict(status=Status.FAILED, phase=state.phase, reason=reason))

    def _was_in_vain(self, ended: EndedWatch, stopped: tuple[Task, ...]) -> bool:
        """Whether tasks of ours failed, and none was ever healthy."""
        judge = judge_of(self.run, self.ref, self.definition)
        well = ended.state.judgement.any_healthy or any(
            judge.may_have_been_well(each, ended.state, self.before) for each in stopped
        )
        return not well and none_lasted(stopped, self.definition)

    def _read(self) -> tuple[Task, ...] | None:
        """Our tasks that have stopped or are stopping; None if they cannot be read."""
        run = self.run
        reads = OptionalReads(clock=run.clock, again=READ_SECONDS, note=warning(run.emit))
        read = partial(run.plane.tasks_started_by, self.ref, run.progress.starter, stopped=True)
        return reads.ask("W-UNREADABLE-TASKS", read)
