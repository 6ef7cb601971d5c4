"""What another pipeline does: it deploys a revision through the service's deployment group."""

from __future__ import annotations

import json

from ecsdeploy.sim.codedeploy.deployments import create
from ecsdeploy.sim.state.codedeploy import DeploymentGroup
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service


def deploy(region: Region, service: Service, revision: str) -> None:
    """Deploy with an AppSpec for this service. Without a deployment group, nothing happens.

    ApiError if the group has a deployment in progress.
    """
    for group in _groups(region, service):
        content = json.dumps(_appspec(service, revision))
        names = {"applicationName": group.application, "deploymentGroupName": group.name}
        create(region, names | {"revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}})


def _groups(region: Region, service: Service) -> list[DeploymentGroup]:
    groups = [group for each in region.codedeploy.applications.values() for group in each.groups.values()]
    return [each for each in groups if (each.cluster, each.service) == (service.cluster.name, service.name)]


def _appspec(service: Service, revision: str) -> Json:
    balancers = service.primary.revision.settings.get("loadBalancers") or []
    sent_to = [
        {"ContainerName": each.get("containerName"), "ContainerPort": each.get("containerPort")} for each in balancers
    ]
    properties = {"TaskDefinition": revision} | ({"LoadBalancerInfo": sent_to[0]} if sent_to else {})
    target = {"Type": "AWS::ECS::Service", "Properties": properties}
    return {"version": 0.0, "Resources": [{"TargetService": target}]}
