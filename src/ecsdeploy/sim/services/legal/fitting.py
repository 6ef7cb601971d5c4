"""What ECS refuses when a definition does not fit its service.

The texts are AWS's where we know them. Those about registries and Service Connect are as people report them.
"""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.services.legal.compatibility import compatibilities
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.service import Json

_MOST_GROUPS = 5


def check_fit(definition: Definition, settings: Json) -> None:
    """InvalidParameterException for a definition that does not fit the settings of its service."""
    check_launch_type_of(definition, str(settings.get("launchType") or "FARGATE"))
    _check_network(definition, settings)
    _check_placement(settings)
    check_balancers(definition, settings.get("loadBalancers") or [])
    for registry in settings.get("serviceRegistries") or []:
        if registry.get("containerName"):
            _check_port(definition, registry)
    _check_named_ports(definition, settings)
    _check_volumes(definition, settings)


def check_launch_type_of(definition: Definition, launch_type: str) -> None:
    """InvalidParameterException for a launch type on which the definition cannot run.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html (compatibilities)
    """
    asked = definition.payload.get("requiresCompatibilities") or compatibilities(definition.payload)
    if launch_type not in asked:
        raise invalid(f"Task definition does not support launch_type {launch_type}.")


def check_balancers(definition: Definition, balancers: list[Json]) -> None:
    """InvalidParameterException unless each load balancer names a container of the definition, and a port of it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """
    if len(balancers) > _MOST_GROUPS:
        raise invalid("load balancers can have at most 5 items.")
    for balancer in balancers:
        _check_port(definition, balancer)


def _check_port(definition: Definition, entry: Json) -> None:
    ports = {c["name"]: {p.get("containerPort") for p in c["portMappings"]} for c in definition.containers}
    name, port = entry.get("containerName"), entry.get("containerPort")
    if name not in ports:
        raise invalid(f"The container {name} does not exist in the task definition.")
    if port not in ports[name]:
        raise invalid(f"The container {name} did not have a container port {port} defined.")


def _check_network(definition: Definition, settings: Json) -> None:
    """The network mode awsvpc needs a network configuration. Other modes must not have one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NetworkConfiguration.html
    """
    networked, given = definition.payload.get("networkMode") == "awsvpc", settings.get("networkConfiguration")
    if networked and not given:
        raise invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if given and not networked:
        raise invalid("Network Configuration is not valid for the given networkMode of this task definition.")


def _check_placement(settings: Json) -> None:
    """Fargate takes neither placement constraints nor placement strategies.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
    """
    if settings.get("launchType") != "FARGATE":
        return
    if settings.get("placementConstraints"):
        raise invalid("Placement constraints are not supported with FARGATE launch type.")
    if settings.get("placementStrategy"):
        raise invalid("Placement strategies are not supported with FARGATE launch type.")


def _check_named_ports(definition: Definition, settings: Json) -> None:
    """Each `portName` of Service Connect or VPC Lattice must be the name of a port in the definition.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
    """
    connect = settings.get("serviceConnectConfiguration") or {}
    asked = [each["portName"] for each in connect.get("services") or [] if connect.get("enabled")]
    asked += [each["portName"] for each in settings.get("vpcLatticeConfigurations") or []]
    known = {mapping.get("name") for container in definition.containers for mapping in container["portMappings"]}
    for name in asked:
        if name not in known:
            raise invalid(f"portName ({name}) does not refer to any named PortMapping in the task definition.")


def _check_volumes(definition: Definition, settings: Json) -> None:
    """Each volume with `configuredAtLaunch` needs a volume configuration of the service, and no other has one.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/configure-ebs-volume.html
    """
    volumes = definition.payload.get("volumes") or []
    left = {volume.get("name") for volume in volumes if volume.get("configuredAtLaunch")}
    given = {each["name"] for each in settings.get("volumeConfigurations") or []}
    if given - left:
        raise invalid(
            "Volume configuration provided but no matching configuredAtLaunch volume found in task definition."
        )
    if left - given:
        raise invalid("Volume configuration must be provided for a volume that is configured at launch.")
