"""The one clock of tests in virtual time: it moves when somebody sleeps, and never by itself.

Where a world has a time of its own, that is the clock: the simulator's, and the foreign world's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.unit.rollout.builders import NOON


@dataclass(slots=True)
class StoppedClock:
    """`epoch` is when it stood at 0. At `interrupt_at` seconds the user presses Ctrl-C; `slept` is what comes after."""

    seconds: float = 1000.0
    interrupt_at: float | None = None
    epoch: datetime = NOON
    slept: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.slept()
        if self.interrupt_at is not None and self.seconds >= self.interrupt_at:
            self.interrupt_at = None
            raise KeyboardInterrupt
