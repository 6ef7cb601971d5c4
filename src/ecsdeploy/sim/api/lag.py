"""Reads that lag behind writes: they are answered by a twin of the Region that lives some seconds in the past.

AWS says that ECS is eventually consistent: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress

from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

Step = Callable[[Region], object]


class Lag:
    """A twin begins like the Region it follows, so the same steps at the same times make it the same, only later."""

    __slots__ = ("_seconds", "_steps", "_twin")

    def __init__(self, twin: Region, seconds: float) -> None:
        self._twin = twin
        self._seconds = seconds
        self._steps: deque[tuple[float, Step]] = deque()

    def note(self, when: float, step: Step) -> None:
        """Something that changed the Region, to be done to the twin in its turn."""
        self._steps.append((when, step))

    def read(self, now: float, ask: Callable[[Region], Json]) -> Json:
        """The answer as it would have been, `seconds` ago."""
        seen = now - self._seconds
        while self._steps and self._steps[0][0] <= seen:
            when, step = self._steps.popleft()
            self._twin.clock.run_until(when)
            with suppress(ApiError):
                step(self._twin)
        self._twin.clock.run_until(seen)
        return ask(self._twin)
