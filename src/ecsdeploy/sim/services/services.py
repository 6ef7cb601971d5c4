"""Operations on services: create, update, delete, describe, list."""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.deployments import rollout, task_sets
from ecsdeploy.sim.deployments.scheduler import start_stale
from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.ground.ids import arn, last_part
from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.services.legal.balancers import check_association
from ecsdeploy.sim.services.legal.configuration import new_settings, updated_settings
from ecsdeploy.sim.services.legal.fitting import check_fit, check_launch_type_of
from ecsdeploy.sim.services.legal.limits import check_count
from ecsdeploy.sim.services.legal.refusals import (
    check_controller,
    check_deployments,
    check_launch_type,
    check_left_to_code_deploy,
    check_left_to_express,
    check_new,
    check_strategy_change,
    controller_of,
)
from ecsdeploy.sim.services.replies.finding import (
    active_service_of,
    cluster_of,
    definition_to_run,
    missing,
    service_in,
    service_of,
)
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.services.replies.service import describe_service
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json, Service

_MOST_DESCRIBED = 10
_PAGE = PageSize(default=10, most=100)


def create(region: Region, request: Json) -> Json:
    """CreateService.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    """
    cluster = cluster_of(region, request)
    check_new(request)
    existing = cluster.services.get(request["serviceName"])
    if existing is not None and existing.status == "DRAINING":
        raise invalid("Unable to Start a service that is still Draining.")
    if existing is not None and existing.status == "ACTIVE":
        return {"service": describe_service(_same_request(existing, request))}
    definition = definition_to_run(region, request["taskDefinition"])
    service = new_service(region, cluster, request)
    if service.controller == "ECS":
        rollout.start(region, service, definition)
    else:
        task_sets.create_first(region, service, definition)
    return {"service": describe_service(service)}


def _same_request(existing: Service, request: Json) -> Service:
    """The service, if the request has its token and is its request. ECS does not compare tags (measured)."""
    same = {k: v for k, v in request.items() if k != "tags"} == existing.request
    if not (same and existing.token and request.get("clientToken") == existing.token):
        raise invalid("Creation of service was not idempotent.")
    return existing


def new_service(region: Region, cluster: Cluster, request: Json) -> Service:
    """A new service without a deployment. ApiError if AWS would refuse it."""
    definition = definition_to_run(region, request["taskDefinition"])
    launch_type = "FARGATE" if request.get("capacityProviderStrategy") else request.get("launchType", "EC2")
    check_launch_type_of(definition, launch_type)
    check_count(request["desiredCount"])
    settings = new_settings(request, launch_type)
    check_fit(definition, settings)
    check_association(region, settings)
    service = Service(
        arn=arn("service", cluster.name, request["serviceName"]),
        name=request["serviceName"],
        cluster=cluster,
        desired=request["desiredCount"],
        settings=settings,
        created_at=region.now,
        controller=controller_of(request),
        token=request.get("clientToken"),
        request={k: v for k, v in request.items() if k != "tags"},
        tags=request.get("tags", []),
        last_look=region.now - AFTER_CHANGE,
    )
    cluster.services[service.name] = service
    return service


def update(region: Region, request: Json) -> Json:
    """UpdateService. It starts a deployment if a member that triggers one differs, or if the request forces one.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
    """
    service = active_service_of(region, request)
    moves = _checked_update(service, request)
    definition = _asked_definition(region, service, request)
    settings, differs = updated_settings(service.settings, request)
    check_strategy_change(service, settings)
    check_fit(definition, settings)
    check_association(region, settings)
    triggers = differs or definition is not service.definition or bool(request.get("forceNewDeployment"))
    if triggers:
        check_deployments(service)
    if moves:
        task_sets.hand_over(region, service)
    raised = request.get("desiredCount", service.desired) > service.desired
    service.settings, service.desired, service.stuck = settings, request.get("desiredCount", service.desired), False
    if triggers:
        rollout.start(region, service, definition)
        return {"service": describe_service(service)}
    wake(region, service, AFTER_CHANGE)
    if raised and region.stale_views:
        region.clock.after(AFTER_CHANGE, lambda: start_stale(region, service))
    return {"service": describe_service(service)}


def _checked_update(service: Service, request: Json) -> bool:
    """Whether the update moves the service to the ECS controller.

    ApiError if the request and the service alone are reason enough to refuse it.
    """
    check_controller(request)
    check_launch_type(request)
    if request.get("desiredCount", service.desired) < 0:
        raise invalid("Task count can not be lesser than 0")
    check_count(request.get("desiredCount", service.desired))
    moves = _moves_to_ecs(service, request)
    check_left_to_express(service, request)
    if service.controller == "CODE_DEPLOY" and not moves:
        check_left_to_code_deploy(request)
    return moves


def _moves_to_ecs(service: Service, request: Json) -> bool:
    """Whether the request moves a service from CODE_DEPLOY to ECS. ApiError for the other way, or during a deployment.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/migrate-deployment-controllers.html
    """
    if "deploymentController" not in request or controller_of(request) == service.controller:
        return False
    if service.controller == "ECS":
        raise invalid("Unable to update the deployment controller from ECS to CODE_DEPLOY.")
    if service.sources:
        raise invalid("Unable to update the deployment controller while a deployment is in progress.")
    return True


def _asked_definition(region: Region, service: Service, request: Json) -> Definition:
    asked: Any = request.get("taskDefinition")
    return service.definition if asked is None else definition_to_run(region, asked)


def delete(region: Region, request: Json) -> Json:
    """DeleteService: DRAINING with desired count 0, not in ListServices, INACTIVE when its tasks are gone.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    try:
        service = service_of(region, request)
    except ApiError as error:
        # Measured: AWS's text for this error is empty.
        raise ApiError(error.code, "" if error.code == "ServiceNotFoundException" else error.message) from error
    if service.express:
        # Observed: https://github.com/ekristen/aws-nuke/issues/982
        raise invalid(f"{service.arn} has ResourceManagementType=ECS use DeleteExpressGatewayService to delete")
    if service.status != "ACTIVE":
        return {"service": _narrow(describe_service(service))}
    if service.desired > 0 and not request.get("force"):
        raise invalid("The service cannot be stopped while it is scaled above 0.")
    if any(deployment.tasks for deployment in service.sources) and not request.get("force"):
        raise invalid("The service cannot be stopped while deployments are active.")
    begin_end(region, service)
    return {"service": _narrow(describe_service(service))}


def begin_end(region: Region, service: Service) -> None:
    """Begin the end of a service: it is DRAINING, and a deployment in progress is STOPPED."""
    service.status, service.desired = "DRAINING", 0
    record = rollout.current(service)
    if record is not None:
        rollout.move(region, record, "STOPPED", "Service deployment stopped because the service was deleted.")
    service.attached = None
    wake(region, service, AFTER_CHANGE)


def _narrow(reply: Json) -> Json:
    """The reply of DeleteService. It has no currentServiceRevisions and fewer members of the configuration
    (measured).
    """
    configuration = reply["deploymentConfiguration"]
    kept = {name: configuration[name] for name in ("maximumPercent", "minimumHealthyPercent", "strategy")}
    breaker = configuration["deploymentCircuitBreaker"]
    kept["deploymentCircuitBreaker"] = {name: breaker[name] for name in ("enable", "rollback")}
    rest = {name: value for name, value in reply.items() if name != "currentServiceRevisions"}
    return {**rest, "deploymentConfiguration": kept}


def describe(region: Region, request: Json) -> Json:
    """DescribeServices: at most ten. A service that does not exist is a failure MISSING, and no error.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
    """
    cluster = cluster_of(region, request)
    names = request["services"]
    if not names:
        raise invalid("Services cannot be empty.")
    if len(names) > _MOST_DESCRIBED:
        raise invalid("service names can have at most 10 items.")
    with_tags = "TAGS" in (request.get("include") or [])
    found, failures = [], []
    for name in dict.fromkeys(names):
        service = service_in(cluster, name)
        if service is None:
            failures.append(missing(arn("service", cluster.name, last_part(name))))
        else:
            found.append(describe_service(service, with_tags=with_tags))
    return {"services": found, "failures": failures}


def list_services(region: Region, request: Json) -> Json:
    """ListServices: ten a page by default. Services that are DRAINING are left out.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
    """
    cluster = cluster_of(region, request)
    if request.get("launchType"):
        check_launch_type(request)
    found = [service for service in cluster.services.values() if _is_listed(service, request)]
    return _arns_page(found, request)


def _is_listed(service: Service, request: Json) -> bool:
    return (
        service.status == "ACTIVE"
        and request.get("launchType") in (None, service.settings.get("launchType"))
        and request.get("schedulingStrategy") in (None, "REPLICA")
        and request.get("resourceManagementType") in (None, "ECS" if service.express else "CUSTOMER")
    )


def _arns_page(found: list[Service], request: Json) -> Json:
    arns = [service.arn for service in sorted(found, key=lambda service: (service.created_at, service.name))]
    part, rest = page(arns, request, _PAGE)
    return {"serviceArns": part, **rest}


def list_by_namespace(region: Region, request: Json) -> Json:
    """ListServicesByNamespace: services whose Service Connect configuration has this namespace.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServicesByNamespace.html
    """
    wanted = last_part(request["namespace"])
    found = [
        service
        for service in region.services
        if service.status == "ACTIVE"
        and last_part(str((service.settings.get("serviceConnectConfiguration") or {}).get("namespace", ""))) == wanted
    ]
    return _arns_page(found, request)


OPERATIONS = {
    "CreateService": create,
    "UpdateService": update,
    "DeleteService": delete,
    "DescribeServices": describe,
    "ListServices": list_services,
    "ListServicesByNamespace": list_by_namespace,
}
