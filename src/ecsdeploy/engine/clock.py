"""Real time, and waits that another thread can end."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

    from ecsdeploy.engine.ports import Clock

_COUNTS_SLEEP: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""The id of the monotonic clock that also counts while this machine sleeps, as the deployment goes on meanwhile.

Linux calls it CLOCK_BOOTTIME, macOS CLOCK_MONOTONIC. Windows has neither name (None): there `time.monotonic` counts it.
https://man7.org/linux/man-pages/man2/clock_gettime.2.html
"""


class WallClock:
    """The machine's own clock; satisfies `engine.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() if _COUNTS_SLEEP is None else time.clock_gettime(_COUNTS_SLEEP)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_SLICE_SECONDS = 0.5


class InterruptibleClock:
    """A clock in which a wait ends with `signal` soon after `leaving` is set; this happens once.

    Only waits end so: a call that is being made is finished, so that no write is left without its answer.
    """

    def __init__(self, clock: Clock, leaving: Event, signal: type[KeyboardInterrupt] = KeyboardInterrupt) -> None:
        self._clock, self._leaving, self._signal = clock, leaving, signal
        self._is_told = False

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        left = seconds
        while left > 0:
            self._interrupt()
            part = min(left, _SLICE_SECONDS)
            self._clock.sleep(part)
            left -= part
        self._interrupt()

    def _interrupt(self) -> None:
        if self._leaving.is_set() and not self._is_told:
            self._is_told = True
            raise self._signal
