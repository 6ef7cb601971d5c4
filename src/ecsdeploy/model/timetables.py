"""What starts tasks of a family at set times or on events, at which revision: what `ecs-deploy schedules` tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.arn import ServiceRef, revision_name, short_name, split_revision
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.values import value


class StartKind(StrEnum):
    """What it is; its value is the word in a sentence."""

    RULE = "EventBridge rule"
    SCHEDULE = "schedule"


class Fate(StrEnum):
    """What becomes of a start that is moved to the service's revision."""

    MOVE = "move"
    ALREADY = "already"
    NEWEST = "newest"
    """It names the family alone, and so follows each new revision."""
    ELSEWHERE = "elsewhere"
    """It starts tasks in another cluster than the service's."""


@value(frozen=True, slots=True, kw_only=True)
class Start:
    """A target of a rule, or a schedule. `group` is its event bus, or its schedule group.

    `cluster` and `revision` are names or ARNs, as they stand there; a family alone means its newest revision.
    """

    kind: StartKind
    name: str
    group: str
    cluster: str
    revision: str
    target: str = ""
    """The id of a rule's target."""

    @property
    def who(self) -> str:
        return f"{self.kind.value} `{self.name}`"

    def fate(self, cluster: str, revision: str) -> Fate:
        """What becomes of it where the service runs `revision` in `cluster`: only what starts tasks there is moved."""
        if short_name(self.cluster) != short_name(cluster):
            return Fate.ELSEWHERE
        if split_revision(self.revision)[1] is None:
            return Fate.NEWEST
        return Fate.ALREADY if revision_name(self.revision) == revision_name(revision) else Fate.MOVE


@value(frozen=True, slots=True, kw_only=True)
class SchedulesRequest:
    """What starts tasks of the service's family; with `to_running`, move that to the revision that the service runs."""

    service: ServiceRef
    to_running: bool = False
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Planned:
    """One start, and what becomes of it."""

    start: Start
    fate: Fate


@value(frozen=True, slots=True, kw_only=True)
class Timetable:
    """All starts of the family, and the revision that the service runs."""

    place: Place
    at: datetime
    family: str
    revision: str
    starts: tuple[Planned, ...]

    @property
    def moves(self) -> tuple[Start, ...]:
        return tuple(each.start for each in self.starts if each.fate is Fate.MOVE)


@value(frozen=True, slots=True, kw_only=True)
class Moved:
    """One start that was moved, or was `left` because somebody has changed it since the plan."""

    start: Start
    left: bool = False
