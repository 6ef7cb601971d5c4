"""What ECS refuses in `loadBalancers`.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json
from ecsdeploy.sim.traffic.balancing import managed, rules_of


def check(settings: Json) -> None:
    """InvalidParameterException for load balancers that do not go together.

    Classic ones do not go with target groups, nothing may be named twice, and a strategy that shifts traffic needs an
    `advancedConfiguration` for each.
    """
    balancers = settings.get("loadBalancers") or []
    if not balancers:
        return
    _check_kinds(balancers)
    advanced = managed(settings)
    if advanced and len(advanced) < len(balancers):
        raise invalid("Either all or none of the provided loadBalancers must have advancedConfiguration defined")
    if not advanced and settings["deploymentConfiguration"]["strategy"] != "ROLLING":
        raise invalid(
            "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy"
        )
    _check_groups(balancers)
    _check_rules(advanced)


def _check_kinds(balancers: list[Json]) -> None:
    classic = [balancer for balancer in balancers if balancer.get("loadBalancerName")]
    if (classic and len(classic) < len(balancers)) or any(b.get("targetGroupArn") for b in classic):
        kinds = "ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)"
        raise invalid(f"All loadBalancers must be strictly either {kinds}")
    if any(balancer.get("advancedConfiguration") for balancer in classic):
        raise invalid("advancedConfiguration field is not allowed with ELBv1 loadBalancers")


def _check_groups(balancers: list[Json]) -> None:
    groups = [balancer.get("targetGroupArn") for balancer in balancers]
    groups += [(balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn") for balancer in balancers]
    given = [group for group in groups if group]
    twice = next((group for group in given if given.count(group) > 1), None)
    if twice is not None and managed({"loadBalancers": balancers}):
        raise invalid(f"Duplicate targetGroupArn found: {twice}")


def _check_rules(balancers: list[Json]) -> None:
    productions, tests = set(), set()
    for balancer in balancers:
        production, test = rules_of(balancer)
        for name, arn in (("productionListenerRule", production), ("testListenerRule", test)):
            if arn is not None and not _is_rule(arn):
                raise invalid(
                    f"{name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: {arn}"
                )
        productions.add(production)
        tests.add(test)
    both = sorted(arn for arn in productions & tests if arn)
    if both:
        raise invalid(f"The following rules cannot be used as both production and test listener rules: {both[0]}")


def _is_rule(arn: str) -> bool:
    return ":listener-rule/app/" in arn or ":listener/net/" in arn


def check_association(region: Region, settings: Json) -> None:
    """InvalidParameterException for an Application Load Balancer that lacks a test rule.

    It needs one unless its production rule has both target groups.
    """
    for balancer in managed(settings):
        production, test = rules_of(balancer)
        rule = region.rules.get(production or "")
        groups = {balancer.get("targetGroupArn"), balancer["advancedConfiguration"].get("alternateTargetGroupArn")}
        if rule is not None and not test and ":listener/net/" not in rule.arn and not groups <= set(rule.weights):
            raise invalid(
                "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not "
                "associated with both targetGroup and alternateTargetGroup"
            )
