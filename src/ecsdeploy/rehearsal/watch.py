"""Looks at the simulated world after each of its moments: how many tasks of which version there are and serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

from ecsdeploy.model.rehearsal import Moment, Sample, Turn
from ecsdeploy.model.values import replace
from ecsdeploy.sim import World
from ecsdeploy.sim.codedeploy.pairing import target_group_of
from ecsdeploy.sim.deployments.rollout import current
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.service import Service, Task

_AFTERWARDS = 3600.0
"""How long after the verdict we look on, until nothing moves."""


class Watch:
    """The world's clock for the engine; each time that it moves on, every change of the tasks is noted."""

    def __init__(self, world: World) -> None:
        self._world = world
        spec = world.scenario.services[0]
        self._service = world.region.clusters[spec.cluster].services[spec.name]
        self._old = self._service.definition
        self._blue = _blue(self._service) if spec.controller == "CODE_DEPLOY" else ""
        self._stage = ""
        self.samples: list[Sample] = []
        self.moments: list[Moment] = []
        self._note()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._world.clock.time(), UTC)

    def monotonic(self) -> float:
        return self._world.clock.time()

    def sleep(self, seconds: float) -> None:
        self._run_until(self._world.clock.time() + seconds)

    def settle(self) -> bool:
        """Go on until nothing moves any more, for an hour at most; whether the deployment has ended then."""
        clock = self._world.clock
        end = clock.time() + _AFTERWARDS
        while not self._world.quiet and (due := clock.next_due()) is not None and due <= end:
            self._run_until(due)
        return current(self._service) is None and not self._world.region.codedeploy.running_of(self._service)

    def mark(self, kind: Turn, what: str) -> None:
        """Something happened now."""
        self.moments.append(Moment(at=self.seconds, what=what, kind=kind))

    @property
    def seconds(self) -> float:
        """Since the world began."""
        return round(self._world.clock.time() - self._world.start, 1)

    def _run_until(self, end: float) -> None:
        clock = self._world.clock
        while (due := clock.next_due()) is not None and due <= end:
            clock.run_until(due)
            self._note()
        clock.run_until(end)
        self._note()

    def _note(self) -> None:
        now = self._world.clock.time()
        present = [each for each in self._service.tasks if each.stopped_at is None]
        healthy = [each for each in present if is_healthy(each, now)]
        old = sum(map(self._is_old, healthy))
        stage, traffic = self._of_codedeploy() if self._blue else self._of_ecs()
        self._note_stage(stage)
        sample = Sample(
            at=self.seconds,
            old=old,
            new=len(healthy) - old,
            total=len(present),
            traffic=traffic,
            stage=stage,
        )
        if not self.samples or replace(sample, at=self.samples[-1].at) != self.samples[-1]:
            self.samples.append(sample)

    def _of_ecs(self) -> tuple[str, float | None]:
        """The stage of the deployment, and how much of the traffic the new version gets."""
        record = current(self._service)
        course = record.course if record else None
        if course is None:
            return "", None
        return course.stage or "", course.production if course.managed else None

    def _of_codedeploy(self) -> tuple[str, float | None]:
        """The same under CodeDeploy. The weights stay when the deployment has ended."""
        (rule,) = (each for each in self._world.region.rules.values() if self._blue in each.weights)
        running = self._world.region.codedeploy.running_of(self._service)
        events = [each.name for one in running for each in one.events if each.status == "InProgress"]
        stage = "TerminationWait" if any(each.terminating for each in running) else "".join(events[:1])
        if any("rollbackTriggeringDeploymentId" in each.rollback for each in running):
            stage = "Rollback"
        return stage, ALL - rule.weights[self._blue]

    def _note_stage(self, stage: str) -> None:
        if stage and stage != self._stage:
            self.mark(Turn.STAGE, f"stage {stage}")
        self._stage = stage

    def _is_old(self, task: Task) -> bool:
        return task.definition is self._old


def _blue(service: Service) -> str:
    """The target group of the old version."""
    return next((found for each in service.deployments if (found := target_group_of(each))), "")


def milestones(samples: list[Sample], desired: int) -> Iterator[Moment]:
    """When the tasks came to what a reader waits for, as far as they did."""
    goals: tuple[tuple[str, Callable[[Sample], bool]], ...] = (
        ("the first new task is healthy", lambda each: each.new > 0),
        ("all new tasks are healthy", lambda each: each.new >= desired > 0),
        ("all traffic goes to the new version", lambda each: each.new > 0 and _is_shifted(each)),
        ("the old tasks are gone", lambda each: each.old == 0 and each.new == each.total > 0),
    )
    for what, reached in goals:
        first = next((each.at for each in samples if reached(each)), None)
        if first is not None:
            yield Moment(at=first, what=what, kind=Turn.REACHED)


def _is_shifted(each: Sample) -> bool:
    return each.old == 0 if each.traffic is None else each.traffic >= ALL


def seconds_in(samples: list[Sample], end: float, holds: Callable[[Sample], bool]) -> float:
    """For how long a condition held, until `end`."""
    spans = [*((each, after.at) for each, after in pairwise(samples)), (samples[-1], max(end, samples[-1].at))]
    return round(sum(until - each.at for each, until in spans if holds(each)), 1)
