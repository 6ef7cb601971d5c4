"""One account in one Region: everything that exists in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ecsdeploy.sim.ground.behaviour import Images
from ecsdeploy.sim.ground.buckets import Bucket
from ecsdeploy.sim.ground.clock import Clock
from ecsdeploy.sim.ground.ids import Ids
from ecsdeploy.sim.ground.switches import DEFAULT, Switches
from ecsdeploy.sim.state.balancers import Alarm, Rule, TargetGroup
from ecsdeploy.sim.state.codedeploy import Estate
from ecsdeploy.sim.state.definitions import Family
from ecsdeploy.sim.state.service import Cluster, Service, Task

Json = dict[str, Any]
BUS_KEPT = 1000


@dataclass(slots=True)
class LogStream:
    """A log stream of CloudWatch Logs. Each line has its time, in seconds since 1970."""

    group: str
    name: str
    created_at: float
    lines: list[tuple[float, str]] = field(default_factory=list)


@dataclass(slots=True)
class Region:
    """One account in one Region: everything that the operations read and write.

    `capacity` is how many tasks there is room for, 0 for no limit. `look_at` has the scheduler look at a service now.
    `hook_answers` are the scenario's answers by Lambda function, and `hook_calls` the calls that each function got.
    `run_tokens` has the time, the request and the tasks of each client token of RunTask. `scalable` has the scalable
    targets of Application Auto Scaling, by resource id.
    """

    clock: Clock
    ids: Ids
    images: Images
    look_at: Callable[[Service], None]
    capacity: int = 0
    launches: Bucket | None = None
    clusters: dict[str, Cluster] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    target_groups: dict[str, TargetGroup] = field(default_factory=dict)
    log_streams: dict[tuple[str, str], LogStream] = field(default_factory=dict)
    forget_members: set[str] = field(default_factory=set)
    stale_views: bool = False
    switches: Switches = DEFAULT
    alarms: dict[str, Alarm] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    hook_answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hook_calls: list[Json] = field(default_factory=list)
    bus: deque[Json] = field(default_factory=lambda: deque(maxlen=BUS_KEPT))
    listener: Callable[[Json], None] | None = None
    codedeploy: Estate = field(default_factory=Estate)
    run_tokens: dict[str, tuple[float, Json, list[Task]]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    scalable: dict[str, Json] = field(default_factory=dict)
    log_groups: set[str] = field(default_factory=set)
    action_logs: dict[str, str] = field(default_factory=dict)
    """The log group that the action logs of a cluster are delivered to, by the cluster's name."""

    @property
    def now(self) -> float:
        """The time in seconds since 1970."""
        return self.clock.time()

    @property
    def services(self) -> list[Service]:
        return [service for cluster in self.clusters.values() for service in cluster.services.values()]

    def occupied(self) -> int:
        """How many tasks take up capacity, over all clusters."""
        return sum(t.stopped_at is None for c in self.clusters.values() for t in c.tasks.values())
