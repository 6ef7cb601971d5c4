"""Virtual time: a clock that jumps from one timer to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count


@dataclass(slots=True)
class Timer:
    """An action that is due at `when`, in seconds since 1970. After `cancel` it does nothing."""

    when: float
    action: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """The time in seconds since 1970. It moves only when somebody moves it. Timers run in the order of time, then of
    creation.
    """

    __slots__ = ("_heap", "_now", "_sequence")

    def __init__(self, start: float) -> None:
        self._now = start
        self._heap: list[tuple[float, int, Timer]] = []
        self._sequence = count()

    def time(self) -> float:
        return self._now

    def at(self, when: float, action: Callable[[], None]) -> Timer:
        """Run `action` at `when`, or now if `when` has passed."""
        timer = Timer(max(when, self._now), action)
        heapq.heappush(self._heap, (timer.when, next(self._sequence), timer))
        return timer

    def after(self, delay: float, action: Callable[[], None]) -> Timer:
        """Run `action` in `delay` seconds."""
        return self.at(self._now + delay, action)

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`. Run every timer that is due."""
        self.run_until(self._now + seconds)

    def run_until(self, when: float) -> None:
        """Run every timer that is due at or before `when`. Then it is `when`, unless it was later already."""
        while (due := self.next_due()) is not None and due <= when:
            self.step()
        self._now = max(self._now, when)

    def step(self) -> bool:
        """Jump to the next timer and run it. False if there is none."""
        while self._heap:
            due, _, timer = heapq.heappop(self._heap)
            if not timer.cancelled:
                self._now = max(self._now, due)
                timer.action()
                return True
        return False

    def next_due(self) -> float | None:
        """The time of the next timer that is not cancelled. None if there is none."""
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
