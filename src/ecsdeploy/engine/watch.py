"""Look, advance, tell, pause: until the machine has a verdict."""

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from ecsdeploy.engine.patience import Patience, jitter
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.service import Service, ServiceDeployment
from ecsdeploy.model.snapshot import Handle, Judgement, Look, Snapshot, Unseen
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.pacing import (
    hears_trouble,
    pause,
    wants_deployment,
    wants_stopped,
    wants_targets,
    wants_tasks,
)
from ecsdeploy.rollout.state import State

T = TypeVar("T")

AGAIN_SECONDS = 3.0
"""How long one look asks for more than the service: a look that was taken anew would ask for that again too."""
OVERSLEPT_SECONDS = 30.0
"""A pause that took so much longer is no pause of ours: the machine was asleep, or this process stopped."""
WAKE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last state of a watch, and the verdict in it."""

    state: State
    verdict: Verdict


@dataclasses.dataclass(slots=True)
class Deployed:
    """Our service deployment as it was read last, and when on the clock; None while there is none to read."""

    value: ServiceDeployment | None = None
    read: float | None = None


def give_up(signal: KeyboardInterrupt) -> Verdict | None:
    """Every signal ends the watch."""
    raise signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Watches one deployment of one service; without its `definition`, tasks are neither checked nor judged."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition | None = None
    answer: Callable[[KeyboardInterrupt], Verdict | None] = give_up
    """What a signal means: a verdict, or None to go on; it may raise the signal again."""

    def follow(self, state: State) -> Ended:
        """Watch until there is a verdict, or a signal that gives one."""
        failures, deployed = 0, Deployed()
        while True:
            try:
                state, seen = self._step(state, deployed)
                if state.verdict is not None:
                    return Ended(state=state, verdict=state.verdict)
                failures = 0 if seen else failures + 1
                self._pause(state, failures)
            except KeyboardInterrupt as signal:
                interrupted = self.answer(signal)
                if interrupted is not None:
                    return Ended(state=state, verdict=interrupted)

    def _step(self, state: State, deployed: "Deployed") -> tuple[State, bool]:
        """Look and tell; a step that a signal cut short is taken again."""
        look = self._look(state, deployed)
        state, events = advance(state, look, self.run.clock.monotonic())
        self.run.phase = state.phase
        self._remember(state)
        self.run.emit(*events)
        return state, not isinstance(look, Unseen)

    def _pause(self, state: State, failures: int) -> None:
        clock = self.run.clock
        now = clock.monotonic()
        asked = min(pause(state, failures, jitter(clock), now), max(0.0, state.deadline - now))
        clock.sleep(asked)
        overslept = clock.monotonic() - now - asked
        if overslept > OVERSLEPT_SECONDS:
            self._wake(overslept)

    def _wake(self, overslept: float) -> None:
        """The time counts; but the network may need a moment before the look that may be the last one."""
        self.run.emit.warn("W-OVERSLEPT", f"{overslept:.0f}")
        patience = Patience(
            clock=self.run.clock, seconds=WAKE_SECONDS, start=self.run.clock.monotonic(), out_of_reach=WAKE_SECONDS
        )
        with suppress(AwsError, NoSuchResource):
            patience.read(lambda: self.run.plane.service(self.ref))

    def _remember(self, state: State) -> None:
        """A signal may end the watch at any moment: what is known by then is needed."""
        if state.last_seen is not None and state.last_seen.task_set:
            self.run.task_set = state.last_seen.task_set
        if state.last_seen is not None and state.last_seen.service_deployment_arn:
            self.run.service_deployment_arn = state.last_seen.service_deployment_arn

    def _look(self, state: State, deployed: "Deployed") -> Look:
        """All the reads of one poll. A deployment that the first one shows complete needs no other."""
        if self.run.controller == "CODE_DEPLOY":
            from ecsdeploy.engine.codedeploy.look import CodeDeployLooker

            return CodeDeployLooker(run=self.run, ref=self.ref, definition=self.definition).look(state)
        try:
            service = self.run.plane.service(self.ref)
            if _is_complete(service, state.handle):
                return Snapshot(service=service)
            return self._look_closer(service, state, deployed)
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def _look_closer(self, service: Service, state: State, deployed: "Deployed") -> Snapshot:
        """With what tells more where it may be read."""
        ours = state.handle.deployment_id
        tasks = targets = None
        if wants_tasks(state, service, checked=self._checked):
            tasks = self._optional(lambda: self.run.plane.tasks_started_by(self.ref, ours, stopped=False))
        if tasks is not None and wants_targets(state, service, checked=self._checked):
            groups = service.target_groups
            targets = self._optional(lambda: tuple(self.run.plane.target_health(each) for each in groups))
        return Snapshot(
            service=service,
            service_deployment=self._deployed(service, state, deployed),
            tasks=tasks,
            checked=self._checked,
            targets=targets or (),
            judgement=self._judgement(service, state),
        )

    @property
    def _checked(self) -> bool:
        """Whether containers have health checks."""
        return self.definition is not None and self.definition.is_checked

    def _deployed(self, service: Service, state: State, known: "Deployed") -> ServiceDeployment | None:
        """Read anew where it may say more than the list, else as it was; ECS attaches it seconds after our write."""
        now, ours = self.run.clock.monotonic(), state.handle.deployment_id
        if wants_deployment(state, service, known.read, now):
            known.value = self._optional(lambda: self.run.plane.service_deployment(self.ref, ours))
            known.read = now if known.value is not None else None
        return known.value

    def _judgement(self, service: Service, state: State) -> Judgement | None:
        stopped = wants_stopped(state, service, self.run.clock.monotonic())
        if self.definition is None or not (stopped or hears_trouble(state, service)):
            return None
        from ecsdeploy.engine.judge import Judge

        judge = Judge(plane=self.run.plane, ref=self.ref, definition=self.definition, now=self.run.clock.now())
        return self._optional(lambda: judge.judge(state, service)) if stopped else judge.listen(state, service)

    def _optional(self, read: Callable[[], T]) -> T | None:
        """What is denied or not there is done without, and warned of once.

        What fails is asked again at once, and then fails the look: of many reads, one may often fail.
        """
        clock = self.run.clock
        try:
            return Patience(clock=clock, seconds=AGAIN_SECONDS, start=clock.monotonic()).read(read)
        except (AccessDenied, NoSuchResource) as error:
            self.run.emit.warn_once("W-UNREADABLE", error.message)
            return None


def _is_complete(service: Service, handle: Handle) -> bool:
    ours = service.primary
    return ours is not None and ours.id == handle.deployment_id and ours.rollout_state == "COMPLETED"
