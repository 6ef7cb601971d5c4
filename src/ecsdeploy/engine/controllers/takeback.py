"""Has ECS roll back the deployment that is under way, for the commands `rollback` and `stop`."""

from __future__ import annotations

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.prepare.history import recent
from ecsdeploy.engine.progress import RollbackIntent
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.settle.undo import OPTIONAL_SECONDS, STOP_SECONDS
from ecsdeploy.engine.write.stopping import Stopping
from ecsdeploy.errors import AwsError, Refused
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.request import RollbackRequest
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.values import replace


def take_back(run: Run, request: RollbackRequest, service: Service) -> str:
    """Have ECS roll back the deployment under way, unless it does so already. Returns its id, empty if there is none.

    If ECS does so already, we warn. `Refused` or an `AwsError` if `request` allows only a stop, and none is possible.
    """
    ours = taken_back(run, request.service, service)
    if ours:
        run.emit.warn("W-GOES-BACK", ours)
    return ours or _stop(run, request, service)


def taken_back(run: Run, ref: ServiceRef, service: Service) -> str:
    """The id of the deployment that ECS is rolling back already, empty if there is none.

    Meanwhile the deployment before it is primary and under way again: the caller must not stop that one.
    """
    newest = next(iter(recent(run, ref)), None)
    if newest is not None:
        return newest.deployment_id if newest.goes_back else ""
    failed = service.taken_back
    return failed.id if failed and service.under_way else ""


def _stop(run: Run, request: RollbackRequest, service: Service) -> str:
    """Ask ECS to stop the deployment under way with a rollback. Returns its id, empty if it cannot be stopped.

    Unless the user wants nothing but a stop, we repeat calls for a short time only: an update can roll back too.
    """
    ref, ours = request.service, service.under_way
    if ours is None:
        return ""
    try:
        deployed = _patience(run, request, OPTIONAL_SECONDS).read(lambda: run.plane.service_deployment(ref, ours.id))
        if deployed is None:
            return _unstoppable(request, ours)
        stopping = Stopping(run=run, ref=ref, deployment_id=ours.id, arn=deployed.arn)
        stopping.ask(_patience(run, request, STOP_SECONDS))
    except AwsError as error:
        if request.only_running and not error.says_no:
            raise
        # ECS may have begun a rollback itself, or our stop may have arrived.
        return taken_back(run, ref, run.patience().read(lambda: run.plane.service(ref)))
    run.progress = replace(run.progress, asked_back=ours.id, intent=RollbackIntent.SENT)
    run.emit(RollingBack(by="us", to_revision="", stopped=True))
    return ours.id


def _unstoppable(request: RollbackRequest, ours: Deployment) -> str:
    """An empty id, as ECS can stop only what has a service deployment; `Refused` if the user wants only a stop."""
    if not request.only_running:
        return ""
    raise Refused(
        f"ECS shows no service deployment of `{ours.id}`, which is under way: it cannot be stopped.",
        hint="`ecs-deploy rollback` puts the service back by an update. Nothing was changed.",
    )


def _patience(run: Run, request: RollbackRequest, seconds: float) -> Patience:
    """At most `seconds` for calls that a rollback can do without; the whole time if the user wants only a stop."""
    patience = run.patience()
    return patience if request.only_running else patience.brief(seconds)
