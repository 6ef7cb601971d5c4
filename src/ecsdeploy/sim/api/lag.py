"""Reads that lag behind writes.

A second Region, the twin, answers them: it is some seconds in the past. AWS says that ECS is eventually consistent:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress

from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

Change = Callable[[Region], object]


class Lag:
    """A twin of the Region that is `seconds` behind.

    Both begin alike and get the same changes at the same times, so the twin becomes what the Region was.
    """

    __slots__ = ("_changes", "_seconds", "_twin")

    def __init__(self, twin: Region, seconds: float) -> None:
        self._twin = twin
        self._seconds = seconds
        self._changes: deque[tuple[float, Change]] = deque()

    def note(self, when: float, change: Change) -> None:
        """Remember a change of the Region, for the twin."""
        self._changes.append((when, change))

    def read(self, now: float, ask: Callable[[Region], Json]) -> Json:
        """The answer that the Region would have given `seconds` ago."""
        seen = now - self._seconds
        while self._changes and self._changes[0][0] <= seen:
            when, change = self._changes.popleft()
            self._twin.clock.run_until(when)
            with suppress(ApiError):
                change(self._twin)
        self._twin.clock.run_until(seen)
        return ask(self._twin)
