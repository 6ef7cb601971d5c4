"""Reads that tell more of a rollout than its verdict needs: each may be denied, or fail, without harm to the look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TypeVar

from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, CredentialsError, EcsDeployError, NoSuchResource
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


@value(slots=True, kw_only=True)
class Beside:
    """What was told last of target groups and alarms, and when to read it again."""

    reads: OptionalReads
    """One try each: who looks on is not to make the deployment's own reads late."""
    told: Monitored = field(default_factory=Monitored)
    due: float = 0


class Extras:
    """What was read last of our service deployment and of our tasks, and when on the clock; None while nothing was."""

    def __init__(self, run: Run) -> None:
        self.deployed: ServiceDeployment | None = None
        self.deployed_at: float | None = None
        self.tasks: tuple[Task, ...] | None = None
        self.tasks_at: float | None = None
        self.monitored = Beside(reads=OptionalReads(clock=run.clock, remembers_denials=True))
        self._ran: list[tuple[float, int]] = []
        self._run = run
        self.reads = OptionalReads(
            clock=run.clock,
            again=AGAIN_SECONDS,
            rests=LATER_SECONDS,
            remembers_denials=True,
            # Credentials that are gone are no matter of one read alone.
            raises=(CredentialsError,),
            note=self._note,
        )

    def lately_running(self, count: int) -> int:
        """The most tasks that were counted since a target that leaves may still be called healthy."""
        now = self._run.clock.monotonic()
        self._ran = [(at, ran) for at, ran in self._ran if now <= at + LEAVES_SECONDS] + [(now, count)]
        return max(ran for _, ran in self._ran)

    def is_begun(self, what: str) -> bool:
        """A part was read when it was asked for last: the next look goes on with it."""
        return what in self.reads.begun

    def ask(self, what: str, read: Callable[[], T]) -> T | None:
        """None where it is denied, not there, begun only, or failed a moment ago."""
        return self.reads.ask(what, read)

    def _note(self, _what: str, error: EcsDeployError | None) -> None:
        if isinstance(error, AccessDenied | NoSuchResource):
            self._run.emit.warn_once("W-UNREADABLE", error.message)
