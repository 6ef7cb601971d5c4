"""Real time."""

import time
from datetime import UTC, datetime


class WallClock:
    """The machine's own clock; satisfies `engine.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
