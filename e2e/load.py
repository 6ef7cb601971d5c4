"""Users: at least fifty requests a second through the load balancer, each answer kept with its time and version."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from e2e.world import SLOWEST_SECONDS, answer

NO_TARGET, NO_LISTENER = "no target is registered", "its target does not listen"
_FAILURES = {
    "No registered targets": NO_TARGET,
    "Connection refused": NO_LISTENER,
    "No route to host": NO_LISTENER,
    # The load balancer waits longer than a user for a target whose address is gone.
    "timed out": NO_LISTENER,
}

RATE = 60.0
"""Requests a second that are begun, on loopback alone."""
WORKERS = 16
_ADDRESS = re.compile(r"\d+(\.\d+){3}(:\d+)?")
LONGEST_SECONDS = 180.0
"""Whatever happens, the load ends then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request: when it was begun, in seconds since the load began, and what came back."""

    at: float
    status: int
    said: str
    """The version that answered; where none did, what went wrong."""

    @property
    def failed(self) -> bool:
        return self.status != 200

    @property
    def failure(self) -> str:
        """What went wrong, in words that do not differ from request to request."""
        known = (kind for sign, kind in _FAILURES.items() if sign in self.said)
        return next(known, f"{self.status} {_ADDRESS.sub('*', self.said)}")


class Load:
    """Asks until the block ends. Its workers share one schedule, so a slow answer delays no other request."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._begun = 0
        self._answers: list[Answer] = []
        self._workers = [threading.Thread(target=self._ask, daemon=True) for _ in range(WORKERS)]
        self.began = time.monotonic()
        self.lasted = 0.0

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self.lasted = self.now()
        for worker in self._workers:
            worker.join(SLOWEST_SECONDS + 1.0)

    def now(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self.began

    @property
    def answers(self) -> tuple[Answer, ...]:
        with self._lock:
            return tuple(sorted(self._answers, key=lambda each: each.at))

    def _ask(self) -> None:
        while not self._over.is_set():
            due = self._next_due()
            if due > LONGEST_SECONDS or self._over.wait(max(0.0, due - self.now())):
                return
            at = self.now()
            status, said = answer()
            with self._lock:
                self._answers.append(Answer(at=at, status=status, said=said))

    def _next_due(self) -> float:
        with self._lock:
            # A schedule that fell behind starts anew from now: the machine was busy, and catching up would be a burst.
            self._begun = max(self._begun, int((self.now() - 1.0) * RATE))
            due, self._begun = self._begun / RATE, self._begun + 1
            return due


def versions(answers: Iterable[Answer]) -> Counter[str]:
    """How many answers each version gave."""
    return Counter(each.said for each in answers if not each.failed)


def failures(answers: Iterable[Answer]) -> Counter[str]:
    """How many requests failed of each kind."""
    return Counter(each.failure for each in answers if each.failed)
