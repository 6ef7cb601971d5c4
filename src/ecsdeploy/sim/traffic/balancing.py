"""What a load balancer does in a shift of traffic: target groups, listener rules, and their weights.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.ground.timings import NLB_SHIFT_TAKES, SHIFT_TAKES, STAGE_TAKES
from ecsdeploy.sim.state.balancers import Rule
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Course, Json

_WRONG = "of invalid networking configuration"


def managed(settings: Json) -> list[Json]:
    """The load balancers whose traffic ECS shifts: those with an `advancedConfiguration`."""
    return [balancer for balancer in settings.get("loadBalancers") or [] if balancer.get("advancedConfiguration")]


def group_arn_of(alternate: bool, balancer: Json) -> str:
    """The ARN of the target group with which tasks of a revision register; for a Classic Load Balancer, its name."""
    other = (balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
    return str((alternate and other) or balancer.get("targetGroupArn") or balancer.get("loadBalancerName", ""))


def rules_of(balancer: Json) -> tuple[str | None, str | None]:
    """The ARN of the production rule and of the test rule."""
    advanced = balancer["advancedConfiguration"]
    return advanced.get("productionListenerRule"), advanced.get("testListenerRule")


def send_all(region: Region, balancer: Json, *, alternate: bool = False) -> None:
    """Send all traffic of a load balancer to one of its two target groups. Create its rules if we do not have them."""
    shares = {group_arn_of(alternate, balancer): ALL, group_arn_of(not alternate, balancer): 0.0}
    for arn in filter(None, rules_of(balancer)):
        region.rules[arn] = Rule(arn, dict(shares))


def apply(region: Region, course: Course) -> None:
    """Set the weights of a course on its listener rules."""
    green = course.green.revision
    for balancer in managed(green.settings):
        here, there = group_arn_of(green.alternate, balancer), group_arn_of(not green.alternate, balancer)
        for arn, weight in zip(rules_of(balancer), (course.production, course.test), strict=True):
            if arn:
                region.rules.setdefault(arn, Rule(arn)).weights = {here: weight, there: ALL - weight}


def restore(region: Region, course: Course) -> None:
    """Send all traffic back to the former revision, at once."""
    course.production = course.test = 0.0
    apply(region, course)


def shift_takes(course: Course) -> float:
    """How many seconds a change of weights takes. A Network Load Balancer takes ten minutes more.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
    """
    if not course.managed:
        return STAGE_TAKES
    rules = [rules_of(balancer)[0] or "" for balancer in managed(course.green.revision.settings)]
    return SHIFT_TAKES + (NLB_SHIFT_TAKES if any(":listener/net/" in rule for rule in rules) else 0.0)


def problem(region: Region, settings: Json) -> str | None:
    """Why the listener rules do not fit the service, in the words of `statusReason`. None if they fit.

    We check only rules that the world has.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
    """
    found = (_problem_of(region, balancer) for balancer in managed(settings))
    return next((text for text in found if text), None)


def _problem_of(region: Region, balancer: Json) -> str | None:
    production, test = (region.rules.get(arn or "") for arn in rules_of(balancer))
    if production is None:
        return None
    groups = (group_arn_of(False, balancer), group_arn_of(True, balancer))
    associated = {*production.weights, *(test.weights if test else ())}
    lost = next((group for group in groups if group not in associated), None)
    if lost is not None:
        asked = "productionListenerRule or testListenerRule"
        return f"{_WRONG}: Target group {lost} is not associated with either {asked}."
    return _misdirected(production, groups)


def _misdirected(rule: Rule, groups: tuple[str, str]) -> str | None:
    serving = [group for group, weight in rule.weights.items() if weight > 0]
    strange = next((group for group in serving if group not in groups), None)
    if strange is not None:
        return (
            f"{_WRONG}. Production listener rule is forwarding traffic to unexpected target group {strange}. Expected "
            f"traffic to be forwarded to either targetGroupArn: {groups[0]} or alternateTargetGroupArn: {groups[1]}"
        )
    if len(serving) != 1:
        return (
            f"{_WRONG}. productionListenerRule {rule.arn} should have exactly one target group serving traffic "
            f"but found {len(serving)} target groups which are serving traffic"
        )
    return None
