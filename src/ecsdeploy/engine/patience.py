"""The only place that repeats a call to AWS: reads always, a write only where that does no harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    CredentialsError,
    ReplyLost,
    Throttled,
    Unfinished,
    Unreachable,
    Untold,
)
from ecsdeploy.model.values import replace, value

T = TypeVar("T")

UNREACHABLE_SECONDS = 4.0
"""How long an endpoint that cannot be reached is tried again. One try may itself take five seconds."""
PART_SECONDS = 1.0
"""Seconds between the reads of two parts of a long list."""
DENIED_SECONDS = 30.0
"""How long a call is repeated after AccessDenied, once the run has begun something: changes of IAM take some seconds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency
"""
_FORGIVEN = (CredentialsError, AccessDenied)
NOTICE_SECONDS = 5.0
"""A call that is repeated for longer than this is told to the user."""

Notice = Callable[[float, Exception], None]
"""Is called once for a call that is repeated for long: with the seconds since its first try, and the last error."""


def untold(_seconds: float, _error: Exception) -> None:
    """The notice that tells nobody."""


@value(frozen=True, slots=True, kw_only=True)
class Patience:
    """Repeats calls until one deadline, which they share: `seconds` after `start`, a time of `clock.monotonic`."""

    clock: Clock
    seconds: float
    start: float
    out_of_reach: float = UNREACHABLE_SECONDS
    """How many seconds of each call the endpoint may be unreachable: more once the run has begun something."""
    forgives: bool = False
    """Whether reads are repeated after CredentialsError and AccessDenied, and writes after CredentialsError.

    Set once the run has begun something: it had both a moment ago, so they may come back.
    """
    notice: Notice = untold

    def once_begun(self) -> Patience:
        """The patience for calls after a write: it waits for a network that is down, and `seconds` is left at least."""
        return self.forgiving(self.seconds)

    def forgiving(self, least: float) -> Patience:
        """The patience for calls after a write: the same deadline, or later so that `least` seconds are left."""
        start = max(self.start, self.clock.monotonic() + least - self.seconds)
        return replace(self, start=start, out_of_reach=self.seconds, forgives=True)

    def brief(self, seconds: float) -> Patience:
        """The patience for optional calls: the deadline is `seconds` from now."""
        return replace(self, start=self.clock.monotonic(), seconds=seconds, forgives=False)

    def sparing(self, seconds: float) -> Patience:
        """The same, with the deadline `seconds` earlier."""
        return replace(self, seconds=self.seconds - seconds)

    @property
    def left(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.start + self.seconds - self.clock.monotonic()

    def read(self, call: Callable[[], T]) -> T:
        """Repeat a read until AWS answers. Raises the last error at the deadline, and any other error at once."""
        return self._persist(call, (Throttled, ReplyLost, Unreachable, *(_FORGIVEN if self.forgives else ())))

    def write(self, call: Callable[[], T]) -> T:
        """Repeat a write while it is throttled or AWS cannot be reached. Raises `ReplyLost` at once.

        After `ReplyLost`, the caller must look for the effect of the write.
        """
        return self._persist(call, (Throttled, Unreachable, *(_FORGIVEN[:1] if self.forgives else ())))

    def repeat(self, call: Callable[[], T]) -> T:
        """Repeat a write that does no harm if AWS carries it out twice. Raises `Untold` if it may have done so once."""
        lost: list[ReplyLost] = []

        def once() -> T:
            try:
                return call()
            except ReplyLost as error:
                lost.append(error)
                raise

        try:
            return self.read(once)
        except AwsError:
            if not lost:
                raise
            last = lost[-1]
        raise Untold(f"It is not known whether this was carried out. {last.message}", hint=last.hint) from last

    def _persist(self, call: Callable[[], T], transient: tuple[type[Exception], ...]) -> T:
        begun, attempt, told = self.clock.monotonic(), 0, False
        while True:
            try:
                return call()
            except transient as error:
                left = self._left(error, begun)
                if left <= 0:
                    raise
                # AWS answered with a part of a list, so it is not overloaded: ask for the next part soon.
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
        """Tell the notice before the pause that would end after NOTICE_SECONDS. Returns whether it was told."""
        if asked + pause < NOTICE_SECONDS:
            return False
        self.notice(asked, error)
        return True


def backoff(attempt: int, clock: Clock) -> float:
    """Seconds before the next attempt: they double up to 30. Jitter keeps parallel pipelines apart."""
    return min(30.0, 2.0 ** min(attempt, 10)) * (0.5 + jitter(clock) / 2)


def jitter(clock: Clock) -> float:
    """A number from 0 up to 1 that is taken from the clock: in simulated time it is the same in each run."""
    return clock.monotonic() * 997 % 1
