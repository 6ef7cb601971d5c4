"""Answers the pause of a deployment, and takes a pause away that a release has added."""

from __future__ import annotations

from collections.abc import Callable

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsRefused, EcsDeployError, ReplyLost
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import DeployRequest, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import PointService
from ecsdeploy.plan.configuring import former, still_set

_SECONDS = 30.0
_HOOKS = "lifecycleHooks"
_NEEDED = "the deployment may still need it"


def answer_pause(patience: Patience, send: Callable[[], None], waits: Callable[[], bool]) -> None:
    """Answer a pause exactly once.

    After a lost reply we answer again. If ECS refuses that and the pause no longer waits, the first has arrived.
    """
    try:
        return patience.write(send)
    except ReplyLost:
        pass
    try:
        return patience.read(send)
    except AwsRefused:
        if waits():
            raise


def take_pause_away(run: Run, request: DeployRequest, before: Service, verdict: Verdict) -> None:
    """Give the service back the lifecycle hooks from before the release. This starts no deployment.

    While a deployment may still need its pause, and where somebody else has changed the hooks since, we leave them.
    """
    sent = {name: each for name, each in request.sizing.deployment.items() if name == _HOOKS}
    if not sent:
        return None
    if verdict.status not in (Status.SUCCEEDED, Status.ROLLED_BACK) and verdict.phase is not Phase.GATE:
        return run.emit.warn("W-PAUSE-LEFT", before.name, _NEEDED)
    patience = run.anew().brief(_SECONDS)
    try:
        now = patience.read(lambda: run.plane.service(request.service))
        held = still_set(now, former(before, sent), sent)
        if held:
            step = PointService(service=request.service, sizing=Sizing(deployment=held))
            patience.write(lambda: run.plane.update_service(step, ""))
    except EcsDeployError as error:
        run.emit.warn("W-PAUSE-LEFT", before.name, error.message)


def warn_of_pause(run: Run, ref: ServiceRef) -> None:
    """After a signal: tell that the pause stays, if the release has added one and is under way."""
    baseline, phase = run.progress.baseline, run.progress.phase
    if baseline and _HOOKS in baseline.sizing.deployment and phase in (Phase.STARTING, Phase.WAITING):
        run.emit.warn("W-PAUSE-LEFT", ref.short_name, _NEEDED)
