"""Operations on Express services: describe and update.

Which texts AWS answers to what it refuses is not known, so these are ours.
"""

from __future__ import annotations

from ecsdeploy.sim.deployments import rollout
from ecsdeploy.sim.ground.errors import ApiError, invalid
from ecsdeploy.sim.services.definitions import add_revision
from ecsdeploy.sim.services.express.configuration import OF_TASK, main_container, shown, updated
from ecsdeploy.sim.services.legal.fitting import check_fit
from ecsdeploy.sim.services.legal.refusals import check_deployments
from ecsdeploy.sim.services.replies.finding import definition_to_run
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service

_OWN = ("primaryContainer", *OF_TASK, "cpuArchitecture")
"""The members that cannot be sent with a task definition."""


def _service(region: Region, request: Json, error: str) -> Service:
    """The Express service with this ARN. Else the error of this code."""
    found = next((each for each in region.services if each.arn == request["serviceArn"]), None)
    if found is None:
        raise ApiError(error, "Service not found.")
    if not found.express:
        raise invalid(f"{found.arn} has ResourceManagementType=CUSTOMER.")
    return found


def describe(region: Region, request: Json) -> Json:
    """DescribeExpressGatewayService: each revision that has tasks is an active configuration.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeExpressGatewayService.html
    """
    service = _service(region, request, "ResourceNotFoundException")
    reply = _head(service) | {"activeConfigurations": [shown(each) for each in service.deployments]}
    if service.attached is not None:
        reply["currentDeployment"] = service.attached
    if "TAGS" in (request.get("include") or []):
        reply["tags"] = service.tags
    return {"service": reply}


def update(region: Region, request: Json) -> Json:
    """UpdateExpressGatewayService. It registers a revision of the definition in use, or takes one that it is given.

    It starts a deployment of the service as it is set, by default a canary deployment with an alarm.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateExpressGatewayService.html and
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-update-full.html
    """
    service = _service(region, request, "ServiceNotFoundException")
    if service.status != "ACTIVE":
        raise ApiError("ServiceNotActiveException", "Service was not ACTIVE.")
    definition = _wanted(region, service, request)
    if definition is not service.definition:
        settings = _balanced(service.settings, definition)
        check_fit(definition, settings)
        check_deployments(service)
        service.settings = settings
        rollout.start(region, service, definition)
    return {"service": _head(service) | {"targetConfiguration": shown(service.primary), "updatedAt": region.now}}


def _balanced(settings: Json, definition: Definition) -> Json:
    """The service's settings with its load balancers at the container's port: Express mode moves them with it."""
    port = main_container(definition.payload)["portMappings"][0]["containerPort"]
    return settings | {"loadBalancers": [each | {"containerPort": port} for each in settings["loadBalancers"]]}


def _wanted(region: Region, service: Service, request: Json) -> Definition:
    """The definition to deploy. The one in use where the request changes nothing (an assumption)."""
    named = request.get("taskDefinitionArn")
    if named is None:
        payload = updated(service.definition.payload, request)
        return service.definition if payload == service.definition.payload else add_revision(region, payload)
    both = [name for name in _OWN if request.get(name) is not None]
    if both:
        raise invalid(f"taskDefinitionArn cannot be specified together with {', '.join(both)}.")
    definition = definition_to_run(region, named)
    main_container(definition.payload)
    return definition


def _head(service: Service) -> Json:
    return {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "cluster": service.cluster.name,
        "status": {"statusCode": service.status},
        "createdAt": service.created_at,
    }


OPERATIONS = {"DescribeExpressGatewayService": describe, "UpdateExpressGatewayService": update}
