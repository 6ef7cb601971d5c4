"""Virtual time: a clock that jumps from event to event, and the heap that holds them."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count


@dataclass(slots=True)
class Timer:
    """An action due at `when` (epoch seconds); `cancel` makes it a no-op."""

    when: float
    action: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """Epoch seconds that move only when somebody sleeps; events run in (time, sequence) order."""

    __slots__ = ("_heap", "_now", "_sequence")

    def __init__(self, start: float) -> None:
        self._now = start
        self._heap: list[tuple[float, int, Timer]] = []
        self._sequence = count()

    def time(self) -> float:
        return self._now

    def at(self, when: float, action: Callable[[], None]) -> Timer:
        """Run `action` at `when`, or now if that has passed."""
        timer = Timer(max(when, self._now), action)
        heapq.heappush(self._heap, (timer.when, next(self._sequence), timer))
        return timer

    def after(self, delay: float, action: Callable[[], None]) -> Timer:
        return self.at(self._now + delay, action)

    def sleep(self, seconds: float) -> None:
        """Advance by `seconds`, running every event that falls due."""
        self.run_until(self._now + seconds)

    def run_until(self, when: float) -> None:
        """Run every event due at or before `when`, then stand at `when`; never goes back."""
        while (due := self.next_due()) is not None and due <= when:
            self.step()
        self._now = max(self._now, when)

    def step(self) -> bool:
        """Jump to the next event and run it; False when none is left."""
        while self._heap:
            due, _, timer = heapq.heappop(self._heap)
            if not timer.cancelled:
                self._now = max(self._now, due)
                timer.action()
                return True
        return False

    def next_due(self) -> float | None:
        """When the next event that still counts is due."""
        while self._heap and self._heap[0][2].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
