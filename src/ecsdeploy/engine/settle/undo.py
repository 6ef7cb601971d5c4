"""Rolls a release back: looks whether the deployment is still ours, acts, and watches the result."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal, assert_never

from ecsdeploy.engine.follow.poller import EndedWatch
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.wayback import Going, Reprieved, Turn, Undoing, Way, begin_way, recorded
from ecsdeploy.engine.write.execute import Writer, newest_of
from ecsdeploy.engine.write.lost_reply import OvertakenError, stood
from ecsdeploy.engine.write.stopping import Stopping
from ecsdeploy.errors import AwsError, AwsRefused, EcsDeployError
from ecsdeploy.model.identity import brings
from ecsdeploy.model.outcome import UNDER_WAY, RollbackReport, Status
from ecsdeploy.model.request import OnFailure, Sizing
from ecsdeploy.model.service import Service, ServiceDeployment
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline, PointService, Register
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.configuring import still_set
from ecsdeploy.plan.planner import plan_rollback, still_ours
from ecsdeploy.plan.revisions import check_revision, taken_now

_REPORTED: Mapping[Status, Status | Literal["in_progress"]] = {
    Status.SUPERSEDED: Status.SUPERSEDED,
    Status.UNKNOWN: Status.UNKNOWN,
    Status.TIMED_OUT: UNDER_WAY,
}
"""What these verdicts about the rollback mean for its report. All others but success mean ROLLBACK_FAILED."""
OPTIONAL_SECONDS = 10.0
"""How long an optional read before a rollback is repeated."""
STOP_SECONDS = 30.0
"""How long we repeat a stop that ECS throttles or does not answer; then we update the service instead."""
UPDATE_SECONDS = 30.0
"""How long we repeat the update that puts the service back, at least."""
_NOT_BACK = (Status.STOPPED, Status.FAILED)


@value(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The rollback of one release that ECS deploys: see `Undo`."""

    run: Run
    undoing: Undoing

    def begin(self) -> Turn:
        """Put the service back. None, with a warning, if nothing is ours to undo or no baseline is known."""
        run = self.run
        if run.progress.attached:
            run.emit.warn("W-NOT-OURS", run.progress.deployment_id, run.progress.to_revision)
            return None
        if self.undoing.baseline is None or self.undoing.baseline.revision == self.run.progress.to_revision:
            self.run.emit.warn("W-NO-ROLLBACK-TARGET", self.run.progress.to_revision)
            return None
        return recorded(self.run, self.undoing.baseline, partial(self._compare_and_go, self.undoing.baseline))

    def ended(self, going: Going, ended: EndedWatch) -> Turn:
        return recorded(self.run, going.baseline, partial(self._over, going, ended))

    def _over(self, going: Going, ended: EndedWatch) -> Turn:
        match going.way:
            case Way.STOPPED:
                return self._stop_over(going, ended)
            case Way.TAKEN_BACK:
                # ECS rolls back, and only ECS knows to which revision.
                self.restore_sizing()
                return replace(self._report(ended, going.baseline, Status.ROLLED_BACK), by="ecs")
            case Way.RELEASED:
                report = self._report(ended, going.baseline, Status.SUCCEEDED)
                if report.status is Status.ROLLED_BACK:
                    self._restore_held(going.baseline, ended)
                return replace(report, to_revision=going.baseline.revision)
            case _ as never:
                assert_never(never)

    def _stop_over(self, going: Going, ended: EndedWatch) -> Turn:
        """The step after a stop. If the stop put nothing back, we put the service back with an update.

        A stop puts nothing back if ECS knows no completed deployment, or if ours had completed before the stop arrived.
        """
        run, puts_back = self.run, self.undoing.request.on_failure is not OnFailure.STOP
        if ended.verdict.status is Status.SUCCEEDED or (ended.verdict.status in _NOT_BACK and puts_back):
            # Nothing is on its way back: a signal that comes before our update has to send it.
            run.progress = replace(run.progress, phase=going.phase, verdict=going.verdict, intent=RollbackIntent.OWED)
            return self._compare_and_go(going.baseline, stops=False)
        self.restore_sizing()
        return self._report(ended, going.baseline, Status.ROLLED_BACK)

    def restore_sizing(self) -> None:
        """After ECS's own rollback, put back what `-D`, `-m` and `-M` changed. This starts no deployment.

        ECS leaves those as they are. It puts volumes back itself:
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html
        """
        if self.undoing.baseline is None:
            return
        baseline = replace(self.undoing.baseline, sizing=replace(self.undoing.baseline.sizing, volumes=None))
        if baseline.sizing == Sizing():
            return
        patience = self.run.anew().brief(STOP_SECONDS)
        try:
            now = patience.read(lambda: self.run.plane.service(self.undoing.request.service))
            if now.primary is None or now.primary.id not in self._before():
                return
            sizing = self._sizing(baseline, now)
            if sizing == Sizing():
                return
            step = PointService(service=self.undoing.request.service, sizing=sizing)
            patience.write(lambda: self.run.plane.update_service(step, ""))
        except EcsDeployError as error:
            self.run.emit.warn("W-SIZING-NOT-RESTORED", self.undoing.before.name, error.message)

    def _restore_held(self, baseline: Baseline, ended: EndedWatch) -> None:
        """After our own update, put back the strategy that it could not: see `taken_now`."""
        before, asked = baseline.sizing.deployment, self.undoing.request.sizing.deployment
        if "strategy" not in before:
            return
        patience = self.run.anew().brief(STOP_SECONDS)
        try:
            now = patience.read(lambda: self.run.plane.service(self.undoing.request.service))
            held = still_set(now, before, asked)
            if now.primary is None or now.primary.id != ended.state.handle.deployment_id or "strategy" not in held:
                return
            step = PointService(service=self.undoing.request.service, sizing=Sizing(deployment=held))
            patience.write(lambda: self.run.plane.update_service(step, ""))
        except EcsDeployError as error:
            self.run.emit.warn("W-SIZING-NOT-RESTORED", self.undoing.before.name, error.message)

    def _sizing(self, baseline: Baseline, now: Service) -> Sizing:
        """The part of the baseline's sizing to put back. What somebody else has changed since, we leave."""
        sizing = still_ours(baseline.sizing, self.undoing.request.sizing, now)
        if sizing != baseline.sizing:
            self.run.emit.warn("W-SIZING-NOT-RESTORED", now.name, "somebody else has changed them since")
        return sizing

    def _compare_and_go(self, baseline: Baseline, *, stops: bool = True) -> Turn:
        """Look at the service, and roll our deployment back.

        * It is under way: stop it. With `stops` false, a stop was tried before.
        * ECS rolls it back already: only watch that.
        * Otherwise: put the service back with an update.
        * It is not ours any more: None, and we write nothing.
        """
        run, patience = self.run, self.run.anew()
        now = patience.read(lambda: run.plane.service(self.undoing.request.service))
        if now.is_being_deleted or not self._is_ours(now):
            return None
        deployed = self._deployed()
        if self.undoing.spares_success and self._has_completed(now, deployed):
            return RollbackReport(by="us", to_revision=run.progress.to_revision, status=Status.SUCCEEDED)
        if stops:
            # Ask before the stop: once it has arrived, we cannot undo it.
            spared = self.undoing.confirm()
            if spared is not None:
                return Reprieved(state=spared)
        arn = self._to_stop(deployed) if stops else ""
        if arn:
            # If the stop failed, ECS may have begun a rollback before it. Look again.
            return self._stop(arn, baseline) or self._compare_and_go(baseline, stops=False)
        if deployed and deployed.was_stopped and now.primary is not None and now.primary.id in self._before():
            # Somebody else's deployment replaced ours, and was rolled back. The service is back where it was.
            return None
        if (deployed and deployed.is_taken_back) or now.primary is None or now.primary.id in self._before():
            return begin_way(self.run, self.undoing, Way.TAKEN_BACK, self.undoing.ours, baseline, seen=True)
        if self.undoing.request.on_failure is OnFailure.STOP:
            run.emit.warn("W-NOTHING-TO-STOP", self.undoing.before.name)
            return None
        # The reads above may have used up the time, so the write gets its own.
        return self._update(baseline, now, patience.forgiving(UPDATE_SECONDS))

    def _has_completed(self, now: Service, deployed: ServiceDeployment | None) -> bool:
        ours = now.primary if now.primary and now.primary.id == self.run.progress.deployment_id else None
        return ours is not None and (ours.is_complete or (deployed is not None and deployed.has_succeeded))

    def _is_ours(self, now: Service) -> bool:
        """Whether the primary deployment is ours, or the one before ours, to which ECS goes back. Warns if not.

        After a lost write we do not know the id of ours: then a deployment of our revision counts as ours.
        """
        ours, primary = self.run.progress.deployment_id, now.primary
        if primary is None or primary.id in self._before():
            return primary is not None and bool(ours)
        if primary.id == ours or (not ours and brings(primary, self.run.progress.to_revision)):
            return True
        self.run.emit.warn("W-NOT-OURS", primary.id, primary.task_definition)
        return False

    def _before(self) -> tuple[str, ...]:
        return self.undoing.ours.previous

    def _deployed(self) -> ServiceDeployment | None:
        """Our service deployment; None if it cannot be read. The rollback goes on without it."""
        run, ours = self.run, self.run.progress.deployment_id
        if not ours:
            return None
        reads = OptionalReads(clock=run.clock, again=OPTIONAL_SECONDS)
        return reads.ask("record", lambda: run.plane.service_deployment(self.undoing.request.service, ours))

    def _to_stop(self, deployed: ServiceDeployment | None) -> str:
        """The ARN of our service deployment if it can be stopped, else an empty string.

        It may not have been read: then we use the ARN that we know, if the user asked for nothing but a stop.
        """
        if deployed is not None:
            return deployed.arn if deployed.can_be_stopped else ""
        return self.run.progress.service_deployment_arn if self.undoing.request.on_failure is OnFailure.STOP else ""

    def _stop(self, arn: str, baseline: Baseline) -> Going | None:
        """Stop our service deployment. None if it was not stopped, and we are to look again.

        If the user asked for nothing but a stop, and AWS gave no answer, this raises the error.
        """
        run, puts_back = self.run, self.undoing.request.on_failure is not OnFailure.STOP
        patience = run.anew().brief(STOP_SECONDS) if puts_back else run.anew()
        stopping = Stopping(
            run=run, ref=self.undoing.request.service, deployment_id=run.progress.deployment_id, arn=arn
        )
        try:
            stopping.ask(patience)
        except AwsError as error:
            if puts_back or error.says_no:
                return None
            raise
        return begin_way(self.run, self.undoing, Way.STOPPED, self.undoing.ours, baseline, seen=True)

    def _update(self, baseline: Baseline, now: Service, patience: Patience) -> Going | None:
        """Put the service back with an update. None, with a warning, if somebody else has deployed meanwhile."""
        baseline = replace(baseline, sizing=self._sizing(baseline, now))
        try:
            try:
                handle = self._point(baseline, now, patience)
            except AwsRefused as refusal:
                baseline = self._copied(baseline, refusal, patience)
                handle = self._point(baseline, now, patience)
        except OvertakenError as overtaken:
            self.run.emit.warn("W-NOT-OURS", overtaken.other, overtaken.of)
            return None
        return begin_way(self.run, self.undoing, Way.RELEASED, handle, replace(baseline, revision=handle.revision))

    def _point(self, baseline: Baseline, now: Service, patience: Patience) -> Handle:
        sent, before = replace(baseline, sizing=taken_now(baseline.sizing, now)), stood(now)
        if self.run.progress.intent is RollbackIntent.OWED:
            self.run.progress = replace(self.run.progress, intent=RollbackIntent.SENDING)
        writer = Writer(plane=self.run.plane, patience=patience)
        _, handle = writer.point_service(plan_rollback(self.undoing.request.service, sent), baseline.revision, before)
        return handle

    def _copied(self, baseline: Baseline, refusal: AwsRefused, patience: Patience) -> Baseline:
        """The baseline with a copy of its revision, if ECS refused the revision as inactive; else raises `refusal`.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
        """
        run = self.run
        try:
            old = patience.read(lambda: run.plane.definition(baseline.revision))
        except EcsDeployError:
            raise refusal from None
        if not check_revision(old):
            raise refusal
        newest = newest_of(old.family, baseline.revision, run.progress.to_revision)
        copy = Writer(plane=run.plane, patience=patience).register(Register(definition=old), newest)
        run.emit.warn("W-REVISION-COPIED", baseline.revision, copy.arn)
        return replace(baseline, revision=copy.arn)

    def _report(self, ended: EndedWatch, baseline: Baseline, good: Status) -> RollbackReport:
        """The report of a rollback that was watched to its end; `good` is the verdict that means success."""
        verdict, seen = ended.verdict, ended.state.last_seen
        reported = {**_REPORTED, good: Status.ROLLED_BACK}
        tasks = seen.returning if seen else None
        return RollbackReport(
            by="us",
            to_revision=(seen.rollback_to if seen else "") or baseline.revision,
            status=reported.get(verdict.status, Status.ROLLBACK_FAILED),
            deployment_id=ended.state.handle.deployment_id,
            reason=verdict.reason,
            running=tasks.running if tasks else None,
            desired=tasks.desired if tasks else None,
        )
