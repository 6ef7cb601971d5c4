"""How a service is configured, as far as a deployment depends on it.

Shape: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Breaker:
    """The deployment circuit breaker as configured; `value` and `measure` say how many failures trip it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
    """

    enabled: bool = False
    rollback: bool = False
    measure: str = "BOUNDED_PERCENT"
    value: int = 50

    def threshold(self, desired: int) -> int:
        """How many failures trip it in a deployment of `desired` tasks, or would if it were on.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
        """
        share = -(-self.value * desired // 100)
        match self.measure:
            case "COUNT":
                return self.value
            case "UNBOUNDED_PERCENT":
                return share
            case _:
                return min(max(share, 3), 200)


@value(frozen=True, slots=True, kw_only=True)
class DeploymentAlarms:
    """The CloudWatch alarms that fail a deployment, as configured."""

    names: tuple[str, ...] = ()
    enabled: bool = False
    rollback: bool = False

    @property
    def watched(self) -> tuple[str, ...]:
        """The alarms that ECS watches during a deployment."""
        return self.names if self.enabled else ()


@value(frozen=True, slots=True, kw_only=True)
class Balanced:
    """The port of a container that a load balancer sends requests to; `target_group` is empty for a Classic one."""

    container: str
    port: int
    target_group: str = ""
    shifts: bool = False
    """Whether ECS may shift its traffic, by an `advancedConfiguration`."""
    test_listener: str = ""
    """The ARN of the rule, or of a Network Load Balancer's listener, that test traffic enters by."""


@value(frozen=True, slots=True, kw_only=True)
class Registry:
    """What a service registry names of a task; `container` is empty and `port` 0 where it names none."""

    container: str = ""
    port: int = 0


@value(frozen=True, slots=True, kw_only=True)
class CapacityShare:
    """A capacity provider's part in a strategy: `base` tasks first, then by weight."""

    provider: str
    weight: int = 0
    base: int = 0


@value(frozen=True, slots=True, kw_only=True)
class LaunchVolume:
    """A volume that a service configures when it launches a task, by the name that the definition gives it.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html
    """

    name: str
    managed: Mapping[str, object] = field(default_factory=dict)
    """The Amazon EBS volume, with AWS's members."""


def managed_volumes(volumes: Iterable[LaunchVolume]) -> Mapping[str, Mapping[str, object]]:
    """By name, what each of the volumes is."""
    return {each.name: each.managed for each in volumes}


@value(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a service needs of every definition; ECS refuses one that does not have it."""

    fargate: bool = False
    """Its tasks run on Fargate."""
    networked: bool = False
    """It has a network configuration, which is for the network mode `awsvpc` alone."""
    registries: tuple[Registry, ...] = ()
    named_ports: tuple[str, ...] = ()
    """Names of port mappings that Service Connect and VPC Lattice send requests to."""
    launch_volumes: tuple[LaunchVolume, ...] = ()
    """Volumes that the service configures when it launches a task."""


@value(frozen=True, slots=True, kw_only=True)
class Launch:
    """Where tasks like the service's run, in the members that RunTask takes too.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """

    launch_type: str = ""
    """Empty where there is a capacity provider strategy."""
    platform_version: str = ""
    network: Mapping[str, object] | None = None
    constraints: tuple[Mapping[str, object], ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """More of a service's configuration that a deployment has to fit."""

    balanced: tuple[Balanced, ...] = ()
    demands: Demands = Demands()
    capacity: tuple[CapacityShare, ...] = ()
    """The capacity provider strategy of what runs; empty where tasks have a launch type."""
    launch: Launch = Launch()
    rebalances_zones: bool = False
    platform_version: str = ""
    deployment: Mapping[str, object] = field(default_factory=dict)
    """The deployment configuration, with AWS's members."""
    bake_seconds: float = 0
    """How long traffic is watched before the deployment is complete, all steps together."""
    lattice: tuple[str, ...] = ()
    """The ARNs of VPC Lattice's target groups that send it requests; empty text for one that ECS does not name."""

    @property
    def is_checked_unseen(self) -> bool:
        """Whether a Classic load balancer or VPC Lattice checks its tasks: only ECS's events tell the results."""
        return bool(self.lattice) or any(not each.target_group for each in self.balanced)
