"""Back to the baseline: compare, then act, then watch it like any deployment, and never touch another's."""

from dataclasses import replace

from ecsdeploy.engine.execute import Writer, newest_of
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.watch import Watcher
from ecsdeploy.errors import AwsRefused, EcsDeployError
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OnFailure, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline, PointService, Register
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.knowngood import check_revision
from ecsdeploy.plan.planner import plan_rollback
from ecsdeploy.rollout.state import begin_rollback

_REPORTED = {Status.SUPERSEDED: Status.SUPERSEDED, Status.UNKNOWN: Status.UNKNOWN}
"""Besides a rollback that succeeded; any other verdict about it is a rollback that failed."""
_STOPPABLE = frozenset({"PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The way back of one release; what it did and how that ended is left in `run.rollback`.

    `told` are the ids of ECS's events that have been told already.
    """

    run: Run
    request: DeployRequest
    before: Service
    baseline: Baseline | None
    told: frozenset[str]

    def perform(self) -> RollbackReport | None:
        """Put the service back and watch it; None when there is nothing of ours to undo.

        An error on the way is a failed rollback, told with its reason: the failure that led here stands.
        """
        if self.baseline is None or self.baseline.revision == self.run.to_revision:
            self.run.emit.warn("W-NO-ROLLBACK-TARGET", self.run.to_revision)
            return None
        try:
            now = self.run.patience().once_begun().read(lambda: self.run.plane.service(self.request.service))
            if not self._is_ours(now):
                return None
            report = self._go(self.baseline, now)
        except EcsDeployError as error:
            report = RollbackReport(
                by="us",
                to_revision=self.baseline.revision,
                status=Status.ROLLBACK_FAILED,
                reason=error.message,
            )
        self.run.rollback = report
        return report

    def restore_sizing(self) -> None:
        """After ECS's own rollback: what `-D`, `-m` and `-M` changed is still changed. This starts no deployment."""
        if self.baseline is None or self.baseline.sizing == Sizing():
            return
        step = PointService(service=self.request.service, sizing=self.baseline.sizing)
        try:
            now = self.run.patience().once_begun().read(lambda: self.run.plane.service(self.request.service))
            if now.primary is None or now.primary.id not in self._before():
                return
            self.run.patience().once_begun().write(lambda: self.run.plane.update_service(step, ""))
        except EcsDeployError as error:
            self.run.emit.warn("W-SIZING-NOT-RESTORED", self.before.name, error.message)

    def _is_ours(self, now: Service) -> bool:
        """Only a service whose primary deployment is still ours is put back; after a lost write its revision tells."""
        primary = now.primary
        if primary is None or primary.id in self._before():
            return False
        ours = self.run.deployment_id
        if primary.id == ours or (not ours and primary.task_definition == self.run.to_revision):
            return True
        self.run.emit.warn("W-NOT-OURS", primary.id, primary.task_definition)
        return False

    def _before(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.before.deployments)

    def _go(self, baseline: Baseline, now: Service) -> RollbackReport | None:
        run = self.run
        phase, verdict = run.phase, run.verdict
        run.phase, run.verdict = Phase.ROLLING_BACK, None
        report = self._stop(baseline)
        if report is None and self.request.on_failure is not OnFailure.STOP:
            return self._update(baseline, now)
        if report is None:
            run.phase, run.verdict = phase, verdict
            run.emit.warn("W-NOTHING-TO-STOP", self.before.name)
        return report

    def _stop(self, baseline: Baseline) -> RollbackReport | None:
        """Stop our service deployment where it still moves, and watch ECS roll it back; None where it cannot be.

        It may also have completed before the request came: then the service is put back like a finished release.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
        """
        if not self._request_stop():
            return None
        self.run.emit(RollingBack(by="us", to_revision=baseline.revision, stopped=True))
        before = self._before()
        handle = Handle(deployment_id=self.run.deployment_id, revision=self.run.to_revision, previous=before)
        verdict = self._follow(handle, seen=True)
        if verdict.status is Status.SUCCEEDED:
            return None
        self.restore_sizing()
        return self._report(verdict, handle, baseline)

    def _request_stop(self) -> bool:
        run, ours = self.run, self.run.deployment_id
        try:
            patience = run.patience().once_begun()
            deployed = patience.read(lambda: run.plane.service_deployment(self.request.service, ours)) if ours else None
            if deployed is None or deployed.status not in _STOPPABLE:
                return False
            # Stopping twice does no more than once, so a lost reply is no reason to stop.
            patience.read(lambda: run.plane.stop_deployment(deployed.arn))
        except AwsRefused:
            return False
        return True

    def _update(self, baseline: Baseline, now: Service) -> RollbackReport:
        self.run.emit(RollingBack(by="us", to_revision=baseline.revision))
        ids = tuple(each.id for each in now.deployments)
        try:
            handle = self._point(baseline, ids)
        except AwsRefused as refusal:
            baseline = self._copied(baseline, refusal)
            handle = self._point(baseline, ids)
        return self._report(self._follow(handle), handle, baseline)

    def _point(self, baseline: Baseline, ids: tuple[str, ...]) -> Handle:
        writer = Writer(plane=self.run.plane, patience=self.run.patience().once_begun())
        _, handle = writer.point_service(plan_rollback(self.request.service, baseline), baseline.revision, ids)
        return handle

    def _copied(self, baseline: Baseline, refusal: AwsRefused) -> Baseline:
        """The baseline with a new revision of the same content, where ECS refused the old one as it is inactive.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
        """
        run, patience = self.run, self.run.patience().once_begun()
        try:
            old = patience.read(lambda: run.plane.definition(baseline.revision))
        except EcsDeployError:
            raise refusal from None
        if not check_revision(old):
            raise refusal
        newest = newest_of(old.family, baseline.revision, run.to_revision)
        copy = Writer(plane=run.plane, patience=patience).register(Register(definition=old), newest)
        run.emit.warn("W-REVISION-COPIED", baseline.revision, copy.arn)
        return replace(baseline, revision=copy.arn)

    def _follow(self, handle: Handle, *, seen: bool = False) -> Verdict:
        state = begin_rollback(handle, self.request.budget, self.run.clock.monotonic(), self.told, seen=seen)
        return Watcher(run=self.run, ref=self.request.service).follow(state).verdict

    def _report(self, verdict: Verdict, handle: Handle, baseline: Baseline) -> RollbackReport:
        stopped = handle.deployment_id == self.run.deployment_id
        reported = {**_REPORTED, Status.ROLLED_BACK if stopped else Status.SUCCEEDED: Status.ROLLED_BACK}
        return RollbackReport(
            by="us",
            to_revision=baseline.revision,
            status=reported.get(verdict.status, Status.ROLLBACK_FAILED),
            deployment_id=handle.deployment_id,
            reason=verdict.reason,
        )
