"""What a signal does to a deployment of ours that is under way: one write at most, and nothing is waited for."""

from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Outcome, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import DeployRequest, OnInterrupt
from ecsdeploy.model.steps import Baseline
from ecsdeploy.plan.planner import plan_rollback

_UNDER_WAY = (Phase.STARTING, Phase.WAITING)


def interrupted(run: Run, request: DeployRequest, baseline: Baseline | None) -> Outcome:
    """The outcome after a signal: a verdict that was told stands, else the deployment goes on, or back if asked."""
    if run.verdict is None and request.on_interrupt is OnInterrupt.ROLLBACK and run.phase in _UNDER_WAY:
        _ask_back(run, request, baseline)
    return run.finish(run.verdict or Verdict(status=Status.INTERRUPTED, phase=run.phase))


def _ask_back(run: Run, request: DeployRequest, baseline: Baseline | None) -> None:
    if baseline is None or not run.deployment_id or baseline.revision == run.to_revision:
        return
    report = RollbackReport(by="us", to_revision=baseline.revision, status=Status.INTERRUPTED)
    try:
        stopped = _stop(run)
        if stopped is None:
            stopped = _update(run, request, baseline)
    except EcsDeployError as error:
        run.emit.warn("W-ROLLBACK-NOT-SENT", error.message)
        return
    if stopped is None:
        return
    run.phase, run.rollback = Phase.ROLLING_BACK, report
    run.emit(RollingBack(by="us", to_revision=baseline.revision, stopped=stopped))


def _stop(run: Run) -> bool | None:
    """The service deployment is ours by its ARN: nobody else's can be stopped by mistake."""
    if not run.service_deployment_arn:
        return None
    try:
        run.plane.stop_deployment(run.service_deployment_arn)
    except EcsDeployError:
        return None
    return True


def _update(run: Run, request: DeployRequest, baseline: Baseline) -> bool | None:
    """Where it cannot be stopped: compare, then put the service back; None when it is no longer ours."""
    primary = run.plane.service(request.service).primary
    if primary is None or primary.id != run.deployment_id:
        return None
    run.plane.update_service(plan_rollback(request.service, baseline), baseline.revision)
    return False
