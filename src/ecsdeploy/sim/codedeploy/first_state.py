"""What a service under the CODE_DEPLOY controller has when a scenario begins.

The names are those that the ECS console gives:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
"""

from __future__ import annotations

from ecsdeploy.sim.codedeploy import pairing
from ecsdeploy.sim.codedeploy.groups import add_application, add_group
from ecsdeploy.sim.deployments import task_sets
from ecsdeploy.sim.ground.ids import ACCOUNT, REGION
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.balancers import Rule, TargetGroup
from ecsdeploy.sim.state.codedeploy import DEFAULT_CONFIG
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service

_TERMINATION_MINUTES = 5
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecsCodeDeployRole"


def take_over(region: Region, service: Service, deployment: Deployment) -> None:
    """Make the deployment the PRIMARY task set of its service, with an application and a deployment group."""
    task_set = task_sets.set_of(task_sets.adopt(region, service, deployment, ALL))
    deployment.status, task_set.stable = "PRIMARY", True
    service.history.clear()
    service.last_completed = None
    application = add_application(region, _application(service.cluster.name, service.name))
    group = f"DgpECS-{service.cluster.name}-{service.name}"
    if group not in application.groups:
        target = {"clusterName": service.cluster.name, "serviceName": service.name}
        add_group(region, application, target, {"deploymentGroupName": group, **_setting(region, deployment)})


def leave_out(region: Region, cluster: str, service: str) -> None:
    """Remove the deployment group of a service, for a scenario that has none."""
    region.codedeploy.applications.pop(_application(cluster, service), None)


def _application(cluster: str, service: str) -> str:
    return f"AppECS-{cluster}-{service}"


def _setting(region: Region, deployment: Deployment) -> Json:
    setting: Json = {
        "deploymentConfigName": DEFAULT_CONFIG,
        "serviceRoleArn": _ROLE,
        "autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]},
        "blueGreenDeploymentConfiguration": {
            "terminateBlueInstancesOnDeploymentSuccess": {
                "action": "TERMINATE",
                "terminationWaitTimeInMinutes": _TERMINATION_MINUTES,
            },
            "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0},
        },
    }
    blue = pairing.target_group_of(deployment)
    return setting | ({"loadBalancerInfo": _pair(region, blue)} if blue else {})


def _pair(region: Region, blue: str) -> Json:
    """The load balancer part of the group: a second target group like the first one, and the production listener."""
    like, name = region.target_groups[blue], pairing.name_of(blue)
    green = blue.replace(f"/{name}/", f"/{name}-2/")
    region.target_groups[green] = TargetGroup(
        green,
        health_interval=like.health_interval,
        healthy_threshold=like.healthy_threshold,
        unhealthy_threshold=like.unhealthy_threshold,
        deregistration_delay=like.deregistration_delay,
    )
    account = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
    listener = f"{account}:listener/app/{name}/50dc6c495c0c9188/f2f7dc8efc522ab2"
    region.rules[listener] = Rule(listener, {blue: ALL, green: 0.0})
    pair = {"targetGroups": [{"name": name}, {"name": f"{name}-2"}], "prodTrafficRoute": {"listenerArns": [listener]}}
    return {"targetGroupPairInfoList": [pair]}
