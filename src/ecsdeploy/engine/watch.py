"""Look, advance, tell, pause: until the machine has a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from ecsdeploy.engine.extras import Extras
from ecsdeploy.engine.patience import Patience, jitter
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, NoSuchResource, ReplyLost, Unreachable
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.service import Service, ServiceDeployment
from ecsdeploy.model.snapshot import Handle, Judgement, Look, Snapshot, Unseen
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
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

OVERSLEPT_SECONDS = 30.0
"""A pause that took so much longer is no pause of ours: the machine was asleep, or this process stopped."""
WAKE_SECONDS = 30.0
_STOPPED = "stopped tasks"


@value(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last state of a watch, and the verdict in it."""

    state: State
    verdict: Verdict


def give_up(signal: KeyboardInterrupt) -> Verdict | None:
    """Every signal ends the watch."""
    raise signal


@value(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Watches one deployment of one service; without its `definition`, tasks are neither checked nor judged."""

    run: Run
    ref: ServiceRef
    definition: TaskDefinition | None = None
    answer: Callable[[KeyboardInterrupt], Verdict | None] = give_up
    """What a signal means: a verdict, or None to go on; it may raise the signal again."""

    def follow(self, state: State) -> Ended:
        """Watch until there is a verdict, or a signal that gives one."""
        failures, extras = 0, Extras(self.run)
        while True:
            try:
                state, look = self.step(state, extras)
                if state.verdict is not None:
                    return Ended(state=state, verdict=state.verdict)
                failures = failures + 1 if isinstance(look, Unseen) else 0
                self._pause(self.pause_after(state, look, failures))
            except KeyboardInterrupt as signal:
                interrupted = self.answer(signal)
                if interrupted is not None:
                    return Ended(state=state, verdict=interrupted)

    def step(self, state: State, extras: Extras) -> tuple[State, Look]:
        """Look and tell; a step that a signal cut short is taken again."""
        look, before = self._look(state, extras), state
        state, events = advance(before, look, self.run.clock.monotonic())
        if state.verdict is not None and state.missing_since is not None:
            # Nothing is ended by what was not found without looking for it once more.
            look = self._look(before, extras)
            state, events = advance(before, look, self.run.clock.monotonic())
        self.run.phase = state.phase
        self._remember(state)
        self.run.emit(*events)
        if self.run.monitored and state.verdict is None and isinstance(look, Snapshot):
            from ecsdeploy.engine.monitor import monitor

            monitor(self.run, extras.monitored, look.service)
        return state, look

    def pause_after(self, state: State, look: Look, failures: int) -> float:
        """Seconds until the next look, of which the last one comes at the deadline."""
        now = self.run.clock.monotonic()
        lost = isinstance(look, Unseen) and isinstance(look.error, Unreachable | ReplyLost) and not look.error.code
        asked = pause(state, failures, jitter(self.run.clock), now, answered=not lost)
        left = state.deadline - now
        return min(asked, left) if left > 0 else asked

    def _pause(self, asked: float) -> None:
        clock = self.run.clock
        now = clock.monotonic()
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

    def _look(self, state: State, extras: Extras) -> Look:
        """All the reads of one poll. A deployment that the first one shows complete needs no other."""
        if self.run.controller == "CODE_DEPLOY":
            from ecsdeploy.engine.codedeploy.look import CodeDeployLooker

            return CodeDeployLooker(run=self.run, ref=self.ref, definition=self.definition).look(state)
        try:
            service = self.run.plane.service(self.ref)
            if _is_complete(service, state.handle):
                return Snapshot(service=service, checked=self._checked)
            return self._look_closer(service, state, extras)
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def _look_closer(self, service: Service, state: State, extras: Extras) -> Snapshot:
        """With what tells more where it may be read."""
        targets = self._read_tasks(service, state, extras)
        return Snapshot(
            service=service,
            service_deployment=self._deployed(service, state, extras),
            tasks=extras.tasks,
            checked=self._checked,
            targets=targets,
            lately_running=extras.lately_running(service.running),
            judgement=self._judgement(service, state, extras),
        )

    @property
    def _checked(self) -> bool:
        """Whether containers have health checks."""
        return self.definition is not None and self.definition.is_checked

    def _read_tasks(self, service: Service, state: State, extras: Extras) -> tuple[Mapping[str, str], ...]:
        """Our tasks where their health decides something, and the targets' health that was read with them."""
        now, ours = self.run.clock.monotonic(), state.handle.deployment_id
        read = None if extras.is_begun("tasks") else extras.tasks_at
        if not wants_tasks(state, service, read, now, checked=self._checked):
            return ()
        extras.tasks_at = now
        extras.tasks = extras.ask("tasks", lambda: self.run.plane.tasks_started_by(self.ref, ours, stopped=False))
        if extras.tasks is None or not wants_targets(state, service, checked=self._checked):
            return ()
        groups = service.target_groups
        health = extras.ask("targets", lambda: tuple(self.run.plane.target_health(each) for each in groups))
        return health or ()

    def _deployed(self, service: Service, state: State, extras: Extras) -> ServiceDeployment | None:
        """Read anew where it may say more than the list, else as it was; ECS attaches it seconds after our write.

        What may have changed and cannot be read is not told as it was: then the list alone counts.
        """
        now, ours = self.run.clock.monotonic(), state.handle.deployment_id
        if wants_deployment(state, service, extras.deployed_at, now):
            extras.deployed = extras.ask("deployment", lambda: self.run.plane.service_deployment(self.ref, ours))
            extras.deployed_at = now if extras.deployed is not None else None
        return extras.deployed

    def _judgement(self, service: Service, state: State, extras: Extras) -> Judgement | None:
        stopped = extras.is_begun(_STOPPED) or wants_stopped(state, service, self.run.clock.monotonic())
        if self.definition is None or not (stopped or hears_trouble(state, service)):
            return None
        from ecsdeploy.engine.judge import Judge

        judge = Judge(plane=self.run.plane, ref=self.ref, definition=self.definition)
        judged = extras.ask(_STOPPED, lambda: judge.judge(state, service)) if stopped else None
        return judged or judge.listen(state, service)


def _is_complete(service: Service, handle: Handle) -> bool:
    ours = service.primary
    return ours is not None and ours.id == handle.deployment_id and ours.is_complete
