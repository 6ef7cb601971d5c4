"""The tape of a run: each call and each sleep, what came of it, and the time by then.

A tape stands between the engine and both AWS and the clock. Time passes only from one cut to the next, also while we
record: so the second run sees the same times as the first.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from ecsdeploy.cli.session.signals import Signals, number_of
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.cli.words.given import Given
    from ecsdeploy.engine.ports import Clock

Json = Mapping[str, Any]


class Tape(Protocol):
    """A clock, and what a session asks instead of AWS."""

    def begin(self, command: str, given: Given) -> None:
        """Called once the command line is read, before anything else."""

    def take(self, asked: Json, ask: Callable[[], Json]) -> Json:
        """What came of `ask`, as JSON; raises the signal that came meanwhile."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Diverged(Exception):
    """The run asked something else than the record has."""


@value(frozen=True, slots=True, kw_only=True)
class Cut:
    """One call or sleep: what was asked, what came of it (a reply, an error or a signal), and the time by then."""

    asked: Json
    outcome: Json
    now: datetime
    monotonic: float

    def as_json(self) -> Json:
        return {
            "type": "cut",
            "asked": self.asked,
            "outcome": self.outcome,
            "now": self.now.isoformat(),
            "monotonic": self.monotonic,
        }


def cut_of(line: Json) -> Cut:
    """The cut of a line; raises a `KeyError`, `TypeError` or `ValueError` if it is none."""
    now, monotonic = datetime.fromisoformat(line["now"]), float(line["monotonic"])
    return Cut(asked={**line["asked"]}, outcome={**line["outcome"]}, now=now, monotonic=monotonic)


class Recording:
    """Takes down what passes to and from `clock`, and to and from AWS."""

    def __init__(self, clock: Clock, signals: Signals, begun: Callable[[str, Given], None]) -> None:
        self._clock, self._signals, self._begun = clock, signals, begun
        self.cuts: list[Cut] = []
        self._keep({}, {})

    def begin(self, command: str, given: Given) -> None:
        self._begun(command, given)

    def take(self, asked: Json, ask: Callable[[], Json]) -> Json:
        try:
            outcome = ask()
        except KeyboardInterrupt as interrupt:
            self._keep(asked, {"signal": number_of(interrupt) or self._signals.number})
            raise
        self._keep(asked, outcome)
        return outcome

    def now(self) -> datetime:
        return self.cuts[-1].now

    def monotonic(self) -> float:
        return self.cuts[-1].monotonic

    def sleep(self, seconds: float) -> None:
        def slept() -> Json:
            self._clock.sleep(seconds)
            return {}

        self.take({"sleep": seconds}, slept)

    def _keep(self, asked: Json, outcome: Json) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        self.cuts.append(Cut(asked=asked, outcome=outcome, now=now, monotonic=monotonic))


class Replay:
    """Gives the same again from the cuts of a record, and nothing to a run that asks something else."""

    def __init__(self, cuts: Sequence[Cut], signals: Signals, seen: Callable[[Json], Json]) -> None:
        """`seen` is how what is asked now would stand in a record."""
        self._cuts, self._at, self._signals, self._seen = cuts, 0, signals, seen
        self.differs: str = ""
        """The first call or sleep that is not the one of the record."""

    def begin(self, command: str, given: Given) -> None:
        """The record has begun already."""

    def take(self, asked: Json, ask: Callable[[], Json]) -> Json:  # noqa: ARG002 - nobody is asked
        now = self._seen(json.loads(json.dumps(asked)))
        expected = self._cuts[self._at + 1] if self.left else None
        if self.differs or expected is None or expected.asked != now:
            there = f"the record has {_called(expected.asked)}" if expected else "the record ends there"
            self.differs = self.differs or f"step {self._at + 1}: it does {_called(now)}, and {there}"
            raise Diverged(self.differs)
        self._at += 1
        if "signal" in expected.outcome:
            self._interrupt(expected.outcome["signal"])
        return expected.outcome

    def now(self) -> datetime:
        return self._cuts[self._at].now

    def monotonic(self) -> float:
        return self._cuts[self._at].monotonic

    def sleep(self, seconds: float) -> None:
        self.take({"sleep": seconds}, dict)

    @property
    def left(self) -> int:
        """How many calls and sleeps were not asked for."""
        return len(self._cuts) - 1 - self._at

    def _interrupt(self, number: object) -> None:
        ends = {int(signal.SIGTERM), int(getattr(signal, "SIGHUP", signal.SIGTERM))}
        self._signals.interrupt(number if isinstance(number, int) and number in ends else signal.SIGINT)


def _called(asked: Json) -> str:
    """The step in a few words."""
    if "sleep" in asked:
        return f"a pause of {asked['sleep']:g} s"
    return f"`{asked['service']}:{asked['operation']}`" if "operation" in asked else f"a look at {asked.get('fact')}"
