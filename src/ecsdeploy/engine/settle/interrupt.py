"""What a signal does to our deployment while it is under way: at most one write, and no waiting for its effect."""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, EcsDeployError, HungUp, ReplyLost, TakenBack, Terminated
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.identity import is_new_of
from ecsdeploy.model.outcome import Cause, Outcome, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.request import Answer, DeployRequest, OnFailure, OnInterrupt
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.planner import plan_rollback, still_ours
from ecsdeploy.plan.revisions import taken_now

_SECONDS = 1.0
"""How long a call is repeated after a signal: whoever sent it may be about to kill this process."""
_UNDER_WAY = (Phase.STARTING, Phase.WAITING)


def without_asking(request: DeployRequest, signal: KeyboardInterrupt) -> DeployRequest:
    """The request with ROLLBACK or DETACH in place of ASK, for a signal after which we ask nobody.

    * SIGHUP: detach, whatever the request says, as the terminal may only have been closed.
    * ASK and Ctrl-C: detach. The user was asked, or there is nobody to ask.
    * ASK and SIGTERM: roll back if the request rolls back a failure, else detach.
    * Otherwise the request stays as it is.
    """
    asks = request.on_interrupt is OnInterrupt.ASK
    if isinstance(signal, HungUp) or (asks and not isinstance(signal, Terminated)):
        return replace(request, on_interrupt=OnInterrupt.DETACH)
    if asks:
        goes_back = request.on_failure is OnFailure.ROLLBACK
        return replace(request, on_interrupt=OnInterrupt.ROLLBACK if goes_back else OnInterrupt.DETACH)
    return request


def answer(run: Run, request: DeployRequest, signal: KeyboardInterrupt) -> Verdict | None:
    """Ask the user what to do after Ctrl-C. Returns None to go on watching, or an INTERRUPTED verdict to roll back.

    Raises the signal again if we cannot ask, or if the answer is to detach. If the release of several services is taken
    back, this one has failed with it.
    """
    if isinstance(signal, TakenBack):
        return taken_back(run, signal.why, run.progress.phase)
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
        case Answer.DETACH | Answer.STOP:
            raise signal


def taken_back(run: Run, why: str, phase: Phase) -> Verdict:
    """The failure that a release counts as which is taken back with that of other services; `why` is its cause."""
    run.progress = replace(run.progress, causes=(Cause(code="E-TAKEN-BACK", summary=why),))
    return Verdict(status=Status.FAILED, reason=why, phase=phase, serving=run.progress.to_revision)


def interrupted(run: Run, request: DeployRequest, baseline: Baseline | None) -> Outcome:
    """The outcome after a signal. A verdict that was told stands.

    Without one, the deployment goes on at AWS, or we send a rollback if the request asks for that. We also send a
    rollback that is owed for a failure.
    """
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
    """A rollback that we sent. `lost` says why we do not know whether it arrived; it is empty if we do."""

    stopped: bool
    """Whether we sent a stop, and not an update of the service."""
    lost: str = ""


def _ask_back(run: Run, request: DeployRequest, baseline: Baseline | None) -> None:
    """Send the rollback, and tell and note what was sent: a stop if that works, else an update of the service."""
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
            run.emit.warn("W-ROLLBACK-NOT-SENT", "the service shows no deployment of ours")
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
    """Stop our deployment. None if it cannot be stopped, and an update may put the service back instead.

    We stop it by its id, so we cannot stop another's by mistake.
    """
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
    """Send a stop, and again if its reply is lost: a second stop changes nothing."""
    lost = ""

    def send() -> None:
        nonlocal lost
        try:
            stop()
        except ReplyLost as error:
            lost = error.message
            raise
        except AwsRefused:
            # After a lost reply, a refusal means that the first stop has arrived.
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
    """Put the service back with an update. None if its primary deployment is not ours: then we write nothing."""
    now = _patience(run).read(lambda: run.plane.service(request.service))
    if not _is_ours(run, now, baseline):
        return _Sent(stopped=False) if _was_sent(run, now, baseline) else None
    ours = still_ours(baseline.sizing, request.sizing, now)
    sizing = taken_now(ours, now)
    if sizing != ours:
        run.emit.warn("W-SIZING-NOT-RESTORED", now.name, "ECS changes no strategy during a deployment")
    step = plan_rollback(request.service, replace(baseline, sizing=sizing))
    try:
        _patience(run).write(lambda: run.plane.update_service(step, baseline.revision))
    except ReplyLost as error:
        return _Sent(stopped=False, lost="" if _took_effect(run, request, baseline) else error.message)
    return _Sent(stopped=False)


def _was_sent(run: Run, now: Service, baseline: Baseline) -> bool:
    """Whether the update that we were sending when the signal came has arrived: the service shows its deployment."""
    primary = now.primary
    if run.progress.intent is not RollbackIntent.SENDING or primary is None:
        return False
    return is_new_of(primary, baseline.revision, (baseline.deployment_id,))


def _is_ours(run: Run, now: Service, baseline: Baseline) -> bool:
    """Whether the primary deployment is ours.

    We know ours by its id. Before the reply to our write is here, we have no id: then a new deployment of our revision
    counts as ours.
    """
    primary = now.primary
    if primary is None:
        return False
    if run.progress.deployment_id:
        return primary.id == run.progress.deployment_id
    return is_new_of(primary, run.progress.to_revision, (baseline.deployment_id,))


def _took_effect(run: Run, request: DeployRequest, baseline: Baseline) -> bool:
    """Whether the service shows our update. We look once and do not wait, though reads may lag behind writes."""
    service = OptionalReads(clock=run.clock).ask("service", lambda: run.plane.service(request.service))
    primary = service.primary if service else None
    return primary is not None and is_new_of(primary, baseline.revision, (run.progress.deployment_id,))
