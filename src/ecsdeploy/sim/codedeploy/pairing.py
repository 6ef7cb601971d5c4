"""The two target groups of a blue/green deployment: whose they are, and which gets how much traffic.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-load-balancer-for-ecs.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.balancers import Rule
from ecsdeploy.sim.state.codedeploy import CodeDeployment
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json


def green_balancers(region: Region, deployment: CodeDeployment) -> list[Json]:
    """The load balancers of the green task set: blue's, each with the other target group of the pair."""
    return [_other(region, deployment, balancer) for balancer in _balancers(deployment.blue)]


def _balancers(task_set: Deployment) -> list[Json]:
    balancers: list[Json] = task_set.revision.settings.get("loadBalancers") or []
    return balancers


def _other(region: Region, deployment: CodeDeployment, balancer: Json) -> Json:
    present = balancer.get("targetGroupArn", "")
    others = [name for name in deployment.group.target_groups if name != name_of(present)]
    arns = [arn for arn in region.target_groups if name_of(arn) in others]
    return {**balancer, "targetGroupArn": arns[0]} if arns else balancer


def name_of(group_arn: str) -> str:
    """The name of a target group, from its ARN."""
    parts = group_arn.split("/")
    return parts[1] if len(parts) > 1 else group_arn


def target_group_of(task_set: Deployment) -> str | None:
    """The ARN of the target group of a task set. None without a load balancer."""
    return next((b["targetGroupArn"] for b in _balancers(task_set) if b.get("targetGroupArn")), None)


def send(region: Region, deployment: CodeDeployment, weight: float) -> None:
    """Send `weight` per cent of production traffic to green, the rest to blue."""
    deployment.weight, deployment.touched_at = weight, region.now
    green = target_group_of(deployment.green) if deployment.green else None
    blue, listener = target_group_of(deployment.blue), deployment.group.listener
    if listener is not None and blue is not None and green is not None:
        region.rules[listener] = Rule(listener, {green: weight, blue: ALL - weight})
