"""What stands before the tasks, and watches them: target groups, rules that forward by weight, and alarms."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecsdeploy.sim.ground.clock import Timer


@dataclass(slots=True)
class TargetGroup:
    """What the load balancer checks, in seconds and in checks; `made` at the neighbour, who knows the rest of it."""

    arn: str
    health_interval: float = 30.0
    healthy_threshold: int = 5
    unhealthy_threshold: int = 2
    deregistration_delay: float = 300.0
    made: bool = False
    targets: list[RegisteredTarget] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RegisteredTarget:
    group: TargetGroup
    address: str
    port: int
    state: str = "initial"
    timers: list[Timer] = field(default_factory=list)


@dataclass(slots=True)
class Rule:
    """A listener rule, or a Network Load Balancer's listener, that forwards by weight."""

    arn: str
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Alarm:
    """A CloudWatch alarm; `since` is when it took its present state."""

    name: str
    since: float
    state: str = "OK"
