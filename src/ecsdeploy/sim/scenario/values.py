"""A scenario as values, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ecsdeploy.sim.ground.behaviour import Behaviour

Do = Literal[
    "deploy",
    "scale",
    "stop-deployment",
    "delete-service",
    "expire-credentials",
    "force-new-deployment",
    "capacity",
    "signal",
    "protect",
    "spot",
    "drain",
    "alarm",
    "ok",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """Seconds, and numbers of checks in a row."""

    health_interval: float = 30.0
    healthy_threshold: int = 5
    deregistration_delay: float = 300.0
    grace_period: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """A service that is steady when the scenario begins.

    `definition` and each of `history` are whole requests for RegisterTaskDefinition.
    """

    cluster: str
    name: str
    desired: int
    launch_type: str
    definition: Mapping[str, Any]
    history: tuple[Mapping[str, Any], ...]
    load_balancer: LoadBalancer | None
    deployment: Mapping[str, Any]
    controller: str = "ECS"
    express: bool = False
    """Whether Express mode manages the service."""
    deployment_group: bool = True
    """Whether CodeDeploy has a deployment group for the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiFault:
    """`[[api]]`: a fault of the API.

    It hits `times` calls after the first `after` ones; 0 is for ever. With `start` or `until`, seconds after the first
    change, it hits all calls between them.
    """

    operation: str
    error: str
    times: int = 1
    after: int = 0
    start: float | None = None
    until: float | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`[[at]]`: what somebody else does, `time` seconds after the first call that changes a service."""

    time: float
    do: Do
    cluster: str
    service: str
    image: str | None = None
    desired: int | None = None
    tasks: int = 0
    signal: str | None = None
    alarm: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`[limits]`. A capacity of 0 is no limit."""

    throttle: bool = False
    read_lag: float = 0.0
    capacity_tasks: int = 0
    latency_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """`[expect]`. None and () expect nothing."""

    exit_code: int | None = None
    status: str | None = None
    cause: str | None = None
    final_image: str | None = None
    statuses: Mapping[str, str] | None = None
    """Of several services that are released as one, by name."""
    final_images: Mapping[str, str] | None = None
    """The same for the image of the first container of each."""
    revisions_registered: int | None = None
    deployments_started: int | None = None
    min_healthy: int | None = None
    stdout_has: tuple[str, ...] = ()
    stdout_lacks: tuple[str, ...] = ()
    stderr_has: tuple[str, ...] = ()
    stderr_lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole scenario file. `source` is where we read it."""

    name: str
    services: tuple[ServiceSpec, ...]
    summary: str = ""
    seed: int = 0
    images: Mapping[str, Behaviour] = field(default_factory=dict)
    faults: tuple[ApiFault, ...] = ()
    actions: tuple[Action, ...] = ()
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    deploy_args: tuple[str, ...] = ()
    expect: Expect = field(default_factory=Expect)
    source: str = "<text>"
