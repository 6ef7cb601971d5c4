"""ECS's JSON as values of the model; unknown members are left out, unknown words pass as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecsdeploy.aws.reading import (
    JsonObject,
    flag,
    identity,
    moment,
    nested,
    number,
    objects,
    optional_fraction,
    optional_number,
    text,
    texts,
)
from ecsdeploy.aws.settings import settings
from ecsdeploy.model.arn import deployment_number
from ecsdeploy.model.service import (
    BreakerCount,
    Container,
    Deployment,
    Hook,
    PastDeployment,
    RevisionShare,
    Service,
    ServiceDeployment,
    ServiceEvent,
    Task,
)
from ecsdeploy.model.settings import Breaker, DeploymentAlarms
from ecsdeploy.model.values import replace


def service(source: JsonObject) -> Service:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""
    configuration = nested(source, "deploymentConfiguration")
    controller = text(nested(source, "deploymentController"), "type", "ECS")
    sets = tuple(_task_set(each, controller) for each in objects(source, "taskSets"))
    deployments = tuple(deployment(each) for each in objects(source, "deployments")) or sets
    return Service(
        arn=text(source, "serviceArn"),
        name=text(source, "serviceName"),
        cluster_arn=text(source, "clusterArn"),
        status=text(source, "status"),
        task_definition=_in_use(sets) or text(source, "taskDefinition") or _in_use(deployments),
        desired=number(source, "desiredCount"),
        running=number(source, "runningCount"),
        pending=number(source, "pendingCount"),
        deployments=deployments,
        events=_events(source),
        minimum_healthy_percent=optional_number(configuration, "minimumHealthyPercent"),
        maximum_percent=optional_number(configuration, "maximumPercent"),
        breaker=_breaker(configuration),
        alarms=_alarms(configuration),
        strategy=_strategy(configuration, controller),
        ends_early=flag(nested(configuration, "earlySuccessCriteria"), "enable"),
        controller=controller,
        scheduling=text(source, "schedulingStrategy", "REPLICA"),
        managed_by_express=text(source, "resourceManagementType") == "ECS",
        managed_tags=flag(source, "enableECSManagedTags"),
        propagate_tags=text(source, "propagateTags", "NONE"),
        grace_seconds=number(source, "healthCheckGracePeriodSeconds"),
        target_groups=_target_groups(source),
        settings=settings(source),
        current_service_deployment=text(source, "currentServiceDeployment"),
    )


def _in_use(listed: Sequence[Deployment]) -> str:
    """The primary one's task definition. An Express service names none itself (seen: kayac/ecspresso, number 902)."""
    return next((each.task_definition for each in listed if each.status == "PRIMARY"), "")


def _strategy(configuration: JsonObject, controller: str) -> str:
    """CodeDeploy sets a whole new version beside the old one, whatever ECS would do by itself.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
    """
    own = text(configuration, "strategy", "ROLLING")
    return "BLUE_GREEN" if controller == "CODE_DEPLOY" and own == "ROLLING" else own


def deployment(source: JsonObject) -> Deployment:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html"""
    return Deployment(
        id=identity(source, "id"),
        status=text(source, "status"),
        task_definition=text(source, "taskDefinition"),
        desired=number(source, "desiredCount"),
        pending=number(source, "pendingCount"),
        running=number(source, "runningCount"),
        failed=number(source, "failedTasks"),
        rollout_state=text(source, "rolloutState"),
        rollout_reason=text(source, "rolloutStateReason"),
        created_at=moment(source, "createdAt"),
        updated_at=moment(source, "updatedAt"),
    )


_STABILITY = {"STEADY_STATE": "COMPLETED", "STABILIZING": "IN_PROGRESS"}
"""What ECS says of the tasks and checks of a task set, in the words of a deployment."""


def _task_set(source: JsonObject, controller: str) -> Deployment:
    """A task set as a deployment: a service that ECS does not deploy itself has one for each version.

    Under EXTERNAL its stability is the only state that there is; CodeDeploy keeps the state in its own deployment.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
    """
    return Deployment(
        id=identity(source, "id"),
        status=text(source, "status"),
        task_definition=text(source, "taskDefinition"),
        desired=number(source, "computedDesiredCount"),
        pending=number(source, "pendingCount"),
        running=number(source, "runningCount"),
        rollout_state=_STABILITY.get(text(source, "stabilityStatus"), "") if controller == "EXTERNAL" else "",
        created_at=moment(source, "createdAt"),
        updated_at=moment(source, "updatedAt"),
    )


def service_deployment(source: JsonObject) -> ServiceDeployment:
    """A `ServiceDeployment`, or the `ServiceDeploymentBrief` of a list, which says less.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
    """
    rollback = nested(source, "rollback")
    return ServiceDeployment(
        arn=text(source, "serviceDeploymentArn"),
        status=text(source, "status"),
        reason=text(source, "statusReason"),
        target_revision=target_revision(source),
        stage=text(source, "lifecycleStage"),
        breaker=_breaker_count(source),
        rollback_reason=text(rollback, "reason"),
        rollback_revision=text(rollback, "serviceRevisionArn"),
        triggered_alarms=texts(nested(source, "alarms"), "triggeredAlarmNames"),
        hooks=tuple(_hook(each) for each in objects(source, "lifecycleHookDetails")),
        target=_share(nested(source, "targetServiceRevision")),
        sources=tuple(share for each in objects(source, "sourceServiceRevisions") if (share := _share(each))),
        created_at=moment(source, "createdAt"),
        finished_at=moment(source, "finishedAt"),
    )


def _share(source: JsonObject) -> RevisionShare | None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevisionSummary.html"""
    if not source:
        return None
    return RevisionShare(
        revision=text(source, "arn"),
        requested=number(source, "requestedTaskCount"),
        running=number(source, "runningTaskCount"),
        pending=number(source, "pendingTaskCount"),
        test_weight=optional_fraction(source, "requestedTestTrafficWeight"),
        production_weight=optional_fraction(source, "requestedProductionTrafficWeight"),
    )


def _hook(source: JsonObject) -> Hook:
    return Hook(
        id=text(source, "hookId"),
        status=text(source, "status"),
        target=text(source, "targetType"),
        expires_at=moment(source, "expiresAt"),
        timeout_action=text(source, "timeoutAction"),
    )


def past_deployment(source: JsonObject, revisions: Mapping[str, JsonObject]) -> PastDeployment:
    """A `ServiceDeploymentBrief`; `revisions` has service revisions by their ARNs.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html
    """
    target = target_revision(source)
    revision = revisions.get(target, {})
    return PastDeployment(
        arn=text(source, "serviceDeploymentArn"),
        status=text(source, "status"),
        revision=text(revision, "taskDefinition"),
        deployment_id=f"ecs-svc/{deployment_number(target)}",
        created_at=moment(source, "createdAt"),
        finished_at=moment(source, "finishedAt"),
        reason=text(source, "statusReason"),
        images=tuple(
            (text(each, "containerName"), text(each, "image"), text(each, "imageDigest"))
            for each in objects(revision, "containerImages")
        ),
    )


def target_revision(source: JsonObject) -> str:
    """The ARN of the service revision that a service deployment, or its brief, leads to."""
    return text(source, "targetServiceRevisionArn") or text(nested(source, "targetServiceRevision"), "arn")


def task(source: JsonObject) -> Task:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html"""
    return Task(
        arn=text(source, "taskArn"),
        task_definition=text(source, "taskDefinitionArn"),
        status=text(source, "lastStatus"),
        desired_status=text(source, "desiredStatus"),
        health=text(source, "healthStatus", "UNKNOWN"),
        started_by=text(source, "startedBy"),
        stop_code=text(source, "stopCode"),
        stopped_reason=text(source, "stoppedReason"),
        containers=tuple(_container(each) for each in objects(source, "containers")),
        addresses=_addresses(source),
        created_at=moment(source, "createdAt"),
        started_at=moment(source, "startedAt"),
        execution_stopped_at=moment(source, "executionStoppedAt"),
        stopped_at=moment(source, "stoppedAt"),
    )


def _container(source: JsonObject) -> Container:
    return Container(
        name=text(source, "name"),
        image=text(source, "image"),
        digest=text(source, "imageDigest"),
        status=text(source, "lastStatus"),
        health=text(source, "healthStatus"),
        exit_code=optional_number(source, "exitCode"),
        reason=text(source, "reason"),
    )


def _addresses(source: JsonObject) -> tuple[str, ...]:
    """The private IPv4 addresses, from the interface's attachment and, once the task runs, from its containers."""
    details = [each for one in objects(source, "attachments") for each in objects(one, "details")]
    interfaces = [each for one in objects(source, "containers") for each in objects(one, "networkInterfaces")]
    attached = [text(each, "value") for each in details if each.get("name") == "privateIPv4Address"]
    found = [*attached, *(text(each, "privateIpv4Address") for each in interfaces)]
    return tuple(dict.fromkeys(address for address in found if address))


def _events(source: JsonObject) -> tuple[ServiceEvent, ...]:
    """The event log as ECS orders it, newest first; a line without a time cannot be placed."""
    return tuple(
        ServiceEvent(id=text(each, "id"), at=at, message=text(each, "message"))
        for each in objects(source, "events")
        if (at := moment(each, "createdAt")) is not None
    )


def _breaker(configuration: JsonObject) -> Breaker:
    breaker = nested(configuration, "deploymentCircuitBreaker")
    switches = Breaker(enabled=flag(breaker, "enable"), rollback=flag(breaker, "rollback"))
    limit = nested(breaker, "thresholdConfiguration")
    if "value" not in limit:
        return switches
    return replace(switches, measure=text(limit, "type"), value=number(limit, "value"))


def _alarms(configuration: JsonObject) -> DeploymentAlarms:
    alarms = nested(configuration, "alarms")
    return DeploymentAlarms(
        names=texts(alarms, "alarmNames"), enabled=flag(alarms, "enable"), rollback=flag(alarms, "rollback")
    )


def _breaker_count(source: JsonObject) -> BreakerCount | None:
    breaker = nested(source, "deploymentCircuitBreaker")
    if not breaker:
        return None
    return BreakerCount(
        status=text(breaker, "status"),
        failures=number(breaker, "failureCount"),
        threshold=number(breaker, "threshold"),
    )


def _target_groups(source: JsonObject) -> tuple[str, ...]:
    """Every target group that may receive tasks: a blue/green service, and CodeDeploy, alternate between two."""
    balancers = [*objects(source, "loadBalancers")]
    for each in objects(source, "taskSets"):
        balancers += objects(each, "loadBalancers")
    arns = [
        arn
        for each in balancers
        for arn in (
            text(each, "targetGroupArn"),
            text(nested(each, "advancedConfiguration"), "alternateTargetGroupArn"),
        )
        if arn
    ]
    return tuple(dict.fromkeys(arns))
