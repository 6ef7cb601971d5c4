"""What to do when the deployment group is at work already: CodeDeploy takes one deployment at a time."""

from __future__ import annotations

from functools import partial

from ecsdeploy.engine.prepare.busy import LOOK_EVERY, REMIND_EVERY
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import ReplyLost, Throttled
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Service


def make_way(run: Run, request: DeployRequest, service: Service, route: Route) -> Service | Verdict:
    """The service once the release may go on, or the verdict that ends it.

    Nothing can be superseded here: that would mean to stop what somebody else has begun.
    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    if not route.busy_with:
        return service
    if request.if_busy is not IfBusy.WAIT:
        return Verdict(status=Status.BUSY, by=route.busy_with, phase=Phase.PLANNING)
    return _wait(run, request, route)


def _wait(run: Run, request: DeployRequest, route: Route) -> Service | Verdict:
    """Until it has ended, and its rollback if there is one."""
    remind, other, patience = run.context.started, route.busy_with, run.before_write
    while other:
        ended = Verdict(status=Status.BUSY, by=other, limit_seconds=request.budget.seconds, phase=Phase.PLANNING)
        left = patience.left
        if left <= 0:
            return ended
        if (now := run.clock.monotonic()) >= remind:
            run.emit.tell("W-WAITING-FOR", other, str(route))
            remind = now + REMIND_EVERY
        run.clock.sleep(min(LOOK_EVERY, left))
        try:
            seen = patience.read(partial(run.plane.codedeploy.deployment, other))
        except (Throttled, ReplyLost):
            return ended
        other = seen.rollback_id if seen.ended else other
    return run.patience().read(lambda: run.plane.service(request.service))
