"""A control plane whose answers are chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, Protocol, cast

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.engine.progress import RunProgress
from ecsdeploy.engine.run import Context, Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Record
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import PointService
from ecsdeploy.model.taskdef import TaskDefinition
from tests.clock import StoppedClock
from tools.explore import ecs, values


def a_run(plane: "Plane", clock: Clock, budget_seconds: float, began: float = 0) -> Run:
    """A run of which nothing is known yet; it `began` at that time of the clock."""
    context = Context(
        plane=cast("ControlPlane", plane),
        clock=clock,
        emit=Emitter(Silent(), clock, values.WEB),
        budget_seconds=budget_seconds,
        started_at=clock.now(),
        started=began,
    )
    place = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")
    return Run(context=context, progress=RunProgress(place=place, time_began=began))


def a_clock(slept: Callable[[], None] = lambda: None) -> StoppedClock:
    """Seconds since a look began, or a run, hours after what stood there before was made."""
    return StoppedClock(seconds=0.0, epoch=values.NOON + timedelta(hours=2), slept=slept)


class Silent:
    """Nobody listens."""

    def emit(self, record: Record) -> None:
        pass


class Answering(Protocol):
    """Who chooses the answers."""

    def see_service(self) -> Service: ...

    def see_record(self, which: int) -> ServiceDeployment | None: ...

    def see_history(self) -> tuple[PastDeployment, ...]: ...

    def see_tasks(self, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]: ...

    def update(self, step: PointService, revision: str) -> Service: ...

    def stop(self, which: int) -> None: ...


class Unasked(Exception):
    """A call that this world has no answer for."""


@dataclass(slots=True)
class Plane:
    """As much of a `ControlPlane` as a release of an existing revision needs."""

    of: Answering

    def service(self, ref: ServiceRef) -> Service:
        return self.of.see_service()

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        return self.of.see_record(values.number_of(deployment_id)) if deployment_id else None

    def service_deployments(self, ref: ServiceRef, newest: int) -> tuple[ServiceDeployment, ...]:
        found = self.of.see_record(ecs.OURS)
        return (found,) if found else ()

    def history(self, ref: ServiceRef) -> tuple[PastDeployment, ...]:
        return self.of.see_history()

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        return ()

    def definition(self, name: str, *, tags: bool = False) -> TaskDefinition:
        return values.definition(name)

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        return self.of.see_tasks(deployment_id, stopped=stopped)

    def update_service(self, step: PointService, revision: str) -> Service:
        return self.of.update(step, revision)

    def stop_deployment(self, service_deployment: str) -> None:
        self.of.stop(values.number_of(service_deployment))

    def protected_until(self, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
        return ()

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        return ()

    def revisions(self, family: str) -> tuple[str, ...]:
        return tuple(values.revision(each) for each in (ecs.FIRST, ecs.OURS, ecs.OLD))

    @property
    def surroundings(self) -> "Plane":
        """There are no target groups to be asked about."""
        return self

    def __getattr__(self, name: str) -> NoReturn:
        raise Unasked(name)
