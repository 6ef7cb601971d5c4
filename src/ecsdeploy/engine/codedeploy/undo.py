"""Back to the baseline through CodeDeploy: stop our deployment with a rollback, else deploy the baseline again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ecsdeploy.engine.codedeploy.gather import routes
from ecsdeploy.engine.codedeploy.start import start
from ecsdeploy.engine.effect import OvertakenError
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.reprieve import certain
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.watch import Watcher
from ecsdeploy.errors import (
    AwsRefused,
    CredentialsError,
    EcsDeployError,
    NoSuchResource,
    ReplyLost,
    Unreachable,
)
from ecsdeploy.model.codedeploy import CodeDeployment
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import UNDER_WAY, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OnFailure
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import begin_rollback

STOP_SECONDS = 30.0
"""A stop is sent again for so long at least."""
CREATE_SECONDS = 30.0
"""So is the deployment that brings the old revision back."""


def stop(run: Run, identifier: str, patience: Patience) -> bool:
    """Ask CodeDeploy to stop a deployment and to roll it back; False where it has ended.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_StopDeployment.html
    """
    lost = False

    def send() -> None:
        nonlocal lost
        try:
            run.plane.codedeploy.stop(identifier)
        except ReplyLost:
            lost = True
            raise

    try:
        # Stopping twice does no more than once, so a lost reply is no reason to stop.
        patience.forgiving(STOP_SECONDS).read(send)
    except AwsRefused as error:
        if not error.says_no:
            raise
        # The request before may have arrived, where it cannot be stopped any more.
        if not lost:
            return False
    run.asked_back = identifier
    return True


@value(frozen=True, slots=True, kw_only=True)
class CodeDeployRollback:
    """The way back of one release; what it did and how that ended is left in `run.rollback`.

    `told` are the ids of ECS's events that have been told already. `begun` is called as soon as the service is on its
    way back, before that is followed.
    """

    run: Run
    request: DeployRequest
    baseline: Baseline | None
    told: frozenset[str]
    begun: Callable[[], None]
    spares_success: bool = False
    """A release that turns out to have succeeded by now is left alone, and reported as that."""
    confirm: Callable[[], None] = certain
    """Looks once more, right before the write; `ReprievedError` where the release need not go back."""

    def perform(self) -> RollbackReport | None:
        """Put the service back and watch it; None when there is nothing of ours to undo.

        An error on the way is a failed rollback, told with its reason: the failure that led here stands.
        """
        run, baseline = self.run, self.baseline
        if baseline is None or baseline.revision == run.to_revision or not run.deployment_id:
            run.emit.warn("W-NO-ROLLBACK-TARGET", run.to_revision)
            return None
        try:
            report = self._go(baseline)
        except NoSuchResource:
            # The service has been deleted: that is the verdict, and nothing is left to put back.
            return None
        except EcsDeployError as error:
            silent = isinstance(error, ReplyLost | Unreachable | CredentialsError)
            report = _report(baseline, Status.UNKNOWN if silent else Status.ROLLBACK_FAILED, error.message)
        if report is not None and report.status is not Status.SUCCEEDED:
            run.rollback = report
        return report

    def restore_sizing(self) -> None:
        """A release through CodeDeploy changes no sizing."""

    def _go(self, baseline: Baseline) -> RollbackReport | None:
        patience = self.run.anew()
        ours = patience.read(lambda: self.run.plane.codedeploy.deployment(self._ours))
        if not ours.ended:
            self.confirm()
        if not ours.ended and stop(self.run, ours.id, patience):
            self._begin(baseline, stopped=True)
            verdict = self._follow(Handle(deployment_id=ours.id, revision=self.run.to_revision))
            if verdict.status is not Status.SUCCEEDED:
                return _report(baseline, _reported(verdict, Status.ROLLED_BACK), verdict.reason, ours.id)
            ours, patience = replace(ours, status="Succeeded"), self.run.anew()
        if self.spares_success and ours.status == "Succeeded":
            return _report(baseline, Status.SUCCEEDED, "")
        if self.request.on_failure is OnFailure.STOP:
            self.run.emit.warn("W-NOTHING-TO-STOP", self.request.service.short_name)
            return None
        now = patience.read(lambda: self.run.plane.service(self.request.service))
        return self._deploy(baseline, now, patience) if self._serves(ours, now, patience) else None

    @property
    def _ours(self) -> str:
        return self.run.deployment_id

    def _serves(self, ours: CodeDeployment, now: Service, patience: Patience) -> bool:
        """Whether production traffic goes to our version, even a part of it."""
        run = self.run
        if now.task_definition == run.to_revision:
            return True
        target = patience.read(lambda: run.plane.codedeploy.target(self.request.service, ours.id))
        green = target.side("Green") if target else None
        return green is not None and green.weight > 0 and now.deployment(green.id) is not None

    def _deploy(self, baseline: Baseline, now: Service, patience: Patience) -> RollbackReport | None:
        """A new deployment, of the old revision; not while somebody else's is under way."""
        run = self.run
        route = next(iter(routes(run, self.request.service, now)), None)
        if route is None or route.busy_with or route.newest != self._ours:
            run.emit.warn("W-NOT-OURS", route.newest if route else "", str(route) if route else "")
            return None
        try:
            handle = start(run, route, baseline.revision, patience.forgiving(CREATE_SECONDS))
        except OvertakenError as overtaken:
            run.emit.warn("W-NOT-OURS", overtaken.other, overtaken.of)
            return None
        self._begin(baseline, stopped=False)
        verdict = self._follow(handle)
        return _report(baseline, _reported(verdict, Status.SUCCEEDED), verdict.reason, handle.deployment_id)

    def _begin(self, baseline: Baseline, *, stopped: bool) -> None:
        self.run.phase, self.run.verdict = Phase.ROLLING_BACK, None
        self.run.emit(RollingBack(by="us", to_revision=baseline.revision, stopped=stopped))
        self.begun()

    def _follow(self, handle: Handle) -> Verdict:
        state = begin_rollback(handle, self.request.budget, self.run.clock.monotonic(), self.told)
        state = replace(state, back_seconds=self.run.back_seconds)
        return Watcher(run=self.run, ref=self.request.service).follow(state).verdict


def _reported(verdict: Verdict, good: Status) -> Status | Literal["in_progress"]:
    match verdict.status:
        case Status.UNKNOWN:
            return verdict.status
        case Status.TIMED_OUT:
            return UNDER_WAY
        case status:
            return Status.ROLLED_BACK if status is good else Status.ROLLBACK_FAILED


def _report(
    baseline: Baseline, status: Status | Literal["in_progress"], reason: str, identifier: str = ""
) -> RollbackReport:
    return RollbackReport(
        by="us", to_revision=baseline.revision, status=status, reason=reason, deployment_id=identifier
    )
