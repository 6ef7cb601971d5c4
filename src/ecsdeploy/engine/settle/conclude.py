"""What follows a verdict: the causes, the rollback if the user asked for one, or the pruning of old revisions.

The modules that only a failure needs are imported once there is one, so that a good release starts faster.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ecsdeploy.engine.controllers.deployer import Deployer, deployer_of
from ecsdeploy.engine.follow.poller import EndedWatch, NextWatch, give_up
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.interrupt import taken_back
from ecsdeploy.engine.settle.reprieve import LastLook
from ecsdeploy.engine.settle.wayback import (
    Going,
    Reprieved,
    Turn,
    Undo,
    Undoing,
    Way,
    after_rollback,
    final_verdict,
)
from ecsdeploy.engine.write.lost_reply import OvertakenError
from ecsdeploy.errors import ReplyLost
from ecsdeploy.model.outcome import UNDER_WAY, Outcome, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OnFailure
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline, RunTask
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.machine import is_gone
from ecsdeploy.rollout.state import State

if TYPE_CHECKING:
    from ecsdeploy.engine.atpause.keeper import Gatekeeper

_BY_ECS = (Status.ROLLED_BACK, Status.ROLLBACK_FAILED)


@value(frozen=True, slots=True, kw_only=True)
class Failure:
    """A verdict that is no success, and the state of the watch that it ended."""

    verdict: Verdict
    state: State
    examine: Callable[[], None]
    """Looks for the causes and keeps them in `run.progress`; a second call does nothing."""

    @property
    def was_answered(self) -> bool:
        """Whether the user pressed Ctrl-C and answered "roll back": no other watch ends as INTERRUPTED."""
        return self.verdict.status is Status.INTERRUPTED


@value(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """Ends a release of `definition`; `before` is the service as it was before that release."""

    run: Run
    request: DeployRequest
    definition: TaskDefinition
    before: Service
    baseline: Baseline | None
    after: RunTask | None = None
    answer: Callable[[KeyboardInterrupt], Verdict | None] = give_up
    """Called with a signal that comes while we watch our deployment: see `NextWatch.answer`."""
    gatekeeper: Gatekeeper | None = None

    def following(self, state: State) -> NextWatch:
        """The watch of our deployment from `state` on, and then what follows its verdict."""
        return NextWatch(
            state=state, then=self._ended, definition=self.definition, answer=self.answer, gate=self.gatekeeper
        )

    def guard_write(self, write: Callable[[], State]) -> State | NextWatch | Outcome:
        """Make the write, and return its state; after a failure, the watch of a rollback, or the outcome.

        If somebody else has deployed in between, the outcome is BUSY. If the reply is lost and we cannot tell whether
        the write arrived, we roll back if the user asked for that, and raise `ReplyLost` if not.
        """
        try:
            return write()
        except OvertakenError as overtaken:
            verdict = Verdict(status=Status.BUSY, by=overtaken.other, phase=Phase.REGISTERED)
        except ReplyLost as lost:
            if self.request.on_failure is not OnFailure.ROLLBACK:
                raise
            return self._undo_lost(lost)
        self.run.conclude(verdict)
        return self.run.finish(verdict)

    def _undo_lost(self, lost: ReplyLost) -> NextWatch | Outcome:
        """Roll back after a write that may have arrived. If a signal comes before, its handler sends the rollback."""
        run, ids = self.run, tuple(each.id for each in self.before.deployments)
        ours = Handle(deployment_id="", revision=run.progress.to_revision, previous=ids)
        run.progress = replace(run.progress, intent=RollbackIntent.OWED)
        undoing = self._undoing(ours, frozenset(each.id for each in self.before.events))
        undo = self._deployer.undo(run, undoing)
        return self._after_lost(lost, undo, undo.begin())

    def _after_lost(self, lost: ReplyLost, undo: Undo, turn: Turn) -> NextWatch | Outcome:
        """Watch the rollback on, or end the run; raises `lost` if no rollback has begun."""
        self._note_intent(turn)
        if isinstance(turn, Going):
            return self._watching(turn, lambda ended: self._after_lost(lost, undo, undo.ended(turn, ended)))
        report = turn if isinstance(turn, RollbackReport) else None
        # Without a rollback, our deployment may exist and still succeed.
        over = report is not None and report.status in (Status.ROLLED_BACK, Status.ROLLBACK_FAILED, UNDER_WAY)
        if report is None or not over or not report.deployment_id:
            raise lost
        verdict = Verdict(status=Status.FAILED, reason=lost.message, phase=Phase.STARTING)
        verdict = after_rollback(verdict, report, self._limit)
        self.run.conclude(verdict)
        return self.run.finish(verdict)

    def _ended(self, ended: EndedWatch) -> NextWatch | Outcome:
        """Tell the verdict of our deployment, and act on it."""
        ended = self._judged_after(self._looked_back(self._stayed_up(ended)))
        verdict, state = ended.verdict, ended.state
        self.run.conclude(verdict)
        if verdict.status is Status.SUCCEEDED:
            why = self.run.await_end() if self.baseline else ""
            if not why:
                self._prune()
                return self._over(verdict)
            verdict = taken_back(self.run, why, verdict.phase)
            self.run.conclude(verdict)
        # The rollback is sent before we look for causes, which takes seconds. We look for them once.
        failure = Failure(verdict=verdict, state=state, examine=cache(lambda: self._examine(verdict, state)))
        if self._goes_back(failure):
            return self._send_back(failure)
        if verdict.status in _BY_ECS or (verdict.status is Status.TIMED_OUT and verdict.phase is Phase.ROLLING_BACK):
            self._report_ecs(verdict, state)
        if verdict.status in _BY_ECS and self._puts_back:
            self._deployer.undo(self.run, self._undoing(state.handle, state.known_events)).restore_sizing()
        return self._finish(failure, verdict)

    def _finish(self, failure: Failure, final: Verdict) -> Outcome:
        """End the run with the final verdict, and with the causes unless the release has succeeded after all."""
        if final.status is Status.SUCCEEDED:
            self.run.progress = replace(self.run.progress, causes=())
            self.run.conclude(final)
            self._prune()
        else:
            failure.examine()
        return self._over(final)

    def _over(self, verdict: Verdict) -> Outcome:
        if self.gatekeeper:
            self.gatekeeper.settle(self.request, verdict)
        return self.run.finish(verdict)

    def _stayed_up(self, ended: EndedWatch) -> EndedWatch:
        """`--min-stable`: watch a success for longer; a failure within that time becomes the verdict."""
        seconds = self.request.min_stable_seconds
        if not seconds or ended.verdict.status is not Status.SUCCEEDED:
            return ended
        from ecsdeploy.engine.settle.stability import watch_stability

        fallen = watch_stability(self.run, self.request.service, self.definition, seconds, self.answer)
        return replace(ended, verdict=fallen or ended.verdict)

    def _judged_after(self, ended: EndedWatch) -> EndedWatch:
        """Run the task of `--after` after a success; if it fails, so has the release."""
        if self.after is None or ended.verdict.status is not Status.SUCCEEDED:
            return ended
        from ecsdeploy.engine.write.gates import judged_after

        return replace(ended, verdict=judged_after(self.run, self.after, self.definition, ended.verdict))

    def _looked_back(self, ended: EndedWatch) -> EndedWatch:
        """Warn of what went wrong on the way to a success; see `Aftermath`."""
        if ended.verdict.status is not Status.SUCCEEDED or not (ended.state.stumbled or ended.state.is_emptied):
            return ended
        from ecsdeploy.engine.settle.aftermath import Aftermath

        aftermath = Aftermath(run=self.run, ref=self.request.service, definition=self.definition, before=self.before)
        try:
            return aftermath.judge_again(ended)
        except KeyboardInterrupt:
            # ECS has called it complete, and a signal during the look back does not change that.
            self.run.conclude(ended.verdict)
            raise

    def _examine(self, verdict: Verdict, state: State) -> None:
        """Look for the causes of the verdict, and keep them in `run.progress`."""
        gated = verdict.phase is Phase.AFTER or self.gatekeeper is not None or self.run.context.permit is not None
        is_known = bool(self.run.progress.causes) and gated
        if not verdict.status.has_causes or is_known:
            return
        from ecsdeploy.engine.settle.examine import examine_release

        target = self.baseline.revision if self.baseline else ""
        causes = examine_release(self.run, self.request.service, self.definition, target, self.before, state)
        self.run.progress = replace(self.run.progress, causes=causes)

    def _goes_back(self, failure: Failure) -> bool:
        """Whether we roll back: the user wants it, and ECS does not do it already."""
        verdict = failure.verdict
        if verdict.status is Status.TIMED_OUT and verdict.phase is Phase.ROLLING_BACK:
            return False
        failed = verdict.status in (Status.FAILED, Status.STOPPED, Status.TIMED_OUT) and not is_gone(failure.state)
        return failure.was_answered or (failed and self._puts_back)

    def _send_back(self, failure: Failure) -> NextWatch | Outcome:
        """Begin the rollback. If a signal comes before we have sent it, the signal handler sends it."""
        run, state = self.run, failure.state
        undoing = self._undoing(state.handle, state.known_events)
        undoing = replace(undoing, spares_success=_may_have_come_late(failure.verdict))
        if failure.was_answered:
            undoing = replace(undoing, request=replace(self.request, on_failure=OnFailure.ROLLBACK))
        run.progress = replace(run.progress, intent=RollbackIntent.OWED)
        if state.verdict is not None and state.verdict.doom is not None:
            look = LastLook(run=run, ref=self.request.service, definition=self.definition, state=state)
            undoing = replace(undoing, confirm=look)
        undo = self._deployer.undo(run, undoing)
        return self._went_back(failure, undo, undo.begin())

    def _went_back(self, failure: Failure, undo: Undo, turn: Turn) -> NextWatch | Outcome:
        """Act on a step of the rollback: watch our deployment again, watch the rollback, or end the run."""
        self._note_intent(turn)
        match turn:
            case Reprieved():
                return self.following(turn.state)
            case Going():
                failure.examine()
                return self._watching(turn, lambda ended: self._went_back(failure, undo, undo.ended(turn, ended)))
            case _:
                return self._finish(failure, self._final(failure, turn))

    def _watching(self, going: Going, then: Callable[[EndedWatch], NextWatch | Outcome]) -> NextWatch:
        return NextWatch(state=going.state(self.run, self.request.budget), then=then)

    def _note_intent(self, turn: Turn) -> None:
        """Note how far the rollback has come, for a signal that comes from now on."""
        run = self.run
        match turn:
            case Going():
                intent = RollbackIntent.TAKEN if turn.way is Way.TAKEN_BACK else RollbackIntent.SENT
            case _ if run.progress.intent.is_owed:
                intent = RollbackIntent.NONE
            case _:
                return
        run.progress = replace(run.progress, intent=intent)

    def _final(self, failure: Failure, report: RollbackReport | None) -> Verdict:
        return final_verdict(failure.verdict, report, self._limit, was_answered=failure.was_answered)

    @property
    def _limit(self) -> float:
        """How many seconds a rollback had."""
        return max(self.request.budget.seconds, self.run.progress.back_seconds)

    def _report_ecs(self, verdict: Verdict, state: State) -> None:
        """Keep the report of a rollback that we did not begin; ECS did, or `rollback` had ECS stop the deployment."""
        seen, serving = state.last_seen, "" if verdict.by else verdict.serving
        tasks = seen.returning if seen else None
        self.run.progress = replace(
            self.run.progress,
            rollback=RollbackReport(
                by="us" if self.run.progress.asked_back == state.handle.deployment_id else self._deployer.name,
                to_revision=(seen.rollback_to if seen else "") or serving,
                status=UNDER_WAY if verdict.status is Status.TIMED_OUT else verdict.status,
                reason=verdict.reason,
                running=tasks.running if tasks else None,
                desired=tasks.desired if tasks else None,
            ),
        )

    @property
    def _puts_back(self) -> bool:
        return self.request.on_failure is not OnFailure.LEAVE

    @property
    def _deployer(self) -> Deployer:
        return deployer_of(self.run.progress.controller)

    def _undoing(self, ours: Handle, told: frozenset[str]) -> Undoing:
        return Undoing(request=self.request, before=self.before, baseline=self.baseline, ours=ours, told=told)

    def _prune(self) -> None:
        if self.request.keep is None:
            return
        from ecsdeploy.engine.settle.prune import prune

        prune(self.run, self.request.keep, "release")


def _may_have_come_late(verdict: Verdict) -> bool:
    """Whether our deployment may have completed since the last look: it was judged early, or its time ran out."""
    return verdict.status is Status.TIMED_OUT or verdict.doom is not None
