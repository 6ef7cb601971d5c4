"""CodeDeploy's operations on deployments and their targets: create, get, list, stop, continue."""

from __future__ import annotations

from ecsdeploy.sim.codedeploy import appspec, configs, lifecycle_events, undoing
from ecsdeploy.sim.codedeploy.groups import application_of, deployment_group_of
from ecsdeploy.sim.codedeploy.replies import describe_deployment, describe_target, target_id
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.services.replies.finding import definition_named
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.codedeploy import CodeDeployment, DeploymentGroup
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service

_PAGE = PageSize()


def create(region: Region, request: Json) -> Json:
    """CreateDeployment. A deployment group has one deployment at a time.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    group = deployment_group_of(region, request)
    service = _service_of(region, group)
    spec = appspec.read(request.get("revision"))
    definition = _definition(region, spec)
    config = request.get("deploymentConfigName") or group.config
    configs.routing(region.codedeploy, config)
    running = region.codedeploy.running(group)
    if running is not None:
        text = f"The Deployment Group '{group.name}' already has an active Deployment '{running.id}'"
        raise ApiError("DeploymentLimitExceededException", text)
    deployment = CodeDeployment(
        id=region.ids.deployment(),
        group=group,
        service=service,
        definition=definition,
        revision=request["revision"],
        config=config,
        created_at=region.now,
        spec=spec,
        blue=service.primary,
        description=request.get("description"),
        rollback_events=_rollback_events(group, request),
    )
    region.codedeploy.deployments[deployment.id] = deployment
    lifecycle_events.begin(region, deployment)
    return {"deploymentId": deployment.id}


def _rollback_events(group: DeploymentGroup, request: Json) -> list[str]:
    """The events that make this deployment roll back. Its own setting wins over the one of its group."""
    setting = request.get("autoRollbackConfiguration")
    if setting is None:
        return group.rollback_events
    return list(setting.get("events") or []) if setting.get("enabled") else []


def _service_of(region: Region, group: DeploymentGroup) -> Service:
    cluster = region.clusters.get(group.cluster)
    service = cluster.services.get(group.service) if cluster else None
    if service is None or service.status != "ACTIVE" or service.controller != "CODE_DEPLOY":
        text = f"{group.cluster}/{group.service} is not an ACTIVE ECS service with the CODE_DEPLOY controller."
        raise ApiError("InvalidECSServiceException", text)
    return service


def _definition(region: Region, spec: Json) -> Definition:
    name = appspec.definition_of(spec)
    definition = definition_named(region, name)
    if definition is None or definition.status != "ACTIVE":
        raise ApiError("InvalidRevisionException", f"The task definition {name} does not exist or is not ACTIVE.")
    return definition


def _deployment_of(region: Region, request: Json) -> CodeDeployment:
    identity = request.get("deploymentId")
    if not identity:
        raise ApiError("DeploymentIdRequiredException", "Deployment ID is missing")
    deployment = region.codedeploy.deployments.get(identity)
    if deployment is None:
        raise ApiError("DeploymentDoesNotExistException", f"The deployment {identity} could not be found")
    return deployment


def get(region: Region, request: Json) -> Json:
    """GetDeployment.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
    """
    return {"deploymentInfo": describe_deployment(_deployment_of(region, request))}


def batch_get(region: Region, request: Json) -> Json:
    """BatchGetDeployments. Unknown ids are left out.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
    """
    known = region.codedeploy.deployments
    return {"deploymentsInfo": [describe_deployment(known[name]) for name in request["deploymentIds"] if name in known]}


def get_revision(region: Region, request: Json) -> Json:
    """GetApplicationRevision: the AppSpec of a deployment, found by its hash.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetApplicationRevision.html
    """
    application, asked = application_of(region, request), request["revision"]
    wanted = (asked.get(appspec.member_of(asked)) or {}).get("sha256")
    deployments = [
        each for each in region.codedeploy.deployments.values() if each.group.application == application.name
    ]
    found = next((each.revision for each in deployments if appspec.hash_of(each.revision) == wanted), None)
    if found is None:
        raise ApiError("RevisionDoesNotExistException", "The revision could not be found")
    member = appspec.member_of(found)
    revision = {"revisionType": found["revisionType"], member: {"content": appspec.content_of(found), "sha256": wanted}}
    return {"applicationName": application.name, "revision": revision}


def list_deployments(region: Region, request: Json) -> Json:
    """ListDeployments, the newest first.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
    """
    groups = _groups_asked(region, request)
    wanted = request.get("includeOnlyStatuses") or []
    window = request.get("createTimeRange") or {}
    found = [
        deployment.id
        for deployment in reversed(region.codedeploy.deployments.values())
        if (groups is None or deployment.group in groups)
        and (not wanted or deployment.status in wanted)
        and window.get("start", 0) <= deployment.created_at <= window.get("end", deployment.created_at)
    ]
    part, rest = page(found, {"nextToken": request.get("nextToken")}, _PAGE)
    return {"deployments": part, **rest}


def _groups_asked(region: Region, request: Json) -> list[DeploymentGroup] | None:
    if not request.get("applicationName"):
        return None
    if request.get("deploymentGroupName"):
        return [deployment_group_of(region, request)]
    return list(application_of(region, request).groups.values())


def stop(region: Region, request: Json) -> Json:
    """StopDeployment, with a rollback if `autoRollbackEnabled`.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_StopDeployment.html
    """
    deployment = _unended(region, request)
    undoing.stop(region, deployment, roll_back=bool(request.get("autoRollbackEnabled")))
    return {"status": "Succeeded", "statusMessage": "No more commands will be scheduled for execution in the instances"}


def proceed(region: Region, request: Json) -> Json:
    """ContinueDeployment: end the wait before production traffic shifts, or the wait before the blue tasks end.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ContinueDeployment.html
    """
    deployment = _unended(region, request)
    wait_type = request.get("deploymentWaitType", "READY_WAIT")
    if wait_type not in ("READY_WAIT", "TERMINATION_WAIT"):
        raise ApiError("InvalidDeploymentWaitTypeException", f"Invalid deployment wait type: {wait_type}")
    if deployment.waits_for != wait_type:
        raise ApiError(
            "DeploymentIsNotInReadyStateException", f"The deployment {deployment.id} does not wait for {wait_type}."
        )
    lifecycle_events.proceed(region, deployment)
    return {}


def _unended(region: Region, request: Json) -> CodeDeployment:
    """The deployment of a request. DeploymentAlreadyCompletedException if it has ended."""
    deployment = _deployment_of(region, request)
    if deployment.ended:
        text = f"The deployment {deployment.id} has already completed and cannot be stopped or continued."
        raise ApiError("DeploymentAlreadyCompletedException", text)
    return deployment


def list_targets(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentTargets.html"""
    return {"targetIds": [target_id(_begun(region, request))]}


def get_target(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentTarget.html"""
    return {"deploymentTarget": _target(_begun(region, request), request["targetId"])}


def batch_get_targets(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html"""
    deployment = _begun(region, request)
    return {"deploymentTargets": [_target(deployment, target) for target in request["targetIds"]]}


def _begun(region: Region, request: Json) -> CodeDeployment:
    """The deployment of a request. DeploymentNotStartedException if it has not started."""
    deployment = _deployment_of(region, request)
    if deployment.started_at is None:
        raise ApiError("DeploymentNotStartedException", f"The deployment {deployment.id} has not started yet")
    return deployment


def _target(deployment: CodeDeployment, target: str) -> Json:
    if target != target_id(deployment):
        raise ApiError("DeploymentTargetDoesNotExistException", f"The deployment target {target} does not exist")
    return describe_target(deployment)


OPERATIONS = {
    "CreateDeployment": create,
    "GetDeployment": get,
    "GetApplicationRevision": get_revision,
    "BatchGetDeployments": batch_get,
    "ListDeployments": list_deployments,
    "StopDeployment": stop,
    "ContinueDeployment": proceed,
    "ListDeploymentTargets": list_targets,
    "GetDeploymentTarget": get_target,
    "BatchGetDeploymentTargets": batch_get_targets,
}
