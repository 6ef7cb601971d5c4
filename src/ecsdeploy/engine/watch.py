"""Look, advance, tell, pause: until the machine has a verdict."""

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.engine.patience import jitter
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle, Look, Snapshot, Unseen
from ecsdeploy.model.values import dataclass
from ecsdeploy.rollout.machine import State, advance
from ecsdeploy.rollout.pacing import pause, wants_targets, wants_tasks

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last state of a watch, and the verdict in it."""

    state: State
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Watches one deployment of one service; `checked` says whether its containers have health checks."""

    run: Run
    ref: ServiceRef
    checked: bool

    def follow(self, state: State) -> Ended:
        """Watch until there is a verdict."""
        clock, failures = self.run.clock, 0
        while True:
            look = self._look(state)
            state, events = advance(state, look, clock.monotonic())
            self.run.phase = state.phase
            self._remember(state)
            self.run.emit(*events)
            if state.verdict is not None:
                return Ended(state=state, verdict=state.verdict)
            failures = failures + 1 if isinstance(look, Unseen) else 0
            left = max(0.0, state.deadline - clock.monotonic())
            clock.sleep(min(pause(failures, jitter(clock)), left))

    def _remember(self, state: State) -> None:
        """A signal may end the watch at any moment: what is known by then is needed."""
        if state.last_seen is not None and state.last_seen.service_deployment_arn:
            self.run.service_deployment_arn = state.last_seen.service_deployment_arn

    def _look(self, state: State) -> Look:
        """All the reads of one poll. A deployment that the first one shows complete needs no other."""
        try:
            service = self.run.plane.service(self.ref)
            if _is_complete(service, state.handle):
                return Snapshot(service=service)
            return self._look_closer(service, state)
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def _look_closer(self, service: Service, state: State) -> Snapshot:
        """With what tells more where it may be read; ECS attaches a service deployment seconds after our write."""
        plane, ours = self.run.plane, state.handle.deployment_id
        deployed = self._optional(lambda: plane.service_deployment(self.ref, ours)) if state.seen else None
        tasks = targets = None
        if wants_tasks(state, service, checked=self.checked):
            tasks = self._optional(lambda: plane.tasks_started_by(self.ref, ours, stopped=False))
        if tasks is not None and wants_targets(state, service, checked=self.checked):
            targets = self._optional(lambda: tuple(plane.target_health(each) for each in service.target_groups))
        return Snapshot(
            service=service,
            service_deployment=deployed,
            tasks=tasks,
            checked=self.checked,
            targets=targets or (),
        )

    def _optional(self, read: Callable[[], T]) -> T | None:
        """What is denied or not there is done without, and warned of once; a read that failed fails the look."""
        try:
            return read()
        except (AccessDenied, NoSuchResource) as error:
            self.run.emit.warn_once("W-UNREADABLE", error.message)
            return None


def _is_complete(service: Service, handle: Handle) -> bool:
    ours = service.primary
    return ours is not None and ours.id == handle.deployment_id and ours.rollout_state == "COMPLETED"
