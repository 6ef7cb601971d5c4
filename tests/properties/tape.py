"""A tape of all that a run was told, and when: it can be played again with other secrets, without the world.

What the client asks and for how long it sleeps must then be the same, but for the secrets; so is what it was told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ecsdeploy.engine.ports import Clock

Reply = tuple[int, Mapping[str, str], bytes]


class Signals(Protocol):
    number: int
    """The signal that came last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One call, or one sleep: what was asked, what came of it, and the time and the signal by then."""

    asked: tuple[object, ...]
    reply: Reply | None
    raised: BaseException | None
    now: datetime
    monotonic: float
    signal: int


@dataclass(slots=True, kw_only=True)
class Tape:
    """Stands between the client and its transport and clock, and takes down what passes."""

    answers: Callable[..., Any]
    """The transport."""
    clock: Clock
    signals: Signals
    cuts: list[Cut] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._take((), None, None)

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Any:
        return self._taken((method, url, body), lambda: self.answers(method, url, headers, body))

    def now(self) -> datetime:
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._taken((seconds,), lambda: self.clock.sleep(seconds))

    def _taken(self, asked: tuple[object, ...], do: Callable[[], Any]) -> Any:
        try:
            reply = do()
        except BaseException as error:
            self._take(asked, None, error)
            raise
        self._take(asked, reply, None)
        return reply

    def _take(self, asked: tuple[object, ...], reply: Reply | None, raised: BaseException | None) -> None:
        now, monotonic, signal = self.clock.now(), self.clock.monotonic(), self.signals.number
        self.cuts.append(Cut(asked=asked, reply=reply, raised=raised, now=now, monotonic=monotonic, signal=signal))


class Replay:
    """The transport and the clock of the same run, in which each of `secrets` is another one."""

    def __init__(self, tape: Tape, secrets: Mapping[str, str], signals: Signals) -> None:
        self._cuts, self._at, self._signals = tape.cuts, 0, signals
        self._secrets = {was.encode(): now.encode() for was, now in secrets.items()}
        self.differs = ""
        """The first call or sleep that was not the one on the tape."""

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        reply = self._next((method, url, body))
        assert reply is not None
        status, told, content = reply
        return status, told, self._with_others(content)

    def now(self) -> datetime:
        return self._cuts[self._at].now

    def monotonic(self) -> float:
        return self._cuts[self._at].monotonic

    def sleep(self, seconds: float) -> None:
        self._next((seconds,))

    def left(self) -> int:
        """How many calls and sleeps the tape still has."""
        return len(self._cuts) - 1 - self._at

    def _next(self, asked: tuple[object, ...]) -> Reply | None:
        expected = self._cuts[self._at + 1] if self.left() else None
        if expected is None or tuple(map(self._other, expected.asked)) != asked:
            self.differs = self.differs or f"asked {asked}, and {expected and expected.asked} the first time"
            raise AssertionError(self.differs)
        self._at += 1
        self._signals.number = expected.signal
        if expected.raised is not None:
            raise type(expected.raised)(*expected.raised.args)
        return expected.reply

    def _other(self, asked: object) -> object:
        return self._with_others(asked) if isinstance(asked, bytes) else asked

    def _with_others(self, content: bytes) -> bytes:
        for was, now in self._secrets.items():
            content = content.replace(was, now)
        return content
