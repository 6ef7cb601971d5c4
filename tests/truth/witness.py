"""What the world itself knew at each word the client said, and at each of its writes."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ecsdeploy.model.snapshot import Look
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import Advance, State
from ecsdeploy.sim import World
from ecsdeploy.sim.deployments.breaker import threshold
from ecsdeploy.sim.state.service import Deployment, Service, Task

Json = Mapping[str, Any]

_MAY_BE_WELL = 40.0
"""Seconds after which a task without checks counts as healthy, for ECS too."""
_FEWEST = 3
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
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
    began: float | None
    """When our deployment began."""
    desired: int
    """How many tasks the service is to have."""
    in_vain: bool
    """Every task of our deployment failed, before anything could call it healthy."""
    outlived: bool
    """A good task of our deployment runs for as long as one did that was started with it and failed."""
    back_failures: int
    """Tasks that failed of those that others than our deployment have started since."""
    failures: int
    """Tasks of our deployment that ended though nobody told them to, or failed their checks."""
    attempts: int
    """In so many batches they were started."""
    whole: int
    """Of so many batches every task failed."""
    suffices: int
    """After so many failures of tasks that ran ECS's circuit breaker gives up, where there is one."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A revision that we deregistered, at that instant."""

    revision: str
    users: tuple[str, ...]
    """The services, of any cluster, that had a deployment or a task of it."""


@dataclass(slots=True)
class Witness:
    """Stands between the client and the world, and in the stream of what the client says."""

    world: World
    ours: list[Any] = field(default_factory=list)
    """The world's own records of the deployments that we have started."""
    writes: list[Write] = field(default_factory=list)
    looked: Known | None = None
    told: list[tuple[Json, Known, Known | None]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    ends: list[State] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    unseen: int = 0
    """Which look after our first write does not find the service."""
    _seen: int = 0
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
            reply = self.world.transport(method, url, headers, body)
            return self._not_found(reply) if self._is_unseen() else reply
        finally:
            # A signal may come before the call is carried out.
            if len(self.world.calls) > known:
                self._note(there, started=self.world.tally.started > before)

    def _is_unseen(self) -> bool:
        call = self.world.calls[-1]
        self._seen += bool(self.ours) and call.operation == "DescribeServices" and call.error is None
        return call.operation == "DescribeServices" and call.error is None and 0 < self.unseen == self._seen

    def _not_found(self, reply: tuple[int, Mapping[str, str], bytes]) -> tuple[int, Mapping[str, str], bytes]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html"""
        status, headers, _ = reply
        self._seen += 1
        body = json.dumps({"services": [], "failures": [{"arn": self.service.arn, "reason": "MISSING"}]}).encode()
        return status, {**headers, "Content-Length": str(len(body))}, body

    def _note(self, there: Sequence[str], *, started: bool) -> None:
        call = self.world.calls[-1]
        if call.error is None:
            self.looked = self.truth() if call.operation == self.LOOKS else self.looked
            self._stood = self._stands() if call.operation in self.READS else self._stood
        if call.operation == "DeregisterTaskDefinition" and call.error is None:
            self._note_gone(str(call.request["taskDefinition"]))
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

    def _note_gone(self, revision: str) -> None:
        services = [each for cluster in self.world.region.clusters.values() for each in cluster.services.values()]
        users = [each.arn for each in services if any(one.definition.arn == revision for one in _users(each))]
        self.gone.append(Gone(revision=revision, users=tuple(users)))

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

    def truth(self) -> Known:
        raise NotImplementedError

    def _truth(self, **known: Any) -> Known:
        """What is known of either kind of service, and what is `known` of this one."""
        service = self.service
        return Known(
            time=self.world.clock.time(),
            service=service.status,
            image=str(service.definition.containers[0]["image"]) if service.deployments else "",
            rollout=service.primary.rollout_state if service.deployments else "",
            desired=service.desired,
            **known,
        )

    def _suffices(self) -> int:
        return max(_FEWEST, threshold(self.service.settings["deploymentConfiguration"], self.service.desired))

    def _told_by_tasks(self, of: Deployment | None) -> dict[str, Any]:
        """What the tasks of our deployment tell, and those that others have started since."""
        clusters = self.world.region.clusters.values()
        tasks = [
            task for cluster in clusters for task in cluster.tasks.values() if of and task.created_at >= of.created_at
        ]
        own, failed = [task for task in tasks if task.deployment is of], [task for task in tasks if _has_failed(task)]
        ours = [task for task in failed if task.deployment is of]
        good = [task for task in own if _lives(task)] if ours else []
        ran = [task for task in ours if task.started_at is not None]
        now = self.world.clock.time()
        return {
            "failures": len(ours),
            "attempts": len({each.batch for each in ours}),
            "whole": len({each.batch for each in ours} - {each.batch for each in own if not _has_failed(each)}),
            "suffices": self._suffices() if ran else sys.maxsize,
            "back_failures": len(failed) - len(ours),
            "in_vain": 0 < len(ours) == len(own) and all(_life(each, now) < _MAY_BE_WELL for each in ours),
            "outlived": any(
                one.batch == each.batch and _life(one, now) >= _life(each, now) for each in ours for one in good
            ),
        }


def _users(service: Service) -> Sequence[Any]:
    return (*(each.revision for each in service.deployments), *service.tasks)


def _has_failed(task: Task) -> bool:
    return bool(task.failed or task.condemned)


def _lives(task: Task) -> bool:
    """It runs, and will for ever, as far as its image is concerned."""
    runs = task.last_status == "RUNNING" and task.wanted and not task.condemned
    return runs and all(each.behaviour.run == "healthy" for each in task.containers)


def _life(task: Task, now: float) -> float:
    """For how long it has run, or did."""
    return (task.execution_stopped_at or now) - task.started_at if task.started_at is not None else 0.0
