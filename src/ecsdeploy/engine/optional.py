"""Optional reads: if one fails, the run goes on without its answer."""

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
"""Is called with the name of a read that has no answer, and its error; with None if no time was left to ask."""


class Ask(Protocol):
    """Makes an optional read, which `what` names in words. Returns its answer, or None if there is none."""

    def __call__(self, what: str, read: Callable[[], T], /) -> T | None: ...


def silent(_what: str, _error: EcsDeployError | None, /) -> None:
    """The note that tells nobody."""


def warning(emit: Emitter) -> Note:
    """The note that warns, for reads whose name is the code of a warning. It is silent if no time was left to ask."""

    def warn(code: str, error: EcsDeployError | None) -> None:
        if error is not None:
            emit.warn_once(code, str(error))

    return warn


@value(slots=True, kw_only=True)
class OptionalReads:
    """Makes optional reads by the policy that its members set, and remembers which ones failed.

    All times are in seconds of `clock.monotonic`.
    """

    clock: Clock
    until: float = inf
    """No read begins at this time or later."""
    again: float = 0
    """For how many seconds a failed read is repeated; with 0 there is one try."""
    rests: float = 0
    """For how many seconds after an `AwsError` the same read is not made again."""
    remembers_denials: bool = False
    """Whether a read that AWS denied is never made again."""
    spares: tuple[type[EcsDeployError], ...] = (EcsDeployError,)
    """The errors for which `ask` returns None."""
    raises: tuple[type[EcsDeployError], ...] = ()
    """The errors among them that `ask` raises all the same."""
    note: Note = silent
    notice: Notice = untold
    """Is called if a read is repeated for long."""
    denied: set[str] = field(default_factory=set)
    """Names of reads that AWS denied."""
    failed: dict[str, float] = field(default_factory=dict)
    """When each read that failed began."""
    begun: set[str] = field(default_factory=set)
    """Names of long lists of which the last read got a part only. The next read goes on from there."""

    @property
    def time_is_up(self) -> bool:
        """Whether no further read begins."""
        return self.clock.monotonic() >= self.until

    def ask(self, what: str, read: Callable[[], T], /) -> T | None:
        """The answer of `read`, or None. `what` names the read in notes, and is the key of what is remembered.

        Errors: those of `raises`, and those that `spares` leaves out.
        """
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
