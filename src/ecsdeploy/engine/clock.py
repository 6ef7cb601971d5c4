"""Real time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

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
