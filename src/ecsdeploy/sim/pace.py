"""How the clock of a world follows the wall clock, at a speed that can change, or paused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from ecsdeploy.sim.codec.wire import Reply
from ecsdeploy.sim.ground.errors import SimError
from ecsdeploy.sim.scenario.values import Scenario
from ecsdeploy.sim.world import World

FASTEST = 1_000_000.0
# For how many seconds, at most, we move the world to now: before a call, and between two calls. A client waits longer:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html
_CALL, _BETWEEN = 0.5, 0.2
Seen = TypeVar("Seen")


def check_speed(speed: float) -> float:
    """The speed. SimError for a speed that is not above 0 or is too high."""
    if not 0 < speed <= FASTEST:
        raise SimError(f"The speed must be more than 0 and at most {FASTEST:,.0f}, not {speed:g}.")
    return speed


class Pace:
    """A world whose clock follows the wall clock. One request at a time moves it.

    If the machine is too slow for the world, the world falls behind. It then goes on from where it is, and no caller
    waits for the rest. `begin` makes the world that replaces this one after a reset.
    """

    def __init__(self, world: World, speed: float, begin: Callable[[Scenario], World] = World) -> None:
        self.world: World = world
        self._begin = begin
        self._speed = check_speed(speed)
        self._paused = False
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._base = world.clock.time()

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def paused(self) -> bool:
        return self._paused

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Move the world to now and answer a call. Wait as long as the call took in virtual time.

        While the clock is paused, it moves on by that time too. Else each call would wait for all calls before it.
        """
        seconds = 0.0
        try:
            with self._lock:
                self._catch_up(_CALL)
                try:
                    return self.world.transport(method, url, headers, body)
                finally:
                    seconds = max(0.0, self.world.clock.time() - self._now()) / self._speed
                    if self._paused:
                        self._stand()
        finally:
            time.sleep(seconds)

    def read(self, see: Callable[[World], Seen]) -> Seen:
        """Move the world to now and read something from it."""
        with self._lock:
            self._catch_up(_CALL)
            return see(self.world)

    def change(self, do: Callable[[World], Seen]) -> Seen:
        """Move the world to now and change it. Time goes on from where the change leaves it."""
        with self._lock:
            self._catch_up(_CALL)
            try:
                return do(self.world)
            finally:
                self._stand()

    def begin_again(self, scenario: Scenario | None = None) -> None:
        """Replace the world by a new one, of the same scenario or of another."""
        world = self._begin(scenario or self.world.scenario)
        with self._lock:
            self.world = world
            self._stand()

    def keep_up(self) -> None:
        """Move the world between two calls, so that the next call has little left to do."""
        with self._lock:
            self._catch_up(_BETWEEN)

    def _catch_up(self, patience: float) -> None:
        clock, now, end = self.world.clock, self._now(), time.monotonic() + patience
        while (due := clock.next_due()) is not None and due <= now:
            if time.monotonic() > end:
                self._stand()
                return
            clock.step()
        clock.run_until(now)

    def pause(self) -> None:
        """Stop the clock. Calls are still answered."""
        with self._lock:
            self._anchor()
            self._paused = True

    def resume(self) -> None:
        """Let the clock run again."""
        with self._lock:
            self._anchor()
            self._paused = False

    def set_speed(self, speed: float) -> None:
        """Change the speed from now on. SimError for a speed that is not above 0 or is too high."""
        with self._lock:
            self._anchor()
            self._speed = check_speed(speed)

    def _stand(self) -> None:
        """Count from the present time of the world."""
        self._base, self._began = self.world.clock.time(), time.monotonic()

    def _anchor(self) -> None:
        """Count from this moment. The world never goes back behind a call."""
        self._base = max(self._now(), self.world.clock.time())
        self._began = time.monotonic()

    def _now(self) -> float:
        return self._base if self._paused else self._base + (time.monotonic() - self._began) * self._speed
