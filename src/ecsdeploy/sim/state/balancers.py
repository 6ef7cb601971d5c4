"""Load balancers and alarms: target groups, listener rules, and the state of each alarm."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecsdeploy.sim.ground.clock import Timer


@dataclass(slots=True)
class TargetGroup:
    """A target group and its health check: seconds, and checks in a row.

    `made` says that somebody made the group in moto (see `api.neighbours`). moto then keeps its other attributes.
    """

    arn: str
    health_interval: float = 30.0
    healthy_threshold: int = 5
    unhealthy_threshold: int = 2
    deregistration_delay: float = 300.0
    made: bool = False
    targets: list[RegisteredTarget] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RegisteredTarget:
    """A target that is registered with a group: its IP address, its port, and its state in ELB's words.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """

    group: TargetGroup
    address: str
    port: int
    state: str = "initial"
    timers: list[Timer] = field(default_factory=list)


@dataclass(slots=True)
class Rule:
    """A listener rule, or a listener of a Network Load Balancer. `weights` has the per cent for each target group's
    ARN.
    """

    arn: str
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Alarm:
    """A CloudWatch alarm. `since` is the time at which it took its present state, in seconds since 1970."""

    name: str
    since: float
    state: str = "OK"
