"""What a signal does to a deployment of ours that is under way: one write at most, and nothing is waited for."""

from dataclasses import replace

from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError, HungUp, Terminated
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Outcome, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import Answer, DeployRequest, OnFailure, OnInterrupt
from ecsdeploy.model.steps import Baseline
from ecsdeploy.plan.planner import plan_rollback

_UNDER_WAY = (Phase.STARTING, Phase.WAITING)


def settled(request: DeployRequest, signal: KeyboardInterrupt) -> DeployRequest:
    """The request where nobody is asked (any more): a terminal that went away only ever detaches, as does Ctrl-C."""
    asks = request.on_interrupt is OnInterrupt.ASK
    if isinstance(signal, HungUp) or (asks and not isinstance(signal, Terminated)):
        return replace(request, on_interrupt=OnInterrupt.DETACH)
    if asks:
        goes_back = request.on_failure is OnFailure.ROLLBACK
        return replace(request, on_interrupt=OnInterrupt.ROLLBACK if goes_back else OnInterrupt.DETACH)
    return request


def answer(run: Run, request: DeployRequest, signal: KeyboardInterrupt) -> Verdict | None:
    """Ask, if there is somebody to ask: None to go on watching, or the verdict that is followed by a rollback.

    Raises the signal again where nobody is asked, and where the answer is to detach.
    """
    question = run.question if request.on_interrupt is OnInterrupt.ASK and run.phase in _UNDER_WAY else None
    if question is None or isinstance(signal, HungUp | Terminated):
        raise signal
    match question():
        case Answer.CONTINUE:
            return None
        case Answer.ROLLBACK:
            return Verdict(status=Status.INTERRUPTED, phase=run.phase)
        case Answer.DETACH:
            raise signal


def interrupted(run: Run, request: DeployRequest, baseline: Baseline | None) -> Outcome:
    """The outcome after a signal: a verdict that was told stands, else the deployment goes on, or back if asked."""
    asked = run.verdict is None and request.on_interrupt is OnInterrupt.ROLLBACK and run.phase in _UNDER_WAY
    if asked or run.owes_rollback:
        _ask_back(run, request, baseline)
    return run.finish(run.verdict or Verdict(status=Status.INTERRUPTED, phase=run.phase))


def _ask_back(run: Run, request: DeployRequest, baseline: Baseline | None) -> None:
    if baseline is None or not run.deployment_id or baseline.revision == run.to_revision:
        return
    report = RollbackReport(by="us", to_revision=baseline.revision, status=Status.INTERRUPTED)
    try:
        stopped = _stop(run, request)
        if stopped is None and not (run.owes_rollback and request.on_failure is OnFailure.STOP):
            stopped = _update(run, request, baseline)
    except EcsDeployError as error:
        run.emit.warn("W-ROLLBACK-NOT-SENT", error.message)
        return
    if stopped is None:
        return
    run.phase, run.rollback, run.verdict = Phase.ROLLING_BACK, report, None
    run.emit(RollingBack(by="us", to_revision=baseline.revision, stopped=stopped))


def _stop(run: Run, request: DeployRequest) -> bool | None:
    """The deployment is ours by its id, or its digits: nobody else's can be stopped by mistake."""
    if run.controller == "CODE_DEPLOY":
        run.plane.codedeploy.stop(run.deployment_id)
        return True
    try:
        arn = run.service_deployment_arn or _deployed(run, request)
        if not arn:
            return None
        run.plane.stop_deployment(arn)
    except EcsDeployError:
        return None
    return True


def _deployed(run: Run, request: DeployRequest) -> str:
    """While all goes well, nobody has read it yet."""
    found = run.plane.service_deployment(request.service, run.deployment_id)
    return found.arn if found else ""


def _update(run: Run, request: DeployRequest, baseline: Baseline) -> bool | None:
    """Where it cannot be stopped: compare, then put the service back; None when it is no longer ours."""
    primary = run.plane.service(request.service).primary
    if primary is None or primary.id != run.deployment_id:
        # What we sent when the signal came may have been carried out.
        return False if run.owes_rollback and primary and primary.task_definition == baseline.revision else None
    run.plane.update_service(plan_rollback(request.service, baseline), baseline.revision)
    return False
