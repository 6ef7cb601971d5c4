"""What the world learns from moto: the target groups that somebody has made there.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.services.beside.target_groups import DELAY
from ecsdeploy.sim.services.beside.targets import ELB
from ecsdeploy.sim.state.balancers import TargetGroup
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

# Call moto's Elastic Load Balancing: operation and parameters, to the XML of the reply, or None for an error.
Ask = Callable[[str, Mapping[str, str]], bytes | None]
_NAMES = {"e": ELB}


def learn_groups(region: Region, payload: Json, ask: Ask) -> None:
    """Take over each target group that a request names and somebody has made in moto.

    InvalidParameterException for a group without a load balancer.
    """
    for arn in _groups(payload):
        if arn not in region.target_groups or region.target_groups[arn].made:
            described = _describe(arn, ask)
            if described is not None:
                _check_balanced(arn, described)
                _take_over(region, arn, described, ask)


def learn_again(region: Region, ask: Ask) -> None:
    """Take over what has changed since in the target groups that we know from moto."""
    for arn in [arn for arn, group in region.target_groups.items() if group.made]:
        described = _describe(arn, ask)
        if described is not None:
            _take_over(region, arn, described, ask)


def _groups(payload: Json) -> Iterator[str]:
    for balancer in payload.get("loadBalancers") or []:
        other = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
        yield from filter(None, (balancer.get("targetGroupArn"), other))


def _describe(arn: str, ask: Ask) -> ET.Element | None:
    reply = ask("DescribeTargetGroups", {"TargetGroupArns.member.1": arn})
    return None if reply is None else ET.fromstring(reply)  # noqa: S314 - moto made this XML, in our process


def _check_balanced(arn: str, described: ET.Element) -> None:
    if described.find(".//e:LoadBalancerArns/e:member", _NAMES) is None:
        raise invalid(f"The target group with targetGroupArn {arn} does not have an associated load balancer.")


def _take_over(region: Region, arn: str, described: ET.Element, ask: Ask) -> None:
    group = region.target_groups.setdefault(arn, TargetGroup(arn, made=True))
    group.health_interval = float(_text(described, "HealthCheckIntervalSeconds") or group.health_interval)
    group.healthy_threshold = int(_text(described, "HealthyThresholdCount") or group.healthy_threshold)
    group.unhealthy_threshold = int(_text(described, "UnhealthyThresholdCount") or group.unhealthy_threshold)
    group.deregistration_delay = _delay(arn, ask) or group.deregistration_delay


def _text(root: ET.Element, name: str) -> str | None:
    return root.findtext(f".//e:{name}", namespaces=_NAMES)


def _delay(arn: str, ask: Ask) -> float | None:
    reply = ask("DescribeTargetGroupAttributes", {"TargetGroupArn": arn})
    if reply is None:
        return None
    root = ET.fromstring(reply)  # noqa: S314 - likewise
    pairs = root.iterfind(".//e:Attributes/e:member", _NAMES)
    found = {each.findtext("e:Key", namespaces=_NAMES): each.findtext("e:Value", namespaces=_NAMES) for each in pairs}
    return float(found.get(DELAY) or 0) or None
