"""Reads that can be done without: one that fails costs a note at most, never the verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from math import inf
from typing import Protocol, TypeVar

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Notice, Patience, untold
from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import AccessDenied, AwsError, EcsDeployError, Unfinished
from ecsdeploy.model.values import value

T = TypeVar("T")

Note = Callable[[str, EcsDeployError | None], None]
"""Told what could not be read, and why; None as the reason means that no time was left to ask."""


class Ask(Protocol):
    """Reads what can be done without: None where it cannot be read; `what` says in words what it is."""

    def __call__(self, what: str, read: Callable[[], T], /) -> T | None: ...


def silent(_what: str, _error: EcsDeployError | None, /) -> None:
    """Nobody is told."""


def warning(emit: Emitter) -> Note:
    """The note of reads that are named by the code of a warning. Time that has run out is no reason to warn."""

    def warn(code: str, error: EcsDeployError | None) -> None:
        if error is not None:
            emit.warn_once(code, str(error))

    return warn


@value(slots=True, kw_only=True)
class OptionalReads:
    """Asks, and gives None where there is no answer. Its first members are the policy of whoever asks."""

    clock: Clock
    until: float = inf
    """No read begins at this time of the clock, or later."""
    again: float = 0
    """For how many seconds a read is tried anew; with 0 there is one try."""
    rests: float = 0
    """For how many seconds a read that failed is left alone."""
    remembers_denials: bool = False
    """A read that was denied is not asked for again."""
    spares: tuple[type[EcsDeployError], ...] = (EcsDeployError,)
    """The errors that end in None."""
    raises: tuple[type[EcsDeployError], ...] = ()
    """Those of them that are raised all the same."""
    note: Note = silent
    notice: Notice = untold
    """Told of a read that is asked again for long."""
    denied: set[str] = field(default_factory=set)
    failed: dict[str, float] = field(default_factory=dict)
    """When a read that failed was begun."""
    begun: set[str] = field(default_factory=set)
    """A part of these was read when they were asked for last: the next time goes on with it."""

    @property
    def time_is_up(self) -> bool:
        return self.clock.monotonic() >= self.until

    def ask(self, what: str, read: Callable[[], T], /) -> T | None:
        """The answer; `what` names the read in notes, and tells it from others where something is remembered."""
        now = self.clock.monotonic()
        if what in self.denied or now < self.failed.get(what, -inf) + self.rests:
            return None
        if self.time_is_up:
            self.note(what, None)
            return None
        self.begun.discard(what)
        seconds = min(self.again, self.until - now)
        try:
            return Patience(clock=self.clock, seconds=seconds, start=now, notice=self.notice).read(read)
        except self.raises:
            raise
        except self.spares as error:
            self._remember(what, error, now)
            self.note(what, error)
            return None

    def _remember(self, what: str, error: EcsDeployError, asked_at: float) -> None:
        match error:
            case Unfinished():
                self.begun.add(what)
            case AccessDenied() if self.remembers_denials:
                self.denied.add(what)
            case AwsError() if self.rests:
                self.failed[what] = asked_at
            case _:
                pass
