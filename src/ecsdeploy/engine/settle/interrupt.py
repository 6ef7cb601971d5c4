"""What a signal does to a deployment of ours that is under way: one write at most, and nothing is waited for."""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, EcsDeployError, HungUp, ReplyLost, Terminated
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.identity import is_new_of
from ecsdeploy.model.outcome import Outcome, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import Answer, DeployRequest, OnFailure, OnInterrupt
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.planner import plan_rollback, still_ours

_SECONDS = 1.0
"""So long is asked again: who sends a signal may be about to kill."""
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
    question = (
        run.context.question if request.on_interrupt is OnInterrupt.ASK and run.progress.phase in _UNDER_WAY else None
    )
    if question is None or isinstance(signal, HungUp | Terminated):
        raise signal
    match question():
        case Answer.CONTINUE:
            return None
        case Answer.ROLLBACK:
            return Verdict(status=Status.INTERRUPTED, phase=run.progress.phase)
        case Answer.DETACH:
            raise signal


def interrupted(run: Run, request: DeployRequest, baseline: Baseline | None) -> Outcome:
    """The outcome after a signal: a verdict that was told stands, else the deployment goes on, or back if asked."""
    asked = (
        run.progress.verdict is None
        and request.on_interrupt is OnInterrupt.ROLLBACK
        and run.progress.phase in _UNDER_WAY
    )
    if asked or run.progress.intent.is_owed:
        _ask_back(run, request, baseline)
    return run.finish(run.progress.verdict or Verdict(status=Status.INTERRUPTED, phase=run.progress.phase))


@value(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A request to go back; `lost` says why it is not known whether it arrived."""

    stopped: bool
    lost: str = ""


def _ask_back(run: Run, request: DeployRequest, baseline: Baseline | None) -> None:
    if baseline is None or baseline.revision == run.progress.to_revision:
        return
    only_stops = run.progress.intent.is_owed and request.on_failure is OnFailure.STOP
    try:
        stopped = _stop(run, request) if run.progress.deployment_id else None
        sent = stopped or (None if only_stops else _update(run, request, baseline))
    except EcsDeployError as error:
        run.emit.warn("W-ROLLBACK-NOT-SENT", error.message)
        return
    if sent is None:
        if not run.progress.deployment_id:
            run.emit.warn("W-ROLLBACK-NOT-SENT", "nothing of ours is to be seen on the service")
        return
    status = Status.UNKNOWN if sent.lost else Status.INTERRUPTED
    report = RollbackReport(by="us", to_revision=baseline.revision, status=status, reason=sent.lost)
    run.progress = replace(run.progress, rollback=report, verdict=None)
    if sent.lost:
        run.emit.warn("W-ROLLBACK-LOST", sent.lost)
        return
    run.progress = replace(run.progress, phase=Phase.ROLLING_BACK)
    run.emit(RollingBack(by="us", to_revision=baseline.revision, stopped=sent.stopped))


def _patience(run: Run) -> Patience:
    return Patience(clock=run.clock, seconds=_SECONDS, start=run.clock.monotonic())


def _stop(run: Run, request: DeployRequest) -> _Sent | None:
    """The deployment is ours by its id, or its digits: nobody else's is stopped by mistake. None if it cannot be."""
    deployer = deployer_of(run.progress.controller)
    stop = deployer.stop(run, request.service)
    if stop is None:
        return None
    only_stops = run.progress.intent.is_owed and request.on_failure is OnFailure.STOP
    try:
        return _send(run, stop)
    except AwsError as error:
        if not deployer.takes_updates or (only_stops and not error.says_no):
            raise
        return None


def _send(run: Run, stop: Callable[[], None]) -> _Sent:
    """Stopping twice does no more than once, so that a stop whose reply is lost is sent again."""
    lost = ""

    def send() -> None:
        nonlocal lost
        try:
            stop()
        except ReplyLost as error:
            lost = error.message
            raise
        except AwsRefused:
            # The one before has arrived, where it cannot be stopped any more.
            if not lost:
                raise

    try:
        _patience(run).read(send)
    except AwsError:
        if not lost:
            raise
        return _Sent(stopped=True, lost=lost)
    return _Sent(stopped=True)


def _update(run: Run, request: DeployRequest, baseline: Baseline) -> _Sent | None:
    """Where it cannot be stopped: compare, then put the service back; None when it is no longer ours."""
    now = _patience(run).read(lambda: run.plane.service(request.service))
    if not _is_ours(run, now, baseline):
        return _Sent(stopped=False) if _was_sent(run, now, baseline) else None
    step = plan_rollback(request.service, replace(baseline, sizing=still_ours(baseline.sizing, request.sizing, now)))
    try:
        _patience(run).write(lambda: run.plane.update_service(step, baseline.revision))
    except ReplyLost as error:
        return _Sent(stopped=False, lost="" if _took_effect(run, request, baseline) else error.message)
    return _Sent(stopped=False)


def _was_sent(run: Run, now: Service, baseline: Baseline) -> bool:
    """What we sent when the signal came has been carried out, as far as can be seen."""
    primary = now.primary
    if run.progress.intent is not RollbackIntent.SENDING or primary is None:
        return False
    return is_new_of(primary, baseline.revision, (baseline.deployment_id,))


def _is_ours(run: Run, now: Service, baseline: Baseline) -> bool:
    """By its id; while the reply to our own write is lost, by its revision, where that is not what stood before."""
    primary = now.primary
    if primary is None:
        return False
    if run.progress.deployment_id:
        return primary.id == run.progress.deployment_id
    return is_new_of(primary, run.progress.to_revision, (baseline.deployment_id,))


def _took_effect(run: Run, request: DeployRequest, baseline: Baseline) -> bool:
    """One look, for which nobody waits: reads may lag behind writes."""
    service = OptionalReads(clock=run.clock).ask("service", lambda: run.plane.service(request.service))
    primary = service.primary if service else None
    return primary is not None and is_new_of(primary, baseline.revision, (run.progress.deployment_id,))
