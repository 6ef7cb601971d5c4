"""What VPC Lattice says of the targets of a service, and how it checks them.

The words are those of a load balancer: `healthy` for HEALTHY. Without checks (UNAVAILABLE), we say `unchecked`.
"""

from __future__ import annotations

from ecsdeploy.aws.absence import needed_objects
from ecsdeploy.aws.reading import JsonObject, flag, nested, number, pages, text
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import region_of, short_name
from ecsdeploy.model.balancer import HealthCheck, TargetHealth

_MOST_PAGES = 20


def is_of_lattice(group: str) -> bool:
    """Whether this target group's ARN is of VPC Lattice."""
    return ":vpc-lattice:" in group


def targets(session: Session, group: str) -> tuple[TargetHealth, ...]:
    """Each target of the group with this ARN, with VPC Lattice's reason for its state.

    https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_ListTargets.html
    """

    def ask(token: str) -> JsonObject:
        return _asked(session, "ListTargets", group, {"nextToken": token} if token else {})

    listed = pages(ask, f"targets of `{short_name(group)}`", most=_MOST_PAGES)
    return tuple(_target(each) for page in listed for each in needed_objects(page, "items"))


def health_check(session: Session, group: str) -> HealthCheck | None:
    """How the group with this ARN checks its targets; None where it does not.

    https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_HealthCheckConfig.html
    """
    found = nested(nested(_asked(session, "GetTargetGroup", group, {}), "config"), "healthCheck")
    if not flag(found, "enabled"):
        return None
    port = number(found, "port")
    return HealthCheck(
        protocol=text(found, "protocol"),
        port=str(port) if port else "",
        path=text(found, "path"),
        codes=text(nested(found, "matcher"), "httpCode"),
        interval_seconds=number(found, "healthCheckIntervalSeconds"),
        timeout_seconds=number(found, "healthCheckTimeoutSeconds"),
        unhealthy_threshold=number(found, "unhealthyThresholdCount"),
    )


def _asked(session: Session, operation: str, group: str, more: JsonObject) -> JsonObject:
    asked = {"targetGroupIdentifier": short_name(group), **more}
    subject = f"target group `{short_name(group)}`"
    return session.call("vpc-lattice", operation, asked, subject=subject, region=region_of(group))


def _target(source: JsonObject) -> TargetHealth:
    state = text(source, "status").lower()
    return TargetHealth(
        target=f"{source.get('id', '')}:{source.get('port', '')}",
        state="unchecked" if state == "unavailable" else state,
        reason=text(source, "reasonCode"),
    )
