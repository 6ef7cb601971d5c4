"""Turns the signals that end a run into exceptions."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from math import inf
from types import FrameType

from ecsdeploy.errors import HungUp, Terminated

BOUNCE_SECONDS = 0.1
"""Two signals within this time are one: a key may bounce, or a parent pass on what the terminal sent us already."""


class Underway(KeyboardInterrupt):
    """An interrupt after the run began: something may have been changed."""


def number_of(interrupt: BaseException) -> int:
    """The number of the signal that an exception stands for; 0 if it may be any."""
    if isinstance(interrupt, Terminated):
        return signal.SIGTERM
    return signal.SIGHUP if isinstance(interrupt, HungUp) else 0


class Signals:
    """Remembers which signal interrupted this process: Ctrl-C, unless another one came."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.number: int = signal.SIGINT
        self._monotonic = monotonic
        self._taken = dict[int, float]()
        self.divert: Callable[[KeyboardInterrupt], None] | None = None
        """Takes the exception of a signal instead of having it raised: see `engine.fleet.hub`."""

    def listen(self) -> None:
        """From now on, raise an exception for SIGTERM and SIGHUP, as for Ctrl-C.

        We leave SIGHUP alone if it is ignored (`nohup`). A signal that repeats within `BOUNCE_SECONDS` counts once.
        """
        signal.signal(signal.SIGTERM, self._interrupt)
        # A shell without job control starts a process in the background with SIGINT ignored.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._interrupt)

    def interrupt(self, number: int) -> None:
        """Raise the exception of this signal, or hand it to who takes it, and remember its number."""
        self.number = number
        kind = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: Terminated}.get(signal.Signals(number), HungUp)
        interrupt = kind()
        if self.divert is None:
            raise interrupt
        self.divert(interrupt)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        now = self._monotonic()
        if now - self._taken.get(number, -inf) < BOUNCE_SECONDS:
            return
        self._taken[number] = now
        if number == getattr(signal, "SIGHUP", None):
            # A closing terminal sends it twice: the kernel does, and the shell. The second must not cut our ending.
            signal.signal(number, signal.SIG_IGN)
        self.interrupt(number)
