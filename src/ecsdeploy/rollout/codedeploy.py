"""Turns what CodeDeploy says into one observation of our deployment.

CodeDeploy rolls back with a second deployment. Ours has failed or was stopped, and names it; the rollback ends as that
one does. A group has one deployment at a time, so ours is never superseded. An unknown status or event means "in
progress", and is shown as it is.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
"""

from __future__ import annotations

from ecsdeploy.model.codedeploy import CodeDeployment, CodeDeploySnapshot, EcsTarget, TaskSet
from ecsdeploy.model.events import Counts
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.observation import Observation, Standing

_OF_ROLLBACK = {
    "Succeeded": Standing.ROLLED_BACK,
    "Failed": Standing.ROLLBACK_FAILED,
    "Stopped": Standing.ROLLBACK_FAILED,
}
_INSTALL = "Install"
"""The lifecycle event in which CodeDeploy scales the new task set up until all of its tasks are healthy."""


def observe_code_deploy(snapshot: CodeDeploySnapshot) -> Observation:
    """What a snapshot shows of our deployment."""
    ours, target, service = snapshot.deployment, snapshot.target or EcsTarget(), snapshot.service
    green, blue = target.side("Green"), target.side("Blue")
    installed = _has_succeeded(target, _INSTALL) or ours.awaits_termination
    return Observation(
        standing=_standing(snapshot),
        reason=_reason(ours, target),
        serving=service.task_definition if service and ours.ended else "",
        rollback_to=_other_revision(service, green),
        will_roll_back=snapshot.stopped_by_us or _rolls_back_by_itself(ours),
        new=_counts(green),
        old=_counts(blue) if blue else _counts_before(service),
        stage=_stage(ours, target),
        a_task_runs=installed or (green is not None and green.running > 0),
        healthy=installed,
        has_traffic=ours.awaits_termination or _has_succeeded(target, "AllowTraffic"),
        traffic=green.weight if green else None,
        judgement=snapshot.judgement,
        proven=True,
        task_set=green.id if green else "",
        deployer="codedeploy",
        events=service.events if service else (),
    )


def _standing(snapshot: CodeDeploySnapshot) -> Standing:
    ours, rollback = snapshot.deployment, snapshot.rollback
    if ours.status == "Succeeded":
        return Standing.COMPLETED
    if not ours.ended:
        return Standing.IN_PROGRESS
    if ours.rollback_id:
        return _OF_ROLLBACK.get(rollback.status, Standing.ROLLING_BACK) if rollback else Standing.ROLLING_BACK
    expected = snapshot.stopped_by_us or _rolls_back_by_itself(ours)
    return Standing.STOPPED if ours.status == "Stopped" and not expected else Standing.FAILED


def _rolls_back_by_itself(ours: CodeDeployment) -> bool:
    """Whether CodeDeploy rolls back by itself after an end like this one, as the group or the deployment sets it.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AutoRollbackConfiguration.html
    """
    if ours.status == "Failed":
        return "DEPLOYMENT_FAILURE" in ours.rolls_back_on
    by_alarm = ours.error_code == "ALARM_ACTIVE"
    return ("DEPLOYMENT_STOP_ON_ALARM" if by_alarm else "DEPLOYMENT_STOP_ON_REQUEST") in ours.rolls_back_on


def _reason(ours: CodeDeployment, target: EcsTarget) -> str:
    """CodeDeploy's message and error code, and the message of the lifecycle event that failed."""
    failed = (f"{each.name}: {each.message}" for each in target.events if each.status == "Failed" and each.message)
    code = f"({ours.error_code})" if ours.error_code else ""
    return " ".join(filter(None, (ours.error_message, code, *failed)))


def _stage(ours: CodeDeployment, target: EcsTarget) -> str:
    """The lifecycle event under way, else the deployment's status; empty once it has ended."""
    if ours.ended:
        return ""
    if ours.awaits_termination:
        return "TerminationWait"
    under_way = (each.name for each in target.events if each.status == "InProgress")
    return next(under_way, "") if ours.status == "InProgress" else ours.status


def _has_succeeded(target: EcsTarget, name: str) -> bool:
    event = target.event(name)
    return event is not None and event.status == "Succeeded"


def _other_revision(service: Service | None, green: TaskSet | None) -> str:
    """The revision of the task set that is not ours; empty if the service lists none."""
    ours = green.id if green else ""
    others = [each for each in service.deployments if each.id != ours] if service else []
    return others[0].task_definition if others else ""


def _counts(side: TaskSet | None) -> Counts:
    return Counts(desired=side.desired, running=side.running, pending=side.pending) if side else Counts()


def _counts_before(service: Service | None) -> Counts:
    """The service's tasks, for the time until CodeDeploy shows both task sets."""
    there = service.deployments if service else ()
    return Counts(
        desired=sum(each.desired for each in there),
        running=sum(each.running for each in there),
        pending=sum(each.pending for each in there),
    )
