"""What CreateService, UpdateService and RunTask refuse: what AWS refuses, and what we do not simulate.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid, unsupported
from ecsdeploy.sim.state.service import Json, Service

_TOKEN_LENGTH = 36
_LAUNCH_TYPES = ("EC2", "FARGATE", "EXTERNAL", "FMI", "MANAGED_INSTANCES")
_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
_MOST_DEPLOYMENTS = 5
_CODE_DEPLOY_ONLY = (
    "on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
)
# Members that only CodeDeploy changes. The texts are AWS's where we know them.
_CODE_DEPLOYS = {
    "taskDefinition": "Unable to update task definition",
    "networkConfiguration": "Unable to update network parameters",
    "platformVersion": "Unable to update platform version",
    "loadBalancers": "Unable to update load balancers",
    "serviceRegistries": "Unable to update service registries",
    "forceNewDeployment": "Cannot force a new deployment",
    "capacityProviderStrategy": "Unable to update capacity provider strategy",
    "serviceConnectConfiguration": "Unable to update service connect configuration",
    "volumeConfigurations": "Unable to update volume configurations",
    "vpcLatticeConfigurations": "Unable to update VPC Lattice configurations",
    "enableExecuteCommand": "Unable to update execute command",
}


def check_new(request: Json) -> None:
    """ApiError for a CreateService that AWS refuses, or that we do not simulate."""
    check_controller(request)
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


def _check_scheduling(request: Json) -> None:
    strategy = request.get("schedulingStrategy", "REPLICA")
    if strategy not in ("REPLICA", "DAEMON"):
        raise invalid("Scheduling strategy should be one of [REPLICA,DAEMON]")
    if strategy == "REPLICA":
        return
    if request.get("launchType") == "FARGATE" and not request.get("networkConfiguration"):
        raise invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if request.get("desiredCount") is not None:
        raise invalid(
            "The daemon scheduling strategy does not support a desired count for services. "
            "Remove the desired count value and try again"
        )
    if request.get("launchType") == "FARGATE":
        raise invalid(
            "The daemon scheduling strategy does not support the FARGATE launch type. "
            "Change the launch type and try again"
        )
    raise unsupported("The scheduling strategy DAEMON is not simulated.")


def check_launch_type(request: Json) -> None:
    """ApiError for a launch type or a capacity provider that AWS refuses, or that we do not simulate.

    FARGATE and FARGATE_SPOT are the only capacity providers here. Others need Auto Scaling groups.
    """
    strategy = request.get("capacityProviderStrategy") or []
    if strategy and request.get("launchType"):
        raise invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
        )
    for item in strategy:
        if item["capacityProvider"] not in _PROVIDERS:
            raise unsupported(f"The capacity provider {item['capacityProvider']} is not simulated.")
    launch_type = request.get("launchType", "EC2")
    if launch_type not in _LAUNCH_TYPES:
        raise invalid(f"launch type should be one of [{','.join(_LAUNCH_TYPES)}]")
    if launch_type not in ("EC2", "FARGATE"):
        raise unsupported(f"The launch type {launch_type} is not simulated.")


def check_controller(request: Json) -> None:
    """ApiError for a deployment controller that does not exist, or that we do not simulate."""
    controller = controller_of(request)
    if controller not in ("ECS", "CODE_DEPLOY", "EXTERNAL"):
        raise invalid("Deployment controller type should be one of [ECS,CODE_DEPLOY,EXTERNAL]")
    if controller == "EXTERNAL":
        raise unsupported("The deployment controller EXTERNAL is not simulated.")


def controller_of(request: Json) -> str:
    """The deployment controller of a request, ECS by default."""
    return str((request.get("deploymentController") or {}).get("type", "ECS"))


def check_left_to_code_deploy(request: Json) -> None:
    """InvalidParameterException for a member that only CodeDeploy changes.

    UpdateService changes the desired count, the bounds, the grace period and the tags of such a service.
    """
    for member, refusal in _CODE_DEPLOYS.items():
        if request.get(member) not in (None, False):
            raise invalid(f"{refusal} {_CODE_DEPLOY_ONLY}")


def check_left_to_express(service: Service, request: Json) -> None:
    """InvalidParameterException, in our words, for what cannot be changed of an Express service.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html and, observed,
    https://github.com/kayac/ecspresso/pull/902
    """
    for member in ("loadBalancers", "deploymentConfiguration"):
        if service.express and request.get(member) is not None:
            raise invalid(f"{member} cannot be updated on an Express Mode service.")


def check_deployments(service: Service) -> None:
    """InvalidParameterException for a sixth deployment. A deployment counts as long as it has tasks.

    Observed: https://github.com/aws/containers-roadmap/issues/2836
    """
    present = sum(any(t.stopped_at is None for t in deployment.tasks) for deployment in service.deployments)
    if present >= _MOST_DEPLOYMENTS:
        raise invalid("5 active deployments exist, unable to create new deployment.")


def check_strategy_change(service: Service, settings: Json) -> None:
    """InvalidParameterException for another strategy while a deployment is under way. The text is ours.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-bluegreen-to-rolling.html
    """
    present, asked = (each["deploymentConfiguration"]["strategy"] for each in (service.settings, settings))
    if service.controller == "ECS" and present != asked and service.primary.rollout_state == "IN_PROGRESS":
        raise invalid("The deployment strategy cannot be changed while a deployment is in progress.")
