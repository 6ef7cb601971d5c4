"""Rolls a release back through CodeDeploy: stops our deployment with a rollback, else deploys the baseline again."""

from __future__ import annotations

from functools import partial
from typing import Literal

from ecsdeploy.engine.controllers.codedeploy.gather import routes
from ecsdeploy.engine.controllers.codedeploy.start import start
from ecsdeploy.engine.follow.poller import EndedWatch
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.wayback import Going, Reprieved, Turn, Undoing, Way, begin_way, recorded
from ecsdeploy.engine.write.lost_reply import OvertakenError
from ecsdeploy.errors import (
    AwsRefused,
    ReplyLost,
)
from ecsdeploy.model.outcome import UNDER_WAY, RollbackReport, Status, Verdict
from ecsdeploy.model.request import OnFailure
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value

STOP_SECONDS = 30.0
"""How long we repeat a stop, at least."""
CREATE_SECONDS = 30.0
"""How long we repeat the request for a deployment of the baseline, at least."""


def stop(run: Run, identifier: str, patience: Patience) -> bool:
    """Ask CodeDeploy to stop a deployment and roll it back. False if it has ended. Errors: as of `Reads`.

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
        # A second stop changes nothing, so we may repeat it after a lost reply.
        patience.forgiving(STOP_SECONDS).read(send)
    except AwsRefused as error:
        if not error.says_no:
            raise
        # After a lost reply, a refusal means that the first stop has arrived.
        if not lost:
            return False
    run.progress = replace(run.progress, asked_back=identifier)
    return True


@value(frozen=True, slots=True, kw_only=True)
class CodeDeployRollback:
    """The rollback of one release that CodeDeploy deploys: see `Undo`."""

    run: Run
    undoing: Undoing

    def begin(self) -> Turn:
        """Put the service back. None, with a warning, if we know of no deployment of ours, or of no baseline."""
        run, baseline = self.run, self.undoing.baseline
        if baseline is None or baseline.revision == run.progress.to_revision or not run.progress.deployment_id:
            run.emit.warn("W-NO-ROLLBACK-TARGET", run.progress.to_revision)
            return None
        return recorded(self.run, baseline, partial(self._go, baseline))

    def ended(self, going: Going, ended: EndedWatch) -> Turn:
        return recorded(self.run, going.baseline, partial(self._over, going, ended))

    def restore_sizing(self) -> None:
        """Do nothing: a release through CodeDeploy changes no counts."""

    def _go(self, baseline: Baseline) -> Turn:
        """Stop our deployment; if it has ended, deploy the baseline again."""
        run, patience = self.run, self.run.anew()
        ours = patience.read(lambda: run.plane.codedeploy.deployment(self._ours))
        spared = None if ours.ended else self.undoing.confirm()
        if spared is not None:
            return Reprieved(state=spared)
        if not ours.ended and stop(run, ours.id, patience):
            handle = Handle(deployment_id=ours.id, revision=run.progress.to_revision)
            return begin_way(self.run, self.undoing, Way.STOPPED, handle, baseline)
        return self._put_back(baseline, patience, succeeded=ours.status == "Succeeded")

    def _over(self, going: Going, ended: EndedWatch) -> Turn:
        verdict, baseline = ended.verdict, going.baseline
        if going.way is not Way.STOPPED:
            return _report(going, ended, _reported(verdict, Status.SUCCEEDED))
        if verdict.status is Status.SUCCEEDED:
            return self._put_back(baseline, self.run.anew(), succeeded=True)
        return _report(going, ended, _reported(verdict, Status.ROLLED_BACK))

    def _put_back(self, baseline: Baseline, patience: Patience, *, succeeded: bool) -> Turn:
        """After a deployment that ended before the stop: deploy the baseline again if ours serves, else None."""
        if self.undoing.spares_success and succeeded:
            return RollbackReport(by="us", to_revision=baseline.revision, status=Status.SUCCEEDED)
        if self.undoing.request.on_failure is OnFailure.STOP:
            self.run.emit.warn("W-NOTHING-TO-STOP", self.undoing.request.service.short_name)
            return None
        now = patience.read(lambda: self.run.plane.service(self.undoing.request.service))
        return self._deploy(baseline, now, patience) if self._serves(now, patience) else None

    @property
    def _ours(self) -> str:
        return self.run.progress.deployment_id

    def _serves(self, now: Service, patience: Patience) -> bool:
        """Whether our version gets production traffic, or a part of it."""
        run = self.run
        if now.task_definition == run.progress.to_revision:
            return True
        target = patience.read(lambda: run.plane.codedeploy.target(self.undoing.request.service, self._ours))
        green = target.side("Green") if target else None
        return green is not None and green.weight > 0 and now.deployment(green.id) is not None

    def _deploy(self, baseline: Baseline, now: Service, patience: Patience) -> Going | None:
        """Deploy the baseline. None, with a warning, if somebody else's deployment is newer or under way."""
        run = self.run
        route = next(iter(routes(run, self.undoing.request.service, now)), None)
        if route is None or route.busy_with or route.newest != self._ours:
            run.emit.warn("W-NOT-OURS", route.newest if route else "", str(route) if route else "")
            return None
        try:
            handle = start(run, route, baseline.revision, patience.forgiving(CREATE_SECONDS))
        except OvertakenError as overtaken:
            run.emit.warn("W-NOT-OURS", overtaken.other, overtaken.of)
            return None
        return begin_way(self.run, self.undoing, Way.RELEASED, handle, baseline)


def _reported(verdict: Verdict, good: Status) -> Status | Literal["in_progress"]:
    """The report's status for a verdict about the rollback's deployment; `good` is the one that means success."""
    match verdict.status:
        case Status.UNKNOWN:
            return verdict.status
        case Status.TIMED_OUT:
            return UNDER_WAY
        case status:
            return Status.ROLLED_BACK if status is good else Status.ROLLBACK_FAILED


def _report(going: Going, ended: EndedWatch, status: Status | Literal["in_progress"]) -> RollbackReport:
    seen = ended.state.last_seen
    return RollbackReport(
        by="us",
        to_revision=going.baseline.revision,
        status=status,
        reason=ended.verdict.reason,
        deployment_id=going.handle.deployment_id,
        running=seen.returning.running if seen else None,
        desired=seen.returning.desired if seen else None,
    )
