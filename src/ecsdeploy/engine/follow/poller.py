"""The loop of a watch: look, advance, tell and pause, until the machine has a verdict."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from ecsdeploy.engine.patience import Patience, jitter
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, NoSuchResource, ReplyLost, Unreachable
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Outcome, Verdict
from ecsdeploy.model.snapshot import Look, Unseen
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.pacing import pause
from ecsdeploy.rollout.state import State

OVERSLEPT_SECONDS = 30.0
"""If a pause took this much longer than asked for, this machine was asleep or this process was stopped."""
WAKE_SECONDS = 30.0
"""How long we then wait for the network."""


@value(frozen=True, slots=True, kw_only=True)
class EndedWatch:
    """The last state of a watch, and the verdict in it."""

    state: State
    verdict: Verdict


class Looks(Protocol):
    """Looks at one deployment, poll by poll."""

    def look(self, state: State) -> Look:
        """All the reads of one poll."""
        ...

    def look_beside(self, look: Look) -> None:
        """Read target groups and alarms, and tell them to whoever looks on. They decide nothing."""
        ...


class Gate(Protocol):
    """Decides at a pause of our deployment whether it goes on, beside the watch."""

    @property
    def is_busy(self) -> bool:
        """Whether `wait` has something to do."""
        ...

    def attend(self, state: State) -> Verdict | None:
        """Take note of a look. Returns the verdict that ends the watch, which is the machine's or the gate's own.

        None overrules a verdict of the machine: the watch goes on.
        """
        ...

    def wait(self, seconds: float) -> None:
        """Do it for so many seconds at most."""
        ...

    def close(self) -> None:
        """End what still runs, as the watch is over."""
        ...


def give_up(signal: KeyboardInterrupt) -> Verdict | None:
    """The `answer` that lets every signal end the run."""
    raise signal


@value(frozen=True, slots=True, kw_only=True)
class NextWatch:
    """What to watch next, from `state` on. At its end, `then` gives the next watch or the outcome.

    Without a `definition`, tasks are not judged.
    """

    state: State
    then: Callable[[EndedWatch], NextWatch | Outcome]
    definition: TaskDefinition | None = None
    answer: Callable[[KeyboardInterrupt], Verdict | None] = give_up
    """Called with a signal. Returns the verdict that ends the watch, or None to go on; may raise the signal again."""
    gate: Gate | None = None


@value(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Watches one deployment of one service."""

    run: Run
    ref: ServiceRef
    looker: Looks
    answer: Callable[[KeyboardInterrupt], Verdict | None] = give_up
    """Called with a signal. Returns the verdict that ends the watch, or None to go on; may raise the signal again."""
    gate: Gate | None = None

    def follow(self, state: State) -> EndedWatch:
        """Watch until the machine or the gate has a verdict, or `answer` gives one after a signal."""
        try:
            return self._follow(state)
        finally:
            if self.gate:
                self.gate.close()

    def _follow(self, state: State) -> EndedWatch:
        failures = 0
        while True:
            try:
                state, look = self.step(state)
                verdict = self.gate.attend(state) if self.gate else state.verdict
                if verdict is not None:
                    return EndedWatch(state=state, verdict=verdict)
                if state.verdict is not None:
                    state = replace(state, verdict=None)
                failures = failures + 1 if isinstance(look, Unseen) else 0
                self._pause(self.pause_after(state, look, failures))
            except KeyboardInterrupt as signal:
                interrupted = self.answer(signal)
                if interrupted is not None:
                    return EndedWatch(state=state, verdict=interrupted)

    def step(self, state: State) -> tuple[State, Look]:
        """Look, advance the state, and tell the events. If a signal interrupts a step, the caller takes it again."""
        look, before = self.looker.look(state), state
        state, events = advance(before, look, self.run.clock.monotonic())
        if state.verdict is not None and state.missing_since is not None:
            # A service that was not found ends nothing before we have looked once more.
            look = self.looker.look(before)
            state, events = advance(before, look, self.run.clock.monotonic())
        self.run.progress = replace(self.run.progress, phase=state.phase)
        self._remember(state)
        self.run.emit(*events)
        if state.verdict is None:
            self.looker.look_beside(look)
        return state, look

    def pause_after(self, state: State, look: Look, failures: int) -> float:
        """Seconds until the next look. The last look comes at the deadline."""
        now = self.run.clock.monotonic()
        lost = isinstance(look, Unseen) and isinstance(look.error, Unreachable | ReplyLost) and not look.error.code
        asked = pause(state, failures, jitter(self.run.clock), now, answered=not lost)
        left = state.deadline - now
        return min(asked, left) if left > 0 else asked

    def _pause(self, asked: float) -> None:
        """Sleep for `asked` seconds, and notice if this machine was asleep meanwhile."""
        clock = self.run.clock
        now = clock.monotonic()
        if self.gate and self.gate.is_busy:
            self.gate.wait(asked)
        else:
            clock.sleep(asked)
        overslept = clock.monotonic() - now - asked
        if overslept > OVERSLEPT_SECONDS:
            self._wake(overslept)

    def _wake(self, overslept: float) -> None:
        """Warn, and wait until AWS can be reached: the next look may be the last one before the deadline.

        The time asleep counts, as the deployment went on.
        """
        self.run.emit.warn("W-OVERSLEPT", f"{overslept:.0f}")
        patience = Patience(
            clock=self.run.clock, seconds=WAKE_SECONDS, start=self.run.clock.monotonic(), out_of_reach=WAKE_SECONDS
        )
        with suppress(AwsError, NoSuchResource):
            patience.read(lambda: self.run.plane.service(self.ref))

    def _remember(self, state: State) -> None:
        """Keep what a signal handler would need: a signal may come at any moment."""
        if state.last_seen is not None and state.last_seen.task_set:
            self.run.progress = replace(self.run.progress, task_set=state.last_seen.task_set)
        if state.last_seen is not None and state.last_seen.service_deployment_arn:
            self.run.progress = replace(
                self.run.progress, service_deployment_arn=state.last_seen.service_deployment_arn
            )
