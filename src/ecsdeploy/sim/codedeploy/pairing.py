"""Blue and green behind a load balancer: which target group is whose, and where traffic goes.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-load-balancer-for-ecs.html
"""

from __future__ import annotations

from ecsdeploy.sim.state.balancers import Rule
from ecsdeploy.sim.state.codedeploy import Release
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json

_ALL = 100.0


def green_balancers(region: Region, release: Release) -> list[Json]:
    """Blue's load balancers, each with the other target group of the group's pair."""
    return [_other(region, release, balancer) for balancer in _balancers(release.blue)]


def _balancers(deployment: Deployment) -> list[Json]:
    balancers: list[Json] = deployment.revision.settings.get("loadBalancers") or []
    return balancers


def _other(region: Region, release: Release, balancer: Json) -> Json:
    present = balancer.get("targetGroupArn", "")
    named = [name for name in release.group.target_groups if name != name_of(present)]
    arns = [arn for arn in region.target_groups if name_of(arn) in named]
    return {**balancer, "targetGroupArn": arns[0]} if arns else balancer


def name_of(group_arn: str) -> str:
    """A target group's name, out of its ARN."""
    parts = group_arn.split("/")
    return parts[1] if len(parts) > 1 else group_arn


def group_of(deployment: Deployment) -> str | None:
    """The ARN of the target group that a task set is behind."""
    return next((b["targetGroupArn"] for b in _balancers(deployment) if b.get("targetGroupArn")), None)


def send(region: Region, release: Release, weight: float) -> None:
    """So much of the production traffic goes to green, the rest to blue."""
    release.weight, release.touched_at = weight, region.now
    green = group_of(release.green) if release.green else None
    blue, listener = group_of(release.blue), release.group.listener
    if listener is not None and blue is not None and green is not None:
        region.rules[listener] = Rule(listener, {green: weight, blue: _ALL - weight})
