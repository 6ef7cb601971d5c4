"""Services: create, update, delete, describe, list."""

from typing import Any

from ecsdeploy.sim import rollout
from ecsdeploy.sim.errors import ApiError, invalid, unsupported
from ecsdeploy.sim.ids import arn, last_part
from ecsdeploy.sim.passes import wake
from ecsdeploy.sim.services.configuration import new_settings, updated_settings
from ecsdeploy.sim.services.finding import (
    active_service_of,
    cluster_of,
    definition_to_run,
    missing,
    service_in,
    service_of,
)
from ecsdeploy.sim.services.paging import Limits, page
from ecsdeploy.sim.services.portrait import describe_service
from ecsdeploy.sim.state import Cluster, Definition, Json, Region, Service
from ecsdeploy.sim.timings import AFTER_CHANGE

_MOST_DESCRIBED = 10
_TOKEN_LENGTH = 36
_PAGE = Limits(default=10, most=100)
_LAUNCH_TYPES = ("EC2", "FARGATE", "EXTERNAL", "FMI", "MANAGED_INSTANCES")


def create(region: Region, request: Json) -> Json:
    """CreateService.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    """
    cluster = cluster_of(region, request)
    _check_new(request)
    existing = cluster.services.get(request["serviceName"])
    if existing is not None and existing.status == "DRAINING":
        raise invalid("Unable to Start a service that is still Draining.")
    if existing is not None and existing.status == "ACTIVE":
        return {"service": describe_service(_same_request(existing, request))}
    service = new_service(region, cluster, request)
    rollout.start(region, service, definition_to_run(region, request["taskDefinition"]))
    return {"service": describe_service(service)}


def _same_request(existing: Service, request: Json) -> Service:
    """The same token with the same request gives the same service; changed tags are ignored (measured)."""
    same = {k: v for k, v in request.items() if k != "tags"} == existing.request
    if not (same and existing.token and request.get("clientToken") == existing.token):
        raise invalid("Creation of service was not idempotent.")
    return existing


def new_service(region: Region, cluster: Cluster, request: Json) -> Service:
    """A service without a deployment."""
    definition = definition_to_run(region, request["taskDefinition"])
    launch_type = request.get("launchType", "EC2")
    check_compatible(definition, launch_type)
    service = Service(
        arn=arn("service", cluster.name, request["serviceName"]),
        name=request["serviceName"],
        cluster=cluster,
        desired=request["desiredCount"],
        settings=new_settings(request, launch_type, _network_mode(definition)),
        created_at=region.now,
        token=request.get("clientToken"),
        request={k: v for k, v in request.items() if k != "tags"},
        tags=request.get("tags", []),
        last_pass=region.now - AFTER_CHANGE,
    )
    cluster.services[service.name] = service
    return service


def _network_mode(definition: Definition) -> str:
    return str(definition.payload.get("networkMode", "bridge"))


def _check_new(request: Json) -> None:
    _check_scheduling(request)
    if "desiredCount" not in request:
        raise invalid("DesiredCount is missing")
    if request["desiredCount"] < 0:
        raise invalid("DesiredCount can not be lesser than 0")
    if "taskDefinition" not in request:
        raise invalid("TaskDefinition can not be blank.")
    if len(request.get("clientToken", "")) > _TOKEN_LENGTH:
        raise invalid("idempotency token longer than 36.")
    check_launch_type(request)
    _check_controller(request)


def _check_scheduling(request: Json) -> None:
    strategy = request.get("schedulingStrategy", "REPLICA")
    if strategy not in ("REPLICA", "DAEMON"):
        raise invalid("Scheduling strategy should be one of [REPLICA,DAEMON]")
    if strategy == "DAEMON":
        raise unsupported("The scheduling strategy DAEMON is not simulated yet.")


def check_launch_type(request: Json) -> None:
    launch_type = request.get("launchType", "EC2")
    if launch_type not in _LAUNCH_TYPES:
        raise invalid(f"launch type should be one of [{','.join(_LAUNCH_TYPES)}]")
    if launch_type not in ("EC2", "FARGATE"):
        raise unsupported(f"The launch type {launch_type} is not simulated yet.")
    if request.get("capacityProviderStrategy"):
        raise unsupported("Capacity providers are not simulated yet.")


def check_compatible(definition: Definition, launch_type: str) -> None:
    asked = definition.payload.get("requiresCompatibilities")
    if asked and launch_type not in asked:
        raise invalid(f"Task definition does not support launch_type {launch_type}.")


def _check_controller(request: Json) -> None:
    kind = (request.get("deploymentController") or {}).get("type", "ECS")
    if kind != "ECS":
        raise unsupported(f"The deployment controller {kind} is not simulated yet.")


def update(region: Region, request: Json) -> Json:
    """UpdateService: a deployment starts if a member that triggers one differs, or if forced.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
    """
    service = active_service_of(region, request)
    _check_controller(request)
    check_launch_type(request)
    desired = request.get("desiredCount", service.desired)
    if desired < 0:
        raise invalid("Task count can not be lesser than 0")
    definition = _asked_definition(region, service, request)
    settings, differs = updated_settings(service.settings, request)
    service.settings, service.desired, service.stuck = settings, desired, False
    changed = definition is not service.definition
    if changed or differs or request.get("forceNewDeployment"):
        rollout.start(region, service, definition)
    else:
        wake(region, service, AFTER_CHANGE)
    return {"service": describe_service(service)}


def _asked_definition(region: Region, service: Service, request: Json) -> Definition:
    asked: Any = request.get("taskDefinition")
    if asked is None or asked == service.definition.arn:
        return service.definition
    return definition_to_run(region, asked)


def delete(region: Region, request: Json) -> Json:
    """DeleteService: DRAINING with nothing desired, hidden from ListServices, INACTIVE once its tasks are gone.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    try:
        service = service_of(region, request)
    except ApiError as error:
        # The text of this one is empty on AWS (measured).
        raise ApiError(error.code, "" if error.code == "ServiceNotFoundException" else error.message) from error
    if service.status != "ACTIVE":
        return {"service": _narrow(describe_service(service))}
    if service.desired > 0 and not request.get("force"):
        raise invalid("The service cannot be stopped while it is scaled above 0.")
    drain(region, service)
    return {"service": _narrow(describe_service(service))}


def drain(region: Region, service: Service) -> None:
    """Begin the end of a service."""
    service.status, service.desired = "DRAINING", 0
    record = rollout.current(service)
    if record is not None:
        rollout.move(region, record, "STOPPED", "Service deployment stopped because the service was deleted.")
    service.attached = None
    wake(region, service, AFTER_CHANGE)


def _narrow(reply: Json) -> Json:
    """The reply of DeleteService lacks currentServiceRevisions and shows a narrower configuration (measured)."""
    configuration = reply["deploymentConfiguration"]
    kept = {name: configuration[name] for name in ("maximumPercent", "minimumHealthyPercent")}
    rest = {name: value for name, value in reply.items() if name != "currentServiceRevisions"}
    return {**rest, "deploymentConfiguration": kept}


def describe(region: Region, request: Json) -> Json:
    """DescribeServices: at most ten; what is not there is a failure MISSING, not an error.

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
    """ListServices: ten a page unless asked otherwise; services that drain are not listed.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
    """
    cluster = cluster_of(region, request)
    wanted = request.get("launchType")
    arns = [
        service.arn
        for service in sorted(cluster.services.values(), key=lambda s: (s.created_at, s.name))
        if service.status == "ACTIVE" and wanted in (None, service.settings.get("launchType"))
    ]
    part, rest = page(arns, request, _PAGE)
    return {"serviceArns": part, **rest}


OPERATIONS = {
    "CreateService": create,
    "UpdateService": update,
    "DeleteService": delete,
    "DescribeServices": describe,
    "ListServices": list_services,
}
