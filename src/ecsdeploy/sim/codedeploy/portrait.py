"""How deployments and their targets look in replies."""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.codedeploy import appspec, pairing
from ecsdeploy.sim.services.replies.portrait import pending, running
from ecsdeploy.sim.state.codedeploy import Event, Group, Release
from ecsdeploy.sim.state.service import Deployment

Json = dict[str, Any]
_ALL = 100.0
STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_OF_GROUP = ("blueGreenDeploymentConfiguration", "loadBalancerInfo")


def describe_release(release: Release) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html"""
    group = release.group
    reply: Json = {
        "applicationName": group.application,
        "deploymentGroupName": group.name,
        "deploymentConfigName": release.config,
        "deploymentId": release.id,
        "revision": _without_content(release.revision),
        "status": release.status,
        "createTime": release.created_at,
        "creator": release.creator,
        "ignoreApplicationStopFailures": False,
        "updateOutdatedInstancesOnly": False,
        "deploymentStyle": STYLE,
        "instanceTerminationWaitTimeStarted": release.terminating,
        "fileExistsBehavior": "DISALLOW",
        "deploymentStatusMessages": [],
        "computePlatform": "ECS",
        "autoRollbackConfiguration": _rollback_setting(release.rollback_events),
    }
    known = {
        "startTime": release.started_at,
        "completeTime": release.ended_at,
        "errorInformation": release.error,
        "description": release.description,
        "rollbackInfo": release.rollback or None,
    }
    reply |= {name: group.asked[name] for name in _OF_GROUP if name in group.asked}
    return reply | {name: value for name, value in known.items() if value is not None}


def _without_content(revision: Json) -> Json:
    """GetDeployment says the hash of the AppSpec and never its content: that is GetApplicationRevision's to say.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
    """
    member = appspec.member_of(revision)
    return {"revisionType": revision["revisionType"], member: {"sha256": appspec.hash_of(revision)}}


def _rollback_setting(events: list[str]) -> Json:
    return {"enabled": True, "events": events} if events else {"enabled": False}


def describe_group(group: Group, attempted: Release | None, succeeded: Release | None) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html"""
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


def _last(release: Release) -> Json:
    times = {"endTime": release.ended_at, "createTime": release.created_at}
    known = {name: value for name, value in times.items() if value is not None}
    return {"deploymentId": release.id, "status": release.status, **known}


def target_id(release: Release) -> str:
    """An ECS deployment has one target: its service."""
    return f"{release.group.cluster}:{release.group.service}"


def describe_target(release: Release) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTarget.html"""
    target = {
        "deploymentId": release.id,
        "targetId": target_id(release),
        "targetArn": release.service.arn,
        "lastUpdatedAt": release.touched_at or release.created_at,
        "lifecycleEvents": [_describe_event(event) for event in release.events],
        "status": _target_status(release),
        "taskSetsInfo": _task_sets(release),
    }
    return {"deploymentTargetType": "ECSTarget", "ecsTarget": target}


def _target_status(release: Release) -> str:
    status = {"Created": "Pending", "Queued": "Pending", "Stopped": "Failed"}
    return status.get(release.status, release.status)


def _describe_event(event: Event) -> Json:
    reply: Json = {"lifecycleEventName": event.name, "status": event.status}
    if event.started_at is not None:
        reply["startTime"] = event.started_at
    if event.ended_at is not None:
        reply["endTime"] = event.ended_at
    if event.message:
        reply["diagnostics"] = {"errorCode": "ScriptFailed", "message": event.message}
    return reply


def _task_sets(release: Release) -> list[Json]:
    shown = [_task_set(release.blue, "Blue", _ALL - release.weight)]
    return shown + ([_task_set(release.green, "Green", release.weight)] if release.green else [])


def _task_set(deployment: Deployment, label: str, weight: float) -> Json:
    """The member `identifer` is misspelt in AWS's own model."""
    group = pairing.group_of(deployment)
    reply: Json = {
        "identifer": deployment.id,
        "desiredCount": deployment.desired,
        "pendingCount": pending(deployment),
        "runningCount": running(deployment),
        "status": deployment.status,
        "trafficWeight": weight,
        "taskSetLabel": label,
    }
    return {**reply, "targetGroup": {"name": pairing.name_of(group)}} if group else reply
