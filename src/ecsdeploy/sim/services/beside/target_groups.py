"""Changes to target groups that services of the world use.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ecsdeploy.sim.codec.wire import Reply, Request, read_query, xml_reply
from ecsdeploy.sim.ground.errors import ApiError, unsupported
from ecsdeploy.sim.services.beside import targets
from ecsdeploy.sim.state.balancers import RegisteredTarget, TargetGroup
from ecsdeploy.sim.state.region import Region

DELAY = "deregistration_delay.timeout_seconds"
_TARGETS = ("RegisterTargets", "DeregisterTargets")
_SETTINGS = ("HealthCheckIntervalSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount")
_ALWAYS = ("Action", "Version", "TargetGroupArn")


def keeps(region: Region, request: Request) -> bool:
    """Whether the world carries out the request.

    For a group of the world: every change. For a group that somebody made in moto: its targets, which moto does not
    know.
    """
    group = region.target_groups.get(read_query(request).get("TargetGroupArn", ""))
    return group is not None and request.operation in (_TARGETS if group.made else _CHANGES)


def answer(region: Region, request: Request, request_id: str) -> Reply:
    """Carry out the change. UnsupportedFeatureException for a setting that we do not simulate."""
    query = read_query(request)
    result = _CHANGES[request.operation](region, region.target_groups[query["TargetGroupArn"]], query)
    return xml_reply(request.operation, targets.ELB, result, request_id)


def _modify(region: Region, group: TargetGroup, query: Mapping[str, str]) -> str:
    """Change the interval and the thresholds of the health check. We do not simulate its path, port and protocol."""
    strange = sorted(query.keys() - {*_ALWAYS, *_SETTINGS})
    if strange:
        raise unsupported(f"ModifyTargetGroup with {strange[0]} is not simulated.")
    group.health_interval = float(query.get(_SETTINGS[0], group.health_interval))
    group.healthy_threshold = int(query.get(_SETTINGS[1], group.healthy_threshold))
    group.unhealthy_threshold = int(query.get(_SETTINGS[2], group.unhealthy_threshold))
    return targets.describe_groups(region, {"TargetGroupArns.member.1": group.arn})


def _modify_attributes(region: Region, group: TargetGroup, query: Mapping[str, str]) -> str:
    asked = {
        value: query.get(f"{name.removesuffix('Key')}Value", "")
        for name, value in query.items()
        if name.endswith(".Key")
    }
    for key, value in asked.items():
        if key != DELAY:
            raise unsupported(f"ModifyTargetGroupAttributes with {key} is not simulated.")
        if not value.isdigit():
            raise ApiError("ValidationError", f"'{value}' is not a valid value for {DELAY}")
        group.deregistration_delay = float(value)
    return targets.describe_attributes(region, {"TargetGroupArn": group.arn})


def _register(region: Region, group: TargetGroup, query: Mapping[str, str]) -> str:
    """Register a target that is not a task. It is healthy after the first check."""
    for address, port in _asked(query):
        target = RegisteredTarget(group, address, port)
        group.targets.append(target)
        target.timers.append(region.clock.after(group.health_interval, partial(_pass, target)))
    return ""


def _pass(target: RegisteredTarget) -> None:
    target.state = "healthy"


def _deregister(_: Region, group: TargetGroup, query: Mapping[str, str]) -> str:
    gone = {address for address, _ in _asked(query)}
    group.targets[:] = [target for target in group.targets if target.address not in gone]
    return ""


def _asked(query: Mapping[str, str]) -> list[tuple[str, int]]:
    listed = {
        name.removesuffix("Id"): value
        for name, value in query.items()
        if name.startswith("Targets.") and name.endswith("Id")
    }
    return [(address, int(query.get(f"{prefix}Port", 80))) for prefix, address in listed.items()]


_CHANGES: Mapping[str, Callable[[Region, TargetGroup, Mapping[str, str]], str]] = {
    "ModifyTargetGroup": _modify,
    "ModifyTargetGroupAttributes": _modify_attributes,
    "RegisterTargets": _register,
    "DeregisterTargets": _deregister,
}
