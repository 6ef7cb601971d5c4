"""Elastic Load Balancing's DescribeRules, for the listener rules whose weights ECS shifts.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
"""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.sim.codec.wire import element, members
from ecsdeploy.sim.state.balancers import Rule
from ecsdeploy.sim.state.region import Region


def asked(region: Region, query: Mapping[str, str]) -> list[Rule]:
    """The rules that are named, or those of the listener that is."""
    named = [value for name, value in query.items() if name.startswith("RuleArns.member.")]
    listener = query.get("ListenerArn", "-").replace(":listener/", ":listener-rule/")
    return [rule for rule in region.rules.values() if rule.arn in named or rule.arn.startswith(f"{listener}/")]


def describe(region: Region, query: Mapping[str, str]) -> str:
    return f"<Rules>{members([_described(rule) for rule in asked(region, query)])}</Rules>"


def _described(rule: Rule) -> str:
    """One `forward` action over the weighted groups."""
    groups = [element("TargetGroupArn", group) + element("Weight", w) for group, w in weights(rule).items()]
    forward = f"<ForwardConfig><TargetGroups>{members(groups)}</TargetGroups></ForwardConfig>"
    action = f"{element('Type', 'forward')}{element('Order', 1)}{forward}"
    kept = element("RuleArn", rule.arn) + element("Priority", 1) + element("IsDefault", "false")
    return f"{kept}<Conditions/><Actions>{members([action])}</Actions>"


def weights(rule: Rule) -> Mapping[str, int]:
    """Whole numbers up to 999: the per cent, or tenths of one where that is needed."""
    factor = 1 if all(weight == int(weight) for weight in rule.weights.values()) else 10
    return {group: round(weight * factor) for group, weight in rule.weights.items()}
