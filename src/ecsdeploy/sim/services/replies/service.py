"""How ECS's replies show services, their deployments and their task sets."""

from __future__ import annotations

from ecsdeploy.sim.ground.ids import ACCOUNT, CALLER
from ecsdeploy.sim.services.replies.task import PLATFORM, given
from ecsdeploy.sim.state.service import Deployment, Json, Service

_ECHOED = (
    "loadBalancers",
    "serviceRegistries",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "platformFamily",
    "deploymentConfiguration",
    "placementConstraints",
    "placementStrategy",
    "networkConfiguration",
    "healthCheckGracePeriodSeconds",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
    "availabilityZoneRebalancing",
)
_OF_DEPLOYMENT = ("launchType", "capacityProviderStrategy", "platformFamily", "networkConfiguration")
_CONNECTED = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
_SERVICE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"


def describe_service(service: Service, *, with_tags: bool = False) -> Json:
    """A `Service` of a reply. The newest event comes first."""
    deployments = [describe_deployment(d) for d in service.deployments]
    if service.status == "INACTIVE":
        deployments = []
    reply: Json = {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": service.cluster.arn,
        "status": service.status,
        "desiredCount": service.desired,
        "runningCount": sum(d["runningCount"] for d in deployments),
        "pendingCount": sum(d["pendingCount"] for d in deployments),
        "taskDefinition": service.definition.arn,
        "deployments": deployments,
        "events": [
            {"id": identity, "createdAt": at, "message": text} for identity, at, text in reversed(service.events)
        ],
        "createdAt": service.created_at,
        "createdBy": CALLER,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": service.controller},
        "resourceManagementType": "ECS" if service.express else "CUSTOMER",
        "currentServiceRevisions": [_current_revision(d) for d in service.deployments],
    }
    if service.controller != "ECS":
        reply |= {"deployments": [], "taskSets": [describe_task_set(service, d) for d in service.deployments]}
        del reply["currentServiceRevisions"]
    if service.express:
        # Observed: https://github.com/kayac/ecspresso/pull/902
        del reply["taskDefinition"]
    reply |= _present(service.settings, _ECHOED)
    return reply | _extras(service, with_tags)


def _extras(service: Service, with_tags: bool) -> Json:
    extras: Json = {}
    if service.settings.get("networkConfiguration") or service.settings.get("loadBalancers"):
        extras["roleArn"] = _SERVICE_ROLE
    if service.attached is not None:
        extras["currentServiceDeployment"] = service.attached
    if with_tags:
        extras["tags"] = service.tags
    return extras


def _present(settings: Json, names: tuple[str, ...]) -> Json:
    return {name: settings[name] for name in names if settings.get(name) is not None}


def running(deployment: Deployment) -> int:
    """How many tasks are RUNNING and are to stay."""
    return sum(task.wanted and task.last_status == "RUNNING" for task in deployment.tasks)


def pending(deployment: Deployment) -> int:
    """How many tasks are to run and do not run yet."""
    return sum(task.wanted and task.last_status != "RUNNING" for task in deployment.tasks)


def requested(deployment: Deployment) -> int:
    """The `desiredCount` of a deployment: for a former one, how many of its tasks are to stay."""
    if deployment.status == "PRIMARY":
        return deployment.desired
    return sum(task.wanted for task in deployment.tasks)


def describe_deployment(deployment: Deployment) -> Json:
    """A `Deployment` of a reply.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    reply = {
        "id": deployment.id,
        "status": deployment.status,
        "taskDefinition": deployment.revision.definition.arn,
        "desiredCount": requested(deployment),
        "pendingCount": pending(deployment),
        "runningCount": running(deployment),
        "failedTasks": deployment.failed_tasks,
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "rolloutState": deployment.rollout_state,
        "rolloutStateReason": deployment.rollout_reason,
    }
    return reply | _platform(deployment) | _present(deployment.revision.settings, _CONNECTED)


def _platform(deployment: Deployment) -> Json:
    """Where tasks run. The service says LATEST, its deployment says which version that is (measured)."""
    settings = deployment.revision.settings
    latest = {"platformVersion": PLATFORM} if settings.get("platformVersion") else {}
    return _present(settings, _OF_DEPLOYMENT) | latest


def _current_revision(deployment: Deployment) -> Json:
    return {"arn": deployment.revision.arn, **counts(deployment)}


def counts(deployment: Deployment | None) -> Json:
    """The task counts of a revision: zeros if its deployment is gone."""
    return {
        "requestedTaskCount": requested(deployment) if deployment else 0,
        "runningTaskCount": running(deployment) if deployment else 0,
        "pendingTaskCount": pending(deployment) if deployment else 0,
    }


def describe_task_set(service: Service, deployment: Deployment, *, with_tags: bool = False) -> Json:
    """A `TaskSet` of a reply. TypeError for a deployment that is not a task set.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
    """
    task_set, settings = deployment.task_set, deployment.revision.settings
    if task_set is None:
        raise TypeError(f"{deployment.id} is no task set")
    reply: Json = {
        "id": deployment.id,
        "taskSetArn": task_set.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster.arn,
        "status": deployment.status,
        "taskDefinition": deployment.revision.definition.arn,
        "computedDesiredCount": deployment.desired,
        "pendingCount": pending(deployment),
        "runningCount": running(deployment),
        "createdAt": deployment.created_at,
        "updatedAt": deployment.updated_at,
        "scale": {"value": task_set.scale, "unit": "PERCENT"},
        "stabilityStatus": "STEADY_STATE" if task_set.stable else "STABILIZING",
        "stabilityStatusAt": task_set.stable_at,
        "loadBalancers": settings["loadBalancers"],
        "serviceRegistries": settings["serviceRegistries"],
    }
    optional: Json = {"externalId": task_set.external_id, "startedBy": task_set.started_by}
    optional |= {"tags": task_set.tags} if with_tags else {}
    return reply | given(optional) | _platform(deployment)
