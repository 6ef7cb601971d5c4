"""Operations on task sets: create, scale, describe, delete, make PRIMARY."""

from __future__ import annotations

from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.ground.ids import last_part
from ecsdeploy.sim.services.legal.fitting import check_balancers
from ecsdeploy.sim.services.legal.refusals import check_launch_type
from ecsdeploy.sim.services.replies.finding import active_service_of, definition_to_run, missing, service_of
from ecsdeploy.sim.services.replies.service import describe_task_set
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service

_MOST = 5
_TOKEN_LENGTH = 36
_OWN = ("networkConfiguration", "loadBalancers", "serviceRegistries", "platformVersion")


def create(region: Region, request: Json) -> Json:
    """CreateTaskSet, at scale 0 by default. The same token again returns the same task set.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateTaskSet.html
    """
    service = _managed(active_service_of(region, request))
    check_launch_type(request)
    token = request.get("clientToken")
    if len(token or "") > _TOKEN_LENGTH:
        raise invalid("idempotency token longer than 36.")
    present = next((d for d in service.deployments if token and task_sets.set_of(d).token == token), None)
    if present is not None:
        return {"taskSet": describe_task_set(service, present, with_tags=True)}
    if len(service.deployments) >= _MOST:
        # Observed: https://github.com/pipe-cd/pipecd/issues/4692
        raise invalid(
            "5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit."
        )
    definition = definition_to_run(region, request["taskDefinition"])
    check_balancers(definition, request.get("loadBalancers") or [])
    settings = {name: request[name] for name in _OWN if request.get(name) is not None}
    deployment = task_sets.create(region, service, definition, settings)
    task_set = task_sets.set_of(deployment)
    task_set.token, task_set.external_id = token, request.get("externalId")
    task_set.tags = request.get("tags", [])
    task_sets.scale(region, service, deployment, _percent(request.get("scale") or {}))
    return {"taskSet": describe_task_set(service, deployment, with_tags=True)}


def _managed(service: Service) -> Service:
    """The service, if task sets are allowed for it. InvalidParameterException if ECS deploys it.

    Observed: https://github.com/hashicorp/terraform-provider-aws/issues/30347
    """
    if service.controller == "ECS":
        raise invalid(
            "Amazon ECS only supports task set management on services configured to use external deployment "
            "controllers."
        )
    return service


def _percent(scale: Json) -> float:
    value = float(scale.get("value", 0))
    if not 0 <= value <= 100:
        raise invalid("Scale value must be between 0 and 100.")
    return value


def update(region: Region, request: Json) -> Json:
    """UpdateTaskSet: change its scale.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskSet.html
    """
    service = _managed(active_service_of(region, request))
    deployment = _set_of(service, request["taskSet"])
    task_sets.scale(region, service, deployment, _percent(request["scale"]))
    return {"taskSet": describe_task_set(service, deployment)}


def delete(region: Region, request: Json) -> Json:
    """DeleteTaskSet. It refuses the PRIMARY one, and one that is scaled above 0 unless forced.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskSet.html
    """
    service = _managed(active_service_of(region, request))
    deployment = _set_of(service, request["taskSet"])
    if deployment.status == "PRIMARY":
        raise invalid("The primary task set of a service cannot be deleted.")
    if task_sets.set_of(deployment).scale > 0 and not request.get("force"):
        raise invalid("The task set cannot be deleted while it is scaled above 0.")
    task_sets.retire(region, service, deployment)
    return {"taskSet": describe_task_set(service, deployment)}


def describe(region: Region, request: Json) -> Json:
    """DescribeTaskSets: those that the request names, else all of the service.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskSets.html
    """
    service = _managed(service_of(region, request))
    with_tags = "TAGS" in (request.get("include") or [])
    names = request.get("taskSets")
    if not names:
        return {"taskSets": [describe_task_set(service, d, with_tags=with_tags) for d in service.deployments]}
    found = {name: _find(service, name) for name in dict.fromkeys(names)}
    return {
        "taskSets": [describe_task_set(service, d, with_tags=with_tags) for d in found.values() if d is not None],
        "failures": [missing(name) for name, deployment in found.items() if deployment is None],
    }


def update_primary(region: Region, request: Json) -> Json:
    """UpdateServicePrimaryTaskSet.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateServicePrimaryTaskSet.html
    """
    service = _managed(active_service_of(region, request))
    deployment = _set_of(service, request["primaryTaskSet"])
    return {"taskSet": describe_task_set(service, task_sets.promote(region, service, deployment))}


def _set_of(service: Service, name: str) -> Deployment:
    deployment = _find(service, name)
    if deployment is None:
        raise ApiError("TaskSetNotFoundException", "The specified task set was not found.")
    return deployment


def _find(service: Service, name: str) -> Deployment | None:
    """A task set by its ARN, by `ecs-svc/<digits>`, or by the digits."""
    return next((d for d in service.deployments if last_part(d.id) == last_part(name)), None)


OPERATIONS = {
    "CreateTaskSet": create,
    "UpdateTaskSet": update,
    "DeleteTaskSet": delete,
    "DescribeTaskSets": describe,
    "UpdateServicePrimaryTaskSet": update_primary,
}
