"""A target group of a load balancer: how it checks its targets, and what it finds.

Shapes: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html and
API_TargetHealth.html.
"""

from __future__ import annotations

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class TargetHealth:
    """One target, `id:port`, with ELB's reason for its state (`Target.Timeout`) and ELB's words for it."""

    target: str
    state: str
    reason: str = ""
    description: str = ""


@value(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """How a target group checks: `path` and `codes` are empty for TCP, `port` is a number or `traffic-port`."""

    protocol: str = ""
    port: str = ""
    path: str = ""
    codes: str = ""
    interval_seconds: int = 0
    timeout_seconds: int = 0
    unhealthy_threshold: int = 0


@value(frozen=True, slots=True, kw_only=True)
class GroupHealth:
    """What could be read of a target group's checks."""

    check: HealthCheck | None = None
    targets: tuple[TargetHealth, ...] = ()
