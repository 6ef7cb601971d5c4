"""Elastic Load Balancing's replies about the target groups, targets and rules of our services."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.sim.codec.wire import element, members
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.ids import REGION
from ecsdeploy.sim.services.beside.network import VPC
from ecsdeploy.sim.state.balancers import RegisteredTarget, Rule
from ecsdeploy.sim.state.region import Region

ELB = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"
_REASONS = {
    "initial": ("Elb.RegistrationInProgress", "Target registration is in progress"),
    "unhealthy": ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
}


def knows(region: Region, query: Mapping[str, str]) -> bool:
    """Whether the request is about a target group or a rule of our services. moto answers for others."""
    groups = [region.target_groups.get(arn) for arn in (query.get("TargetGroupArn", ""), *_groups_asked(query))]
    whole = query.get("Action") == "DescribeTargetHealth"
    if any(group and (whole or not group.made) for group in groups) or _rules_asked(region, query):
        return True
    # A rule's ARN begins as that of its listener and of its load balancer, but for the kind.
    beside = (*_named(query, "ListenerArns"), *_named(query, "LoadBalancerArns"))
    rules = [rule.arn.partition("/")[2] for rule in region.rules.values()]
    return any(
        rule.startswith(f"{arn.partition('/')[2]}/") or rule == arn.partition("/")[2]
        for arn in beside
        for rule in rules
    )


def describe_health(region: Region, query: Mapping[str, str]) -> str:
    """DescribeTargetHealth's result, as XML. A target that the request names and the group lacks is `unused`.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
    """
    group = region.target_groups.get(query.get("TargetGroupArn", ""))
    if group is None:
        raise ApiError("TargetGroupNotFound", f"Target group '{query.get('TargetGroupArn', '')}' not found")
    asked = _asked(query)
    shown = [target for target in group.targets if not asked or target.address in asked]
    gone = [address for address in asked if address not in {target.address for target in shown}]
    described = [_describe(target) for target in shown] + [_unused(address) for address in gone]
    return f"<TargetHealthDescriptions>{members(described)}</TargetHealthDescriptions>"


def _asked(query: Mapping[str, str]) -> list[str]:
    return [value for name, value in query.items() if name.startswith("Targets.member.") and name.endswith(".Id")]


def _describe(target: RegisteredTarget) -> str:
    reason, text = _REASONS.get(target.state, ("", ""))
    why = element("Reason", reason) + element("Description", text) if reason else ""
    place = element("Id", target.address) + element("Port", target.port)
    return (
        f"<Target>{place}{element('AvailabilityZone', f'{REGION}a')}</Target>"
        f"{element('HealthCheckPort', target.port)}<TargetHealth>{element('State', target.state)}{why}</TargetHealth>"
    )


def _unused(address: str) -> str:
    why = element("Reason", "Target.NotRegistered") + element("Description", "Target is not registered")
    return f"<Target>{element('Id', address)}</Target><TargetHealth>{element('State', 'unused')}{why}</TargetHealth>"


def describe_groups(region: Region, query: Mapping[str, str]) -> str:
    """DescribeTargetGroups for the groups of our services, as XML.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
    """
    return f"<TargetGroups>{members([_group(region, arn) for arn in _groups_asked(query)])}</TargetGroups>"


def _groups_asked(query: Mapping[str, str]) -> list[str]:
    return [value for name, value in query.items() if name.startswith("TargetGroupArns.member.")]


def _group(region: Region, arn: str) -> str:
    group = region.target_groups.get(arn)
    if group is None:
        raise ApiError("TargetGroupNotFound", "One or more target groups not found")
    shown = {
        "TargetGroupArn": arn,
        "TargetGroupName": arn.split("/")[1],
        "Protocol": "HTTP",
        "Port": 80,
        "VpcId": VPC,
        "TargetType": "ip",
        "HealthCheckEnabled": "true",
        "HealthCheckPath": "/",
        "HealthCheckIntervalSeconds": int(group.health_interval),
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": group.healthy_threshold,
        "UnhealthyThresholdCount": group.unhealthy_threshold,
    }
    return "".join(element(name, value) for name, value in shown.items())


def describe_attributes(region: Region, query: Mapping[str, str]) -> str:
    """DescribeTargetGroupAttributes: the deregistration delay, as XML.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
    """
    delay = int(region.target_groups[query["TargetGroupArn"]].deregistration_delay)
    item = element("Key", "deregistration_delay.timeout_seconds") + element("Value", delay)
    return f"<Attributes>{members([item])}</Attributes>"


def _rules_asked(region: Region, query: Mapping[str, str]) -> list[Rule]:
    """The rules that the request names, or those of the listener that it names."""
    rules = [value for name, value in query.items() if name.startswith("RuleArns.member.")]
    listener = query.get("ListenerArn", "-").replace(":listener/", ":listener-rule/")
    return [rule for rule in region.rules.values() if rule.arn in rules or rule.arn.startswith(f"{listener}/")]


def describe_rules(region: Region, query: Mapping[str, str]) -> str:
    """DescribeRules for the listener rules whose weights ECS changes, as XML.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
    """
    return f"<Rules>{members([_rule(rule) for rule in _rules_asked(region, query)])}</Rules>"


def _rule(rule: Rule) -> str:
    """One `forward` action over the target groups with their weights."""
    groups = [element("TargetGroupArn", group) + element("Weight", w) for group, w in _weights(rule).items()]
    forward = f"<ForwardConfig><TargetGroups>{members(groups)}</TargetGroups></ForwardConfig>"
    action = f"{element('Type', 'forward')}{element('Order', 1)}{forward}"
    kept = element("RuleArn", rule.arn) + element("Priority", 1) + element("IsDefault", "false")
    return f"{kept}<Conditions/><Actions>{members([action])}</Actions>"


def _weights(rule: Rule) -> Mapping[str, int]:
    """Weights are whole numbers up to 999: we give per cent, or tenths of a per cent if one is not whole."""
    factor = 1 if all(weight == int(weight) for weight in rule.weights.values()) else 10
    return {group: round(weight * factor) for group, weight in rule.weights.items()}


def describe_listeners(region: Region, query: Mapping[str, str]) -> str:
    """DescribeListeners for those of our services: production at port 80, test traffic at port 8080.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
    """
    return f"<Listeners>{members([_listener(region, arn) for arn in _named(query, 'ListenerArns')])}</Listeners>"


def _listener(region: Region, arn: str) -> str:
    rules = arn.replace(":listener/", ":listener-rule/")
    first = next(rule.arn for rule in region.rules.values() if rule.arn.startswith(rules.rpartition("/")[0]))
    port = 80 if first in (rules, f"{rules}/{first.rpartition('/')[2]}") else 8080
    protocol = "TCP" if "/net/" in arn else "HTTP"
    return element("ListenerArn", arn) + element("Port", port) + element("Protocol", protocol)


def describe_balancers(_: Region, query: Mapping[str, str]) -> str:
    """DescribeLoadBalancers for those of our services.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
    """
    return f"<LoadBalancers>{members([_balancer(arn) for arn in _named(query, 'LoadBalancerArns')])}</LoadBalancers>"


def _balancer(arn: str) -> str:
    name, number = arn.split("/")[2:4]
    dns = f"{name}-{int(number, 16) % 10**9}.{REGION}.elb.amazonaws.com"
    return element("LoadBalancerArn", arn) + element("DNSName", dns) + element("LoadBalancerName", name)


def _named(query: Mapping[str, str], parameter: str) -> list[str]:
    return [value for name, value in query.items() if name.startswith(f"{parameter}.member.")]


OPERATIONS: Mapping[str, Callable[[Region, Mapping[str, str]], str]] = {
    "DescribeTargetHealth": describe_health,
    "DescribeTargetGroups": describe_groups,
    "DescribeTargetGroupAttributes": describe_attributes,
    "DescribeRules": describe_rules,
    "DescribeListeners": describe_listeners,
    "DescribeLoadBalancers": describe_balancers,
}
