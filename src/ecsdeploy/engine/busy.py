"""What to do when another deployment of the service is running already."""

from ecsdeploy.engine.run import Run
from ecsdeploy.errors import ReplyLost, Throttled
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Service
from ecsdeploy.plan.running import running_deployment

LOOK_EVERY = 5.0
REMIND_EVERY = 60.0
READ_AGAIN_SECONDS = 5.0
"""What was read of a service so long ago may no longer be so."""


def make_way(run: Run, request: DeployRequest, service: Service) -> Service | Verdict:
    """The service once the release may go on, or the verdict that ends it."""
    other = running_deployment(service)
    if other is None:
        return service
    match request.if_busy:
        case IfBusy.SUPERSEDE:
            run.emit.warn("W-SUPERSEDES", other.id, other.task_definition)
            return service
        case IfBusy.FAIL:
            return Verdict(status=Status.BUSY, by=other.id)
        case IfBusy.WAIT:
            return _wait(run, request, service)


def still_as_read(run: Run, request: DeployRequest, service: Service, read_at: float) -> Service | Verdict:
    """The service right before it is changed: where reading and registering took long, it is looked at again.

    Somebody may have deployed meanwhile; the plan rests on what was there before.
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
    """ECS ends every deployment in its own time: there is no lock of ours that could stay behind."""
    remind, patience = run.started, run.before_write
    while (other := running_deployment(service)) is not None:
        ended = Verdict(status=Status.BUSY, by=other.id, limit_seconds=request.budget.seconds)
        left = patience.left
        if left <= 0:
            return ended
        if (now := run.clock.monotonic()) >= remind:
            run.emit.tell("W-WAITING-FOR", other.id, other.task_definition)
            remind = now + REMIND_EVERY
        run.clock.sleep(min(LOOK_EVERY, left))
        try:
            service = patience.read(lambda: run.plane.service(request.service))
        except (Throttled, ReplyLost):
            return ended
    return service
