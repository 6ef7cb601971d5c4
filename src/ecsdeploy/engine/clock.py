"""Real time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_COUNTS_SLEEP: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""Of the clocks that never go back, the one that goes on while the machine is asleep, as the deployment does.

Linux's has this name, macOS's is its CLOCK_MONOTONIC, and `time.monotonic` is Windows's:
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
