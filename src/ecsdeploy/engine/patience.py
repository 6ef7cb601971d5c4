"""The only place that asks AWS again: reads always, writes where nothing can have been applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import AccessDenied, CredentialsError, ReplyLost, Throttled, Unfinished, Unreachable
from ecsdeploy.model.values import replace, value

T = TypeVar("T")

UNREACHABLE_SECONDS = 4.0
"""An endpoint that cannot be reached is tried again until then: one try may itself take five seconds more."""
PART_SECONDS = 1.0
"""Pause between two parts of a long list."""
DENIED_SECONDS = 30.0
"""So long a permission may be missing that was there a moment ago: changes to IAM spread through AWS in seconds."""
_FORGIVEN = (CredentialsError, AccessDenied)
NOTICE_SECONDS = 5.0
"""What is asked again for longer is told."""

Notice = Callable[[float, Exception], None]
"""Told once of a call: for how many seconds it is asked again, and why."""


def untold(_seconds: float, _error: Exception) -> None:
    """Whatever is asked again, nobody is told."""


@value(frozen=True, slots=True, kw_only=True)
class Patience:
    """Repeats calls until `seconds` have passed since `start` of the clock: all calls share that one deadline.

    `out_of_reach` is how many seconds an endpoint may be unreachable: long once something has been begun.
    """

    clock: Clock
    seconds: float
    start: float
    out_of_reach: float = UNREACHABLE_SECONDS
    forgives: bool = False
    """Credentials that are gone may come back, and a permission that was there will: both are waited for."""
    notice: Notice = untold

    def once_begun(self) -> Patience:
        """The same for calls after a write: they have their time anew, and a network that is away is waited for."""
        return self.forgiving(self.seconds)

    def forgiving(self, least: float) -> Patience:
        """The same for calls after a write, with this deadline; so many seconds are left for them at least."""
        start = max(self.start, self.clock.monotonic() + least - self.seconds)
        return replace(self, start=start, out_of_reach=self.seconds, forgives=True)

    def brief(self, seconds: float) -> Patience:
        """For what can be done without: from now on no longer than this."""
        return replace(self, start=self.clock.monotonic(), seconds=seconds, forgives=False)

    def sparing(self, seconds: float) -> Patience:
        """The same with a deadline that is so much earlier."""
        return replace(self, seconds=self.seconds - seconds)

    @property
    def left(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.start + self.seconds - self.clock.monotonic()

    def read(self, call: Callable[[], T]) -> T:
        """Ask until there is an answer; the last error is raised when patience is over."""
        return self._persist(call, (Throttled, ReplyLost, Unreachable, *(_FORGIVEN if self.forgives else ())))

    def write(self, call: Callable[[], T]) -> T:
        """Send until it was not refused for its rate; a lost reply is raised: its effect must be looked for."""
        return self._persist(call, (Throttled, Unreachable, *(_FORGIVEN[:1] if self.forgives else ())))

    def _persist(self, call: Callable[[], T], transient: tuple[type[Exception], ...]) -> T:
        begun, attempt, told = self.clock.monotonic(), 0, False
        while True:
            try:
                return call()
            except transient as error:
                left = self._left(error, begun)
                if left <= 0:
                    raise
                # A part was read: nobody is overloaded, and the next part may be asked for.
                part = isinstance(error, Unfinished)
                pause = min(left, PART_SECONDS if part else backoff(attempt, self.clock))
                attempt = 0 if part else attempt + 1
                told = told or (not part and self._told(error, self.clock.monotonic() - begun, pause))
            self.clock.sleep(pause)

    def _left(self, error: Exception, begun: float) -> float:
        most = self.out_of_reach if isinstance(error, Unreachable) else self.seconds
        most = min(most, DENIED_SECONDS) if isinstance(error, AccessDenied) else most
        return min(self.left, begun + most - self.clock.monotonic())

    def _told(self, error: Exception, asked: float, pause: float) -> bool:
        """Told before a pause at whose end it would be late."""
        if asked + pause < NOTICE_SECONDS:
            return False
        self.notice(asked, error)
        return True


def backoff(attempt: int, clock: Clock) -> float:
    """Seconds before the next attempt: doubling up to 30, with jitter so that parallel pipelines part."""
    return min(30.0, 2.0 ** min(attempt, 10)) * (0.5 + jitter(clock) / 2)


def jitter(clock: Clock) -> float:
    """A number within [0, 1) that differs between runs in real time, and never in simulated time."""
    return clock.monotonic() * 997 % 1
