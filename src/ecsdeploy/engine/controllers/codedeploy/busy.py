"""What to do if the deployment group has a deployment already: CodeDeploy allows one at a time."""

from __future__ import annotations

from ecsdeploy.engine.prepare.busy import Busy, wait
from ecsdeploy.engine.run import Run
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, IfBusy
from ecsdeploy.model.service import Service


def make_way(run: Run, request: DeployRequest, service: Service, route: Route) -> Service | Verdict:
    """The service once the release may go on, or the BUSY verdict that ends it.

    A release cannot supersede another one here: we would have to stop what somebody else has started.
    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    if not route.busy_with:
        return service
    if request.if_busy is not IfBusy.WAIT:
        return Verdict(status=Status.BUSY, by=route.busy_with, phase=Phase.PLANNING)
    return _wait(run, request, route)


def _wait(run: Run, request: DeployRequest, route: Route) -> Service | Verdict:
    """Wait until the other deployment has ended, and its rollback too. BUSY if the time runs out before that."""
    other = route.busy_with

    def look() -> Busy | None:
        nonlocal other
        seen = run.plane.codedeploy.deployment(other)
        other = seen.rollback_id if seen.ended else other
        return Busy(id=other, brings=str(route)) if other else None

    ended = wait(run, request, Busy(id=other, brings=str(route)), look)
    return ended or run.patience().read(lambda: run.plane.service(request.service))
