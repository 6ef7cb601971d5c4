"""The signals that end a run, each as an exception that says which one came."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from math import inf
from types import FrameType
from typing import NoReturn

from ecsdeploy.errors import HungUp, Terminated

BOUNCE_SECONDS = 0.1
"""A key that bounces, or a parent that passes on what the terminal has sent already, sends a signal twice as soon."""


class Underway(KeyboardInterrupt):
    """An interrupt after the work had begun: something may have been changed."""


def number_of(interrupt: BaseException) -> int:
    """The signal that an exception alone tells; 0 where it may be any."""
    if isinstance(interrupt, Terminated):
        return signal.SIGTERM
    return signal.SIGHUP if isinstance(interrupt, HungUp) else 0


class Signals:
    """Remembers which signal interrupted this process: Ctrl-C, unless another one came."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.number: int = signal.SIGINT
        self._monotonic = monotonic
        self._taken = dict[int, float]()

    def listen(self) -> None:
        """Treat SIGTERM, and SIGHUP where there is one and nobody (`nohup`) has it ignored, like Ctrl-C from now on.

        The same signal once more is one, unless it comes so soon that nobody can have meant it.
        """
        signal.signal(signal.SIGTERM, self._interrupt)
        # Who started us in the background of a shell without jobs has it ignored.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._interrupt)

    def interrupt(self, number: int) -> NoReturn:
        """End the run as this signal does."""
        self.number = number
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise Terminated if number == signal.SIGTERM else HungUp

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        now = self._monotonic()
        if now - self._taken.get(number, -inf) < BOUNCE_SECONDS:
            return
        self._taken[number] = now
        if number == getattr(signal, "SIGHUP", None):
            # A closing terminal sends it twice, by the kernel and by the shell: the second must not cut off the end.
            signal.signal(number, signal.SIG_IGN)
        self.interrupt(number)
