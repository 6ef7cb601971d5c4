"""What to do if another deployment of the service is under way already.

A deployment that cannot succeed and has no healthy task does not stop us. Without a circuit breaker, ECS goes on with
it until somebody deploys again, and this release may be the one that repairs it.
"""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.engine.follow.judging import judge_of
from ecsdeploy.engine.prepare.unchanged import handle_of
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import EcsDeployError, ReplyLost, Throttled
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import begin

LOOK_EVERY = 5.0
"""Seconds between two looks at the other deployment."""
REMIND_EVERY = 60.0
"""Seconds after which we tell again that we wait."""
READ_AGAIN_SECONDS = 5.0
"""A service that was read this long ago is read again before it is changed."""


@value(frozen=True, slots=True, kw_only=True)
class Busy:
    """A deployment that we wait for."""

    id: str
    brings: str
    """What it deploys, in the words in which we tell it: a revision or a deployment group."""


def make_way(run: Run, request: DeployRequest, service: Service) -> Service | Verdict:
    """The service once the release may go on, or the BUSY verdict that ends it. Waits if the request says so."""
    other = service.under_way
    if other is None:
        return service
    if request.if_busy is IfBusy.SUPERSEDE:
        run.emit.warn("W-SUPERSEDES", other.id, other.task_definition)
        return service
    if request.if_busy is IfBusy.WAIT:
        return _wait(run, request, service)
    if _is_hopeless(run, request, service, other):
        return service
    return Verdict(status=Status.BUSY, by=other.id, phase=Phase.PLANNING)


def still_as_read(run: Run, request: DeployRequest, service: Service, read_at: float) -> Service | Verdict:
    """The service right before we change it, or a BUSY verdict if somebody has deployed since it was read.

    If it was read long ago, at `read_at` of the clock, we read it again: the plan was made for the service as it was
    then. With `--if-busy supersede`, we only warn.
    """
    if run.clock.monotonic() - read_at < READ_AGAIN_SECONDS:
        return service
    now = run.before_write.read(lambda: run.plane.service(request.service))
    primary, known = now.primary, {each.id for each in service.deployments}
    if primary is None or primary.id in known:
        return now
    if request.if_busy is IfBusy.SUPERSEDE:
        run.emit.warn("W-SUPERSEDES", primary.id, primary.task_definition)
        return now
    return Verdict(status=Status.BUSY, by=primary.id, phase=Phase.REGISTERED)


def _wait(run: Run, request: DeployRequest, service: Service) -> Service | Verdict:
    """Wait until ECS has ended the other deployment, or it can no longer succeed. BUSY if the time runs out before."""

    def look() -> Busy | None:
        nonlocal service
        service = run.plane.service(request.service)
        return _busy(service)

    def is_hopeless() -> bool:
        other = service.under_way
        return other is not None and _is_hopeless(run, request, service, other)

    return wait(run, request, _busy(service), look, is_hopeless) or service


def _busy(service: Service) -> Busy | None:
    other = service.under_way
    return Busy(id=other.id, brings=other.task_definition) if other else None


def wait(
    run: Run,
    request: DeployRequest,
    busy: Busy | None,
    look: Callable[[], Busy | None],
    is_hopeless: Callable[[], bool] = lambda: False,
) -> Verdict | None:
    """Wait until `look` finds no deployment, or it `is_hopeless`. None then; BUSY if the time runs out before that.

    We take no lock, so a run that is killed leaves none behind.
    """
    remind, patience = run.context.started, run.before_write
    while busy is not None:
        ended = Verdict(status=Status.BUSY, by=busy.id, limit_seconds=request.budget.seconds, phase=Phase.PLANNING)
        left = patience.left
        if left <= 0:
            return ended
        if (now := run.clock.monotonic()) >= remind:
            if is_hopeless():
                return None
            run.emit.tell("W-WAITING-FOR", busy.id, busy.brings)
            remind = now + REMIND_EVERY
        run.clock.sleep(min(LOOK_EVERY, left))
        try:
            busy = patience.read(look)
        except (Throttled, ReplyLost):
            return ended
    return None


def _is_hopeless(run: Run, request: DeployRequest, service: Service, other: Deployment) -> bool:
    """Whether the other deployment can no longer succeed, of which we then warn. False if we cannot read its tasks."""
    if not other.failed:
        return False
    state = begin(handle_of(service, other), request.budget, request.wait_until, run.clock.monotonic())
    old = sum(each.running for each in service.deployments if each is not other)
    # If fewer old tasks run than wanted, ECS may have stopped some for a new task that was healthy.
    state = replace(state, old_running=old if old >= service.desired else 0)
    try:
        definition = run.plane.definition(other.task_definition)
        doom = judge_of(run, request.service, definition).judge(state, service).doom
    except EcsDeployError:
        return False
    if doom is not None:
        run.emit.warn("W-SUPERSEDES-HOPELESS", other.id, other.task_definition, doom.what)
    return doom is not None
