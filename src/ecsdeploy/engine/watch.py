"""Look, advance, tell, pause: until the machine has a verdict."""

from collections.abc import Mapping

from ecsdeploy.engine.patience import jitter
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.service import Service, ServiceDeployment, Task
from ecsdeploy.model.snapshot import Handle, Look, Snapshot, Unseen
from ecsdeploy.model.values import dataclass
from ecsdeploy.rollout.machine import State, advance
from ecsdeploy.rollout.pacing import pause, wants_targets, wants_tasks


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
            self.run.emit(*events)
            if state.verdict is not None:
                return Ended(state=state, verdict=state.verdict)
            failures = failures + 1 if isinstance(look, Unseen) else 0
            left = max(0.0, state.deadline - clock.monotonic())
            clock.sleep(min(pause(failures, jitter(clock)), left))

    def _look(self, state: State) -> Look:
        """All the reads of one poll. A deployment that the first one shows complete needs no other."""
        try:
            service = self.run.plane.service(self.ref)
            if _is_complete(service, state.handle):
                return Snapshot(service=service)
            return Snapshot(
                service=service,
                service_deployment=self._service_deployment(state),
                tasks=self._tasks(service, state),
                checked=self.checked,
                targets=self._targets(service, state),
            )
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def _service_deployment(self, state: State) -> ServiceDeployment | None:
        """ECS attaches it seconds after our write: the first look need not ask."""
        if not state.seen:
            return None
        return self.run.plane.service_deployment(self.ref, state.handle.deployment_id)

    def _tasks(self, service: Service, state: State) -> tuple[Task, ...] | None:
        if not wants_tasks(state, service, checked=self.checked):
            return None
        return self.run.plane.tasks_started_by(self.ref, state.handle.deployment_id, stopped=False)

    def _targets(self, service: Service, state: State) -> tuple[Mapping[str, str], ...]:
        if not wants_targets(state, service, checked=self.checked):
            return ()
        return tuple(self.run.plane.target_health(group) for group in service.target_groups)


def _is_complete(service: Service, handle: Handle) -> bool:
    ours = service.primary
    return ours is not None and ours.id == handle.deployment_id and ours.rollout_state == "COMPLETED"
