"""What the world itself knew at each word the client said, and at each of its writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ecsdeploy.model.snapshot import Look
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import Advance, State
from ecsdeploy.sim import World
from ecsdeploy.sim.state import Deployment, Service

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the world knew at one instant. `ours` is the record of the deployment that our release started, if any."""

    time: float
    status: str
    """Of our service deployment: empty when we have started none."""
    state: str
    """The rolloutState of our deployment."""
    reason: str
    ended_at: float | None
    taken_over_at: float | None
    """When somebody else's deployment began after ours."""
    by_others: bool
    """The primary deployment began after ours, and is not ours."""
    put_back: str
    """The status of the service deployment of our own rollback, where it is a deployment of its own."""
    service: str
    """The service's status."""
    image: str
    """The first image of the primary deployment's definition."""
    rollout: str
    """The rolloutState of the primary deployment."""
    well: bool
    """All the tasks that our deployment is to have run, and pass their checks."""
    shifted: bool
    """All production traffic goes to our deployment."""
    failures: int
    """Tasks of our deployment that ended though nobody told them to, or failed their checks."""
    in_progress: bool
    """Whether any deployment of the service is in progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A call of ours that changes the service: what stood there when it came, and when we last had looked.

    What stands there is known by its id: ECS's of its primary deployment, CodeDeploy's of its newest one.
    """

    operation: str
    at: float
    error: str | None
    starts: bool
    """It asks for a deployment."""
    stops: str
    """What it asks to stop; empty for a request for something else."""
    started: str
    """What it has started."""
    known: frozenset[str]
    """All that there was before."""
    replaced: str
    """What stood there before."""
    looked: str
    """What stood there when that was last read."""


@dataclass(slots=True)
class Witness:
    """Stands between the client and the world, and in the stream of what the client says."""

    world: World
    ours: list[Any] = field(default_factory=list)
    """The world's own records of the deployments that we have started."""
    writes: list[Write] = field(default_factory=list)
    looked: Truth | None = None
    told: list[tuple[Json, Truth, Truth | None]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    ends: list[State] = field(default_factory=list)
    _stood: str = ""
    """What stood there when that was last read."""

    LOOKS: ClassVar[str]
    """The read after which a deployment's state is known."""
    READS: ClassVar[frozenset[str]]
    """The reads after which it is known what stands there."""
    STARTS: ClassVar[str]
    STOPS: ClassVar[str]

    def advance(self, state: State, look: Look, now: float) -> Advance:
        """The machine's own step, with what went in and what ended a watch taken down."""
        after = advance(state, look, now)
        self.looks.append(look)
        self.ends += [after[0]] if after[0].verdict else []
        return after

    @property
    def service(self) -> Service:
        spec = self.world.scenario.services[0]
        return self.world.region.clusters[spec.cluster].services[spec.name]

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Any:
        before, known, there = self.world.tally.started, len(self.world.calls), self.there()
        try:
            return self.world.transport(method, url, headers, body)
        finally:
            # A signal may come before the call is carried out.
            if len(self.world.calls) > known:
                self._note(there, started=self.world.tally.started > before)

    def _note(self, there: Sequence[str], *, started: bool) -> None:
        call = self.world.calls[-1]
        if call.error is None:
            self.looked = self.truth() if call.operation == self.LOOKS else self.looked
            self._stood = self._stands() if call.operation in self.READS else self._stood
        if call.operation not in (self.STARTS, self.STOPS):
            return
        self.ours += [self.newest()] if started else []
        self.writes.append(
            Write(
                operation=call.operation,
                at=call.time,
                error=call.error,
                starts=call.operation == self.STARTS,
                stops=self.stopped_by(call.request) if call.operation == self.STOPS else "",
                started=self.id_of(self.ours[-1]) if started else "",
                known=frozenset(there),
                replaced=there[0] if there else "",
                looked=self._stood,
            )
        )

    def newest(self) -> Any:
        """The record of the deployment that began last."""
        raise NotImplementedError

    def id_of(self, record: Any) -> str:
        raise NotImplementedError

    def there(self) -> tuple[str, ...]:
        """What there is now, by its ids; first what stands there."""
        raise NotImplementedError

    def _stands(self) -> str:
        return next(iter(self.there()), "")

    def stopped_by(self, request: Json) -> str:
        raise NotImplementedError

    def truth(self) -> Truth:
        raise NotImplementedError

    def _truth(self, **known: Any) -> Truth:
        """What is known of either kind of service, and what is `known` of this one."""
        service = self.service
        return Truth(
            time=self.world.clock.time(),
            service=service.status,
            image=str(service.definition.containers[0]["image"]) if service.deployments else "",
            rollout=service.primary.rollout_state if service.deployments else "",
            **known,
        )

    def _failures(self, of: Deployment | None) -> int:
        tasks = [task for cluster in self.world.region.clusters.values() for task in cluster.tasks.values()]
        return sum(task.deployment is of and bool(task.failed or task.condemned) for task in tasks if of)
