"""How a deployment ends before its time: it fails, an alarm rings, somebody stops it; and the rollback after that.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
"""

from __future__ import annotations

from ecsdeploy.sim.codedeploy import pairing
from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.state.codedeploy import Event, Release
from ecsdeploy.sim.state.region import Region

# Documented or observed is the first text alone; the others are our words for AWS's codes.
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


def fail(region: Region, release: Release, code: str, message: str) -> None:
    """It failed; it is rolled back where the group or the deployment asks for that."""
    _end(region, release, "Failed", {"code": code, "message": message})
    if "DEPLOYMENT_FAILURE" in release.rollback_events:
        _roll_back(region, release)


def ring(region: Region, release: Release) -> None:
    """An alarm of the group is active."""
    _end(region, release, "Stopped", {"code": "ALARM_ACTIVE", "message": _RINGING})
    if "DEPLOYMENT_STOP_ON_ALARM" in release.rollback_events:
        _roll_back(region, release)


def stop(region: Region, release: Release, message: str = BY_HAND, *, roll_back: bool = False) -> None:
    """It was stopped; traffic stays where it is unless it is to be rolled back."""
    _end(region, release, "Stopped", {"code": "MANUAL_STOP", "message": message})
    if roll_back or "DEPLOYMENT_STOP_ON_REQUEST" in release.rollback_events:
        _roll_back(region, release)


def _end(region: Region, release: Release, status: str, error: dict[str, str]) -> None:
    forget_timers(release)
    release.status, release.error = status, error
    release.waits_for = release.on_continue = None
    release.ended_at = release.touched_at = region.now
    for event in release.events:
        if event.status == "InProgress":
            event.status, event.ended_at = "Failed", region.now
        elif event.status == "Pending":
            event.status = "Skipped"


def forget_timers(release: Release) -> None:
    for timer in release.timers:
        timer.cancel()
    release.timers = []


def _roll_back(region: Region, release: Release) -> None:
    """A deployment of CodeDeploy's own brings all traffic back to blue and ends green."""
    back = Release(
        id=region.ids.deployment(),
        group=release.group,
        service=release.service,
        definition=release.blue.revision.definition,
        revision=release.revision,
        config=release.config,
        created_at=region.now,
        spec=release.spec,
        blue=release.blue,
        green=release.green,
        status="InProgress",
        creator="codeDeployRollback",
        started_at=region.now,
        events=[Event("AllowTraffic", "InProgress", region.now)],
        weight=release.weight,
        rollback={
            "rollbackTriggeringDeploymentId": release.id,
            "rollbackMessage": f"This deployment is a rollback of {release.id}.",
        },
    )
    region.codedeploy.releases[back.id] = back
    release.rollback = {"rollbackDeploymentId": back.id, "rollbackMessage": f"Rolled back by {back.id}."}
    back.timers.append(region.clock.after(_ROLLBACK_TAKES, lambda: _rolled_back(region, back)))


def _rolled_back(region: Region, back: Release) -> None:
    pairing.send(region, back, 0.0)
    if back.blue in back.service.deployments:
        task_sets.promote(region, back.service, back.blue)
        if back.green is not None:
            task_sets.retire(region, back.service, back.green)
    for event in back.events:
        event.status, event.ended_at = "Succeeded", region.now
    back.status, back.ended_at = "Succeeded", region.now
