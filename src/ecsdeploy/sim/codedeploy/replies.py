"""How CodeDeploy's replies show deployments, their targets and their groups."""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.codedeploy import appspec, pairing
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.services.replies.service import pending, running
from ecsdeploy.sim.state.codedeploy import CodeDeployment, DeploymentGroup, LifecycleEvent
from ecsdeploy.sim.state.service import Deployment

Json = dict[str, Any]
STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_OF_GROUP = ("blueGreenDeploymentConfiguration", "loadBalancerInfo")


def describe_deployment(deployment: CodeDeployment) -> Json:
    """A `DeploymentInfo` of a reply.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
    """
    group = deployment.group
    reply: Json = {
        "applicationName": group.application,
        "deploymentGroupName": group.name,
        "deploymentConfigName": deployment.config,
        "deploymentId": deployment.id,
        "revision": _without_content(deployment.revision),
        "status": deployment.status,
        "createTime": deployment.created_at,
        "creator": deployment.creator,
        "ignoreApplicationStopFailures": False,
        "updateOutdatedInstancesOnly": False,
        "deploymentStyle": STYLE,
        "instanceTerminationWaitTimeStarted": deployment.terminating,
        "fileExistsBehavior": "DISALLOW",
        "deploymentStatusMessages": [],
        "computePlatform": "ECS",
        "autoRollbackConfiguration": _rollback_setting(deployment.rollback_events),
    }
    known = {
        "startTime": deployment.started_at,
        "completeTime": deployment.ended_at,
        "errorInformation": deployment.error,
        "description": deployment.description,
        "rollbackInfo": deployment.rollback or None,
    }
    reply |= {name: group.asked[name] for name in _OF_GROUP if name in group.asked}
    return reply | {name: value for name, value in known.items() if value is not None}


def _without_content(revision: Json) -> Json:
    """GetDeployment has the hash of the AppSpec. GetApplicationRevision has its content.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
    """
    member = appspec.member_of(revision)
    return {"revisionType": revision["revisionType"], member: {"sha256": appspec.hash_of(revision)}}


def _rollback_setting(events: list[str]) -> Json:
    return {"enabled": True, "events": events} if events else {"enabled": False}


def describe_group(group: DeploymentGroup, attempted: CodeDeployment | None, succeeded: CodeDeployment | None) -> Json:
    """A `DeploymentGroupInfo` of a reply.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html
    """
    reply: Json = {
        "deploymentConfigName": group.config,
        "deploymentStyle": STYLE,
        **group.asked,
        "applicationName": group.application,
        "deploymentGroupId": group.id,
        "deploymentGroupName": group.name,
        "computePlatform": "ECS",
        "ecsServices": [{"clusterName": group.cluster, "serviceName": group.service}],
    }
    reply |= {"lastAttemptedDeployment": _last(attempted)} if attempted else {}
    return reply | ({"lastSuccessfulDeployment": _last(succeeded)} if succeeded else {})


def _last(deployment: CodeDeployment) -> Json:
    times = {"endTime": deployment.ended_at, "createTime": deployment.created_at}
    known = {name: value for name, value in times.items() if value is not None}
    return {"deploymentId": deployment.id, "status": deployment.status, **known}


def target_id(deployment: CodeDeployment) -> str:
    """The id of the only target of a deployment to ECS: its service."""
    return f"{deployment.group.cluster}:{deployment.group.service}"


def describe_target(deployment: CodeDeployment) -> Json:
    """A `DeploymentTarget` of a reply, with its `ecsTarget`.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTarget.html
    """
    target = {
        "deploymentId": deployment.id,
        "targetId": target_id(deployment),
        "targetArn": deployment.service.arn,
        "lastUpdatedAt": deployment.touched_at or deployment.created_at,
        "lifecycleEvents": [_describe_event(event) for event in deployment.events],
        "status": _target_status(deployment),
        "taskSetsInfo": _task_sets(deployment),
    }
    return {"deploymentTargetType": "ECSTarget", "ecsTarget": target}


def _target_status(deployment: CodeDeployment) -> str:
    status = {"Created": "Pending", "Queued": "Pending", "Stopped": "Failed"}
    return status.get(deployment.status, deployment.status)


def _describe_event(event: LifecycleEvent) -> Json:
    reply: Json = {"lifecycleEventName": event.name, "status": event.status}
    if event.started_at is not None:
        reply["startTime"] = event.started_at
    if event.ended_at is not None:
        reply["endTime"] = event.ended_at
    if event.message:
        reply["diagnostics"] = {"errorCode": "ScriptFailed", "message": event.message}
    return reply


def _task_sets(deployment: CodeDeployment) -> list[Json]:
    shown = [_task_set(deployment.blue, "Blue", ALL - deployment.weight)]
    return shown + ([_task_set(deployment.green, "Green", deployment.weight)] if deployment.green else [])


def _task_set(task_set: Deployment, label: str, weight: float) -> Json:
    """An `ECSTaskSet`. AWS's own model misspells the member `identifer`."""
    group = pairing.target_group_of(task_set)
    reply: Json = {
        "identifer": task_set.id,
        "desiredCount": task_set.desired,
        "pendingCount": pending(task_set),
        "runningCount": running(task_set),
        "status": task_set.status,
        "trafficWeight": weight,
        "taskSetLabel": label,
    }
    return {**reply, "targetGroup": {"name": pairing.name_of(group)}} if group else reply
