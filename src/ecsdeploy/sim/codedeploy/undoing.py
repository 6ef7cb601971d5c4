"""How a deployment of CodeDeploy fails, is stopped, or rolls back.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
"""

from __future__ import annotations

from ecsdeploy.sim.codedeploy import pairing
from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.state.codedeploy import CodeDeployment, LifecycleEvent
from ecsdeploy.sim.state.region import Region

# AWS's text is known for the first alone. The others are our words for AWS's codes.
NOT_HEALTHY_IN_TIME = (
    "The deployment timed out while waiting for the replacement task set to become healthy. "
    "This time out period is 60 minutes."
)
HOOK_FAILED = "The deployment failed because a lifecycle event hook failed."
NOT_ACTIVE = "The ECS service cannot be updated because it is not active."
NOT_CONTINUED = "The deployment was stopped because it was not continued within its wait time."
BY_HAND = "The deployment was stopped by a user."
_RINGING = "The deployment was stopped because an alarm of its deployment group is active."
_ROLLBACK_TAKES = 5.0


def fail(region: Region, deployment: CodeDeployment, code: str, message: str) -> None:
    """Fail the deployment. It rolls back if its group, or the deployment itself, asks for that."""
    _end(region, deployment, "Failed", {"code": code, "message": message})
    if "DEPLOYMENT_FAILURE" in deployment.rollback_events:
        _roll_back(region, deployment)


def ring(region: Region, deployment: CodeDeployment) -> None:
    """Stop the deployment because an alarm of its group rings."""
    _end(region, deployment, "Stopped", {"code": "ALARM_ACTIVE", "message": _RINGING})
    if "DEPLOYMENT_STOP_ON_ALARM" in deployment.rollback_events:
        _roll_back(region, deployment)


def stop(region: Region, deployment: CodeDeployment, message: str = BY_HAND, *, roll_back: bool = False) -> None:
    """Stop the deployment. Traffic stays where it is, unless the deployment rolls back."""
    _end(region, deployment, "Stopped", {"code": "MANUAL_STOP", "message": message})
    if roll_back or "DEPLOYMENT_STOP_ON_REQUEST" in deployment.rollback_events:
        _roll_back(region, deployment)


def _end(region: Region, deployment: CodeDeployment, status: str, error: dict[str, str]) -> None:
    forget_timers(deployment)
    deployment.status, deployment.error = status, error
    deployment.waits_for = deployment.on_continue = None
    deployment.ended_at = deployment.touched_at = region.now
    for event in deployment.events:
        if event.status == "InProgress":
            event.status, event.ended_at = "Failed", region.now
        elif event.status == "Pending":
            event.status = "Skipped"


def forget_timers(deployment: CodeDeployment) -> None:
    """Cancel everything that was still to happen."""
    for timer in deployment.timers:
        timer.cancel()
    deployment.timers = []


def _roll_back(region: Region, deployment: CodeDeployment) -> None:
    """Start another deployment, as CodeDeploy does: it sends all traffic back to blue and ends green."""
    back = CodeDeployment(
        id=region.ids.deployment(),
        group=deployment.group,
        service=deployment.service,
        definition=deployment.blue.revision.definition,
        revision=deployment.revision,
        config=deployment.config,
        created_at=region.now,
        spec=deployment.spec,
        blue=deployment.blue,
        green=deployment.green,
        status="InProgress",
        creator="codeDeployRollback",
        started_at=region.now,
        events=[LifecycleEvent("AllowTraffic", "InProgress", region.now)],
        weight=deployment.weight,
        rollback={
            "rollbackTriggeringDeploymentId": deployment.id,
            "rollbackMessage": f"This deployment is a rollback of {deployment.id}.",
        },
    )
    region.codedeploy.deployments[back.id] = back
    deployment.rollback = {"rollbackDeploymentId": back.id, "rollbackMessage": f"Rolled back by {back.id}."}
    back.timers.append(region.clock.after(_ROLLBACK_TAKES, lambda: _rolled_back(region, back)))


def _rolled_back(region: Region, back: CodeDeployment) -> None:
    pairing.send(region, back, 0.0)
    if back.blue in back.service.deployments:
        task_sets.promote(region, back.service, back.blue)
        if back.green is not None:
            task_sets.retire(region, back.service, back.green)
    for event in back.events:
        event.status, event.ended_at = "Succeeded", region.now
    back.status, back.ended_at = "Succeeded", region.now
