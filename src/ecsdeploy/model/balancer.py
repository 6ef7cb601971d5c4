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


@value(frozen=True, slots=True, kw_only=True)
class ListenerRoute:
    """Where test traffic enters: the listener, and what its rule asks of a request. `others` names further conditions.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
    """

    protocol: str
    port: int
    dns_name: str
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address to ask. A pattern gives what stands before its first wildcard, and a host with one none."""
        scheme = self.protocol.lower()
        host = next((each for each in self.hosts if not _WILD & {*each}), self.dns_name)
        port = "" if _PORTS.get(scheme) == self.port else f":{self.port}"
        path = self.paths[0].partition("*")[0].partition("?")[0] if self.paths else "/"
        return f"{scheme}://{host}{port}{path}"


_WILD = frozenset("*?")
_PORTS = {"http": 80, "https": 443}
