"""Reads that tell more of a rollout than its verdict needs: each may be denied, or fail, without harm to the look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from math import inf
from typing import TypeVar

from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, NoSuchResource, Unfinished
from ecsdeploy.model.events import Monitored
from ecsdeploy.model.service import ServiceDeployment, Task
from ecsdeploy.model.values import value

T = TypeVar("T")

AGAIN_SECONDS = 3.0
"""How long a read is tried anew at once: of many reads, one may often fail."""
LEAVES_SECONDS = 15.0
"""How long the target of a task that stops may still be called healthy: about ten seconds in captures."""
LATER_SECONDS = 15.0
"""How long a read that failed is left alone."""


@value(slots=True)
class Beside:
    """What was told last of target groups and alarms, what of it is denied, and when to read it again."""

    told: Monitored = field(default_factory=Monitored)
    denied: set[str] = field(default_factory=set)
    due: float = 0


class Extras:
    """What was read last of our service deployment and of our tasks, and when on the clock; None while nothing was."""

    def __init__(self, run: Run) -> None:
        self.deployed: ServiceDeployment | None = None
        self.deployed_at: float | None = None
        self.tasks: tuple[Task, ...] | None = None
        self.tasks_at: float | None = None
        self.monitored = Beside()
        self._ran: list[tuple[float, int]] = []
        self._run = run
        self._denied: set[str] = set()
        self._failed: dict[str, float] = {}
        self._begun: set[str] = set()

    def lately_running(self, count: int) -> int:
        """The most tasks that were counted since a target that leaves may still be called healthy."""
        now = self._run.clock.monotonic()
        self._ran = [(at, ran) for at, ran in self._ran if now <= at + LEAVES_SECONDS] + [(now, count)]
        return max(ran for _, ran in self._ran)

    def is_begun(self, what: str) -> bool:
        """A part was read when it was asked for last: the next look goes on with it."""
        return what in self._begun

    def ask(self, what: str, read: Callable[[], T]) -> T | None:
        """None where it is denied (then it is not asked for again), not there, begun only, or failed a moment ago.

        Credentials that are gone are no matter of this read alone: their error is raised.
        """
        clock = self._run.clock
        now = clock.monotonic()
        if what in self._denied or now < self._failed.get(what, -inf) + LATER_SECONDS:
            return None
        self._begun.discard(what)
        try:
            return Patience(clock=clock, seconds=AGAIN_SECONDS, start=now).read(read)
        except CredentialsError:
            raise
        except Unfinished:
            self._begun.add(what)
        except (AccessDenied, NoSuchResource) as error:
            if isinstance(error, AccessDenied):
                self._denied.add(what)
            self._run.emit.warn_once("W-UNREADABLE", error.message)
        except AwsError:
            self._failed[what] = now
        return None
