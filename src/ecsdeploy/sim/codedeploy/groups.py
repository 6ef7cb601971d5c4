"""CodeDeploy's operations on applications, deployment groups and configurations: create, get, list."""

from __future__ import annotations

from ecsdeploy.sim.codedeploy import configs, replies
from ecsdeploy.sim.ground.errors import ApiError, unsupported
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.codedeploy import DEFAULT_CONFIG, Application, CodeDeployment, DeploymentGroup
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

_PAGE = PageSize()
_LONGEST_NAME = 100


def create_application(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateApplication.html"""
    name = request["applicationName"]
    _check_name(name, "Application")
    if request.get("computePlatform") != "ECS":
        raise unsupported("CreateApplication for a compute platform other than ECS is not simulated.")
    if name in region.codedeploy.applications:
        raise ApiError("ApplicationAlreadyExistsException", f"Application already exists: {name}")
    return {"applicationId": add_application(region, name).id}


def _check_name(name: str, what: str) -> None:
    """ApiError for an empty name, or for one of more than 100 characters.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
    """
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise ApiError(f"Invalid{what}NameException", f"{what} name must have 1 to {_LONGEST_NAME} characters: {name}")


def add_application(region: Region, name: str) -> Application:
    application = Application(name, region.ids.uuid(), region.now)
    return region.codedeploy.applications.setdefault(name, application)


def application_of(region: Region, request: Json) -> Application:
    application = region.codedeploy.applications.get(request["applicationName"])
    if application is None:
        name = request["applicationName"]
        raise ApiError("ApplicationDoesNotExistException", f"No application found for name: {name}")
    return application


def get_application(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetApplication.html"""
    return {"application": _describe(application_of(region, request))}


def _describe(application: Application) -> Json:
    return {
        "applicationId": application.id,
        "applicationName": application.name,
        "createTime": application.created_at,
        "linkedToGitHub": False,
        "computePlatform": "ECS",
    }


def batch_get_applications(region: Region, request: Json) -> Json:
    """BatchGetApplications. Unknown names are left out.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetApplications.html
    """
    known = region.codedeploy.applications
    return {"applicationsInfo": [_describe(known[name]) for name in request["applicationNames"] if name in known]}


def list_applications(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListApplications.html"""
    part, rest = page(list(region.codedeploy.applications), request, _PAGE)
    return {"applications": part, **rest}


def create_group(region: Region, request: Json) -> Json:
    """CreateDeploymentGroup, for exactly one ECS service.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
    """
    application, name = application_of(region, request), request["deploymentGroupName"]
    _check_name(name, "DeploymentGroup")
    if name in application.groups:
        raise ApiError("DeploymentGroupAlreadyExistsException", f"Deployment group already exists: {name}")
    services = request.get("ecsServices") or []
    if len(services) != 1:
        raise ApiError("InvalidECSServiceException", "A deployment group has exactly one ECS service.")
    configs.routing(region.codedeploy, request.get("deploymentConfigName") or DEFAULT_CONFIG)
    return {"deploymentGroupId": add_group(region, application, services[0], request).id}


def add_group(region: Region, application: Application, service: Json, request: Json) -> DeploymentGroup:
    own = ("applicationName", "deploymentGroupName", "ecsServices", "tags")
    group = DeploymentGroup(
        name=request["deploymentGroupName"],
        id=region.ids.uuid(),
        application=application.name,
        cluster=service["clusterName"],
        service=service["serviceName"],
        asked={member: value for member, value in request.items() if member not in own},
    )
    application.groups[group.name] = group
    return group


def deployment_group_of(region: Region, request: Json) -> DeploymentGroup:
    application, name = application_of(region, request), request.get("deploymentGroupName")
    if not name:
        raise ApiError("DeploymentGroupNameRequiredException", "Deployment Group name is missing")
    if name not in application.groups:
        raise ApiError("DeploymentGroupDoesNotExistException", f"No Deployment Group found for name: {name}")
    return application.groups[name]


def get_group(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentGroup.html"""
    return {"deploymentGroupInfo": _describe_group(region, deployment_group_of(region, request))}


def _describe_group(region: Region, group: DeploymentGroup) -> Json:
    deployments = [deployment for deployment in region.codedeploy.deployments.values() if deployment.group is group]
    succeeded = [deployment for deployment in deployments if deployment.status == "Succeeded"]
    return replies.describe_group(group, _last(deployments), _last(succeeded))


def _last(deployments: list[CodeDeployment]) -> CodeDeployment | None:
    return deployments[-1] if deployments else None


def batch_get_groups(region: Region, request: Json) -> Json:
    """BatchGetDeploymentGroups. Unknown names are left out.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
    """
    groups = application_of(region, request).groups
    names = request["deploymentGroupNames"]
    return {"deploymentGroupsInfo": [_describe_group(region, groups[name]) for name in names if name in groups]}


def list_groups(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentGroups.html"""
    application = application_of(region, request)
    part, rest = page(list(application.groups), request, _PAGE)
    return {"applicationName": application.name, "deploymentGroups": part, **rest}


def create_config(region: Region, request: Json) -> Json:
    """CreateDeploymentConfig, for ECS only.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentConfig.html
    """
    name, route = request["deploymentConfigName"], request.get("trafficRoutingConfig")
    if request.get("computePlatform") != "ECS" or not route:
        raise unsupported("CreateDeploymentConfig without a traffic routing for ECS is not simulated.")
    if name in configs.names(region.codedeploy):
        raise ApiError("DeploymentConfigAlreadyExistsException", f"Deployment configuration already exists: {name}")
    region.codedeploy.configs[name] = route
    return {"deploymentConfigId": region.ids.uuid()}


def get_config(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentConfig.html"""
    name = request["deploymentConfigName"]
    route = configs.routing(region.codedeploy, name)
    info = {"deploymentConfigName": name, "computePlatform": "ECS", "trafficRoutingConfig": route}
    return {"deploymentConfigInfo": info}


def list_configs(region: Region, request: Json) -> Json:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeploymentConfigs.html"""
    part, rest = page(configs.names(region.codedeploy), request, _PAGE)
    return {"deploymentConfigsList": part, **rest}


OPERATIONS = {
    "CreateApplication": create_application,
    "GetApplication": get_application,
    "BatchGetApplications": batch_get_applications,
    "ListApplications": list_applications,
    "CreateDeploymentGroup": create_group,
    "GetDeploymentGroup": get_group,
    "BatchGetDeploymentGroups": batch_get_groups,
    "ListDeploymentGroups": list_groups,
    "CreateDeploymentConfig": create_config,
    "GetDeploymentConfig": get_config,
    "ListDeploymentConfigs": list_configs,
}
