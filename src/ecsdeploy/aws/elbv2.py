"""What the load balancer says of its targets and target groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecsdeploy.aws.absence import unless_absent
from ecsdeploy.aws.reading import JsonObject, nested, number, objects, text, texts
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import region_of
from ecsdeploy.model.balancer import HealthCheck, ListenerRoute, TargetHealth
from ecsdeploy.model.surroundings import TargetGroup

_DEFAULT_DRAIN = 300.0


def target_health(session: Session, group: str) -> Mapping[str, str]:
    """By `id:port`, the state of each target of the group with this ARN (`healthy`, `unhealthy`, `draining`...)."""
    return {each.target: each.state for each in targets(session, group)}


def targets(session: Session, group: str) -> tuple[TargetHealth, ...]:
    """Each target of the group with this ARN, with ELB's reason for its state.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
    """
    asked = {"TargetGroupArn": group}
    subject = f"target group `{group.rpartition(':')[2]}`"
    reply = session.call("elbv2", "DescribeTargetHealth", asked, subject=subject, region=region_of(group))
    return tuple(_target(each) for each in objects(reply, "TargetHealthDescriptions"))


def health_check(session: Session, group: str) -> HealthCheck | None:
    """How the group with this ARN checks its targets; None where the reply does not have it."""
    found = next(iter(objects(_described(session, [group]), "TargetGroups")), None)
    return None if found is None else _health_check(found)


def target_groups(session: Session, arns: Sequence[str]) -> dict[str, TargetGroup | None]:
    """Each target group by its ARN, or None where it does not exist.

    A missing group fails the whole call; then we ask for them one by one.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
    """
    reply = unless_absent(lambda: _described(session, arns))
    if reply is None:
        return _one_by_one(session, arns)
    found = {text(each, "TargetGroupArn"): _target_group(each) for each in objects(reply, "TargetGroups")}
    return {arn: found.get(arn) for arn in arns}


def drain_seconds(session: Session, group: str) -> float:
    """How long a target is drained before ECS stops its task.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
    """
    asked = {"TargetGroupArn": group}
    subject = f"target group `{group.rpartition(':')[2]}`"
    reply = session.query("elbv2", "DescribeTargetGroupAttributes", asked, subject=subject, region=region_of(group))
    for each in objects(reply, "Attributes"):
        if each.get("Key") == "deregistration_delay.timeout_seconds":
            value = text(each, "Value")
            return float(value) if value.isdecimal() else _DEFAULT_DRAIN
    return _DEFAULT_DRAIN


def test_route(session: Session, rule: str) -> ListenerRoute:
    """Where requests enter that a rule (`.../listener-rule/...`), or a listener by itself, forwards.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AdvancedConfiguration.html
    """
    of_rule = ":listener-rule/" in rule
    listener = rule.rpartition("/")[0].replace(":listener-rule/", ":listener/") if of_rule else rule
    balancer = listener.rpartition("/")[0].replace(":listener/", ":loadbalancer/")
    conditions = objects(_one(session, "Rule", rule), "Conditions") if of_rule else ()
    found, stands = _one(session, "Listener", listener), _one(session, "LoadBalancer", balancer)
    return ListenerRoute(
        protocol=text(found, "Protocol"),
        port=number(found, "Port"),
        dns_name=text(stands, "DNSName"),
        hosts=_values(conditions, "host-header", "HostHeaderConfig"),
        paths=_values(conditions, "path-pattern", "PathPatternConfig"),
        others=tuple(text(e, "Field") for e in conditions if text(e, "Field") not in ("host-header", "path-pattern")),
    )


def _one(session: Session, kind: str, arn: str) -> JsonObject:
    """What DescribeRules, DescribeListeners or DescribeLoadBalancers says of one ARN."""
    subject = f"{kind} `{arn.rpartition(':')[2]}`"
    reply = session.query("elbv2", f"Describe{kind}s", {f"{kind}Arns": [arn]}, subject=subject, region=region_of(arn))
    found = next(iter(objects(reply, f"{kind}s")), None)
    if found is None:
        raise NoSuchResource(f"{subject} was not found.")
    return found


def _values(conditions: Sequence[JsonObject], field: str, member: str) -> tuple[str, ...]:
    return tuple(
        value
        for each in conditions
        if text(each, "Field") == field
        for value in texts(nested(each, member), "Values") or texts(each, "Values")
    )


def _one_by_one(session: Session, arns: Sequence[str]) -> dict[str, TargetGroup | None]:
    if len(arns) == 1:
        return {arns[0]: None}
    return {arn: group for each in arns for arn, group in target_groups(session, [each]).items()}


def _described(session: Session, arns: Sequence[str]) -> JsonObject:
    asked = {"TargetGroupArns": list(arns)}
    return session.query("elbv2", "DescribeTargetGroups", asked, subject="target groups", region=region_of(arns[0]))


def _target_group(source: JsonObject) -> TargetGroup:
    """The longest time to healthy: a target that fails its first check needs as many passes as the threshold."""
    seconds = number(source, "HealthCheckIntervalSeconds") * max(1, number(source, "HealthyThresholdCount"))
    return TargetGroup(check_seconds=float(seconds))


def _health_check(source: JsonObject) -> HealthCheck:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html"""
    matcher = nested(source, "Matcher")
    return HealthCheck(
        protocol=text(source, "HealthCheckProtocol"),
        port=text(source, "HealthCheckPort"),
        path=text(source, "HealthCheckPath"),
        codes=text(matcher, "HttpCode") or text(matcher, "GrpcCode"),
        interval_seconds=number(source, "HealthCheckIntervalSeconds"),
        timeout_seconds=number(source, "HealthCheckTimeoutSeconds"),
        unhealthy_threshold=number(source, "UnhealthyThresholdCount"),
    )


def _target(source: JsonObject) -> TargetHealth:
    target, health = nested(source, "Target"), nested(source, "TargetHealth")
    return TargetHealth(
        target=f"{target.get('Id', '')}:{target.get('Port', '')}",
        state=text(health, "State"),
        reason=text(health, "Reason"),
        description=text(health, "Description"),
    )
