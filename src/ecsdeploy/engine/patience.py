"""The only place that asks AWS again: reads always, writes where nothing can have been applied."""

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import ReplyLost, Throttled, Unreachable
from ecsdeploy.model.values import dataclass

T = TypeVar("T")

UNREACHABLE_SECONDS = 8.0
"""An endpoint that cannot be reached at all is given up after this long: nothing has begun yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Repeats calls until `seconds` have passed since `start` of the clock."""

    clock: Clock
    seconds: float
    start: float

    def read(self, call: Callable[[], T]) -> T:
        """Ask until there is an answer; the last error is raised when patience is over."""
        return self._persist(call, (Throttled, ReplyLost, Unreachable))

    def write(self, call: Callable[[], T]) -> T:
        """Send until it was not refused for its rate; a lost reply is raised: its effect must be looked for."""
        return self._persist(call, (Throttled, Unreachable))

    def _persist(self, call: Callable[[], T], transient: tuple[type[Exception], ...]) -> T:
        begun, attempt = self.clock.monotonic(), 0
        while True:
            try:
                return call()
            except transient as error:
                if self._is_over(error, begun):
                    raise
            self.clock.sleep(backoff(attempt, self.clock))
            attempt += 1

    def _is_over(self, error: Exception, begun: float) -> bool:
        now = self.clock.monotonic()
        if isinstance(error, Unreachable) and now - begun >= UNREACHABLE_SECONDS:
            return True
        return now - self.start >= self.seconds


def backoff(attempt: int, clock: Clock) -> float:
    """Seconds before the next attempt: doubling up to 30, with jitter so that parallel pipelines part."""
    return min(30.0, 2.0 ** min(attempt, 10)) * (0.5 + jitter(clock) / 2)


def jitter(clock: Clock) -> float:
    """A number within [0, 1) that differs between runs in real time, and never in simulated time."""
    return clock.monotonic() * 997 % 1
