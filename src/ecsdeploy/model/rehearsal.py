"""A release that was played in a simulated world like the live service: what `ecs-deploy rehearse` tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

_ALL = 100


@value(frozen=True, slots=True, kw_only=True)
class Ground:
    """What was read of the live service, to play a release of `after` on it. None is for what was not read."""

    place: Place
    at: datetime
    service: Service
    before: TaskDefinition
    after: TaskDefinition
    route: Route | None = None
    """How CodeDeploy would bring the release, where it deploys the service."""
    starts: tuple[float, ...] = ()
    """Seconds from creation to RUNNING of each task that runs."""
    check_seconds: float | None = None
    """How often the slowest target group checks."""
    drain_seconds: float | None = None
    took: tuple[float, ...] = ()
    """Seconds that past releases took, the newest first."""
    findings: tuple[Finding, ...] = ()
    """What the checks of the deploy found."""
    unread: tuple[str, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class Premise:
    """A quantity that the play rests on, in seconds, and where it comes from; `assumed` where it was not read."""

    what: str
    seconds: float
    source: str
    assumed: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Premises:
    """All that the play rests on; `assumed` has a sentence for each thing that nothing can tell."""

    start: Premise
    check: Premise | None = None
    """How often the load balancer checks; None without one."""
    drain: Premise | None = None
    assumed: tuple[str, ...] = ()

    @property
    def quantities(self) -> tuple[Premise, ...]:
        return tuple(each for each in (self.start, self.check, self.drain) if each)


@value(frozen=True, slots=True, kw_only=True)
class Sample:
    """The tasks from `at` seconds on, until the next sample: those that are healthy, by version, and all there are.

    `traffic` is the percentage of production traffic that the new version gets; None where none is shifted. `stage` is
    that of a deployment that shifts traffic.
    """

    at: float
    old: int
    new: int
    total: int
    traffic: float | None = None
    stage: str = ""

    @property
    def healthy(self) -> int:
        return self.old + self.new

    @property
    def serves(self) -> str:
        """Which versions have healthy tasks that get traffic: `old`, `new`, `both` or `nothing`."""
        old, new = self.old > 0 and self.traffic != _ALL, self.new > 0 and self.traffic != 0
        if old and new:
            return "both"
        return "old" if old else "new" if new else "nothing"


class Turn(StrEnum):
    """What kind of moment it is."""

    BEGUN = "begun"
    STAGE = "stage"
    REACHED = "reached"
    """The tasks or the traffic came to what a reader waits for."""
    PAUSED = "paused"
    ROLLING_BACK = "rolling_back"
    VERDICT = "verdict"


@value(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened `at` seconds after the deploy began."""

    at: float
    what: str
    kind: Turn


@value(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the service's percentages allow while it deploys: at least `lowest` healthy tasks, at most `highest`."""

    desired: int
    lowest: int
    highest: int


@value(frozen=True, slots=True, kw_only=True)
class Play:
    """A release as it was played: without a fault, or under the one that `fault` names."""

    fault: str
    means: str
    """What happens in it, in words."""
    status: Status
    reason: str
    """Why it did not succeed; empty if it did."""
    seconds: float
    """Until the deploy has its verdict."""
    samples: tuple[Sample, ...]
    moments: tuple[Moment, ...]
    below_seconds: float
    """For how long fewer tasks were healthy than the service's own bound."""
    down_seconds: float
    """For how long no task was healthy."""
    new_seconds: float
    """For how long tasks of the new version served."""
    settled_seconds: float | None
    """When the deployment had ended; None if nothing ended it within an hour after the verdict."""
    lowest: int
    """How many tasks were healthy at least."""
    highest: int
    """How many tasks there were at most."""
    serves: str
    """What serves in the end: `old`, `new`, `both` or `nothing`."""


@value(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A fault that cannot befall this service, and why."""

    fault: str
    why: str


@value(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The plays of one release, the first one without a fault."""

    place: Place
    at: datetime
    bounds: Bounds
    timeout_seconds: float
    premises: Premises
    took: tuple[float, ...]
    plays: tuple[Play, ...]
    images: tuple[tuple[str, str], ...] = ()
    """The images that the release would bring, by the names of their containers."""
    traps: tuple[str, ...] = ()
    """Deadlocks and time limits that the release would meet, each in a sentence."""
    limits: tuple[str, ...] = ()
    """What ends a release that goes wrong, each in a sentence."""
    skipped: tuple[Skipped, ...] = ()
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether the deploy would refuse, and write nothing."""
        return any(each.blocking for each in self.findings)
