"""Back to the baseline: compare, then act, then watch it like any deployment, and never touch another's."""

from ecsdeploy.engine.execute import Writer
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.watch import Watcher
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import DeployRequest, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline, PointService
from ecsdeploy.model.values import dataclass
from ecsdeploy.plan.planner import plan_rollback
from ecsdeploy.rollout.machine import begin_rollback

_REPORTED = {
    Status.SUCCEEDED: Status.ROLLED_BACK,
    Status.SUPERSEDED: Status.SUPERSEDED,
    Status.UNKNOWN: Status.UNKNOWN,
}
"""What the verdict about our rollback's own deployment makes of the release."""


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

    def _go(self, baseline: Baseline, now: Service) -> RollbackReport:
        run, request = self.run, self.request
        run.phase, run.verdict = Phase.ROLLING_BACK, None
        run.emit(RollingBack(by="us", to_revision=baseline.revision))
        writer = Writer(plane=run.plane, patience=run.patience().once_begun())
        ids = tuple(each.id for each in now.deployments)
        step = plan_rollback(request.service, baseline)
        _, handle = writer.point_service(step, baseline.revision, ids)
        return self._report(self._follow(handle), handle, baseline)

    def _follow(self, handle: Handle) -> Verdict:
        state = begin_rollback(handle, self.request.budget, self.run.clock.monotonic(), self.told)
        return Watcher(run=self.run, ref=self.request.service, checked=False).follow(state).verdict

    def _report(self, verdict: Verdict, handle: Handle, baseline: Baseline) -> RollbackReport:
        status = _REPORTED.get(verdict.status, Status.ROLLBACK_FAILED)
        return RollbackReport(
            by="us",
            to_revision=baseline.revision,
            status=status,
            deployment_id=handle.deployment_id,
            reason=verdict.reason,
        )
