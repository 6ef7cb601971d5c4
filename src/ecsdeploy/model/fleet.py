"""Several services as one release: what was asked for, how far each member is, and how the whole ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Outcome, Status
from ecsdeploy.model.request import OnInterrupt, RegisterRequest, Request, RunRequest
from ecsdeploy.model.values import value


class OnMemberFailure(StrEnum):
    """What a release of several services does when one of them fails."""

    LEAVE = "leave"
    """What has been released stays."""
    STOP = "stop"
    """The same, and the deployment of one that failed is stopped."""
    ROLLBACK = "rollback"
    """All that this release has touched goes back."""
    ROLLBACK_FAILED = "rollback-failed"
    """Only those that failed go back."""

    @property
    def takes_back(self) -> bool:
        """Whether a member that has failed goes back."""
        return self in (OnMemberFailure.ROLLBACK, OnMemberFailure.ROLLBACK_FAILED)


@value(frozen=True, slots=True, kw_only=True)
class Member:
    """One service of the release. `name` tells it from the others; `access` names the connection it is reached by."""

    name: str
    request: Request
    access: str = ""
    after: tuple[str, ...] = ()
    """The members that must have succeeded before this one begins."""

    @property
    def service(self) -> ServiceRef | None:
        return None if isinstance(self.request, RegisterRequest | RunRequest) else self.request.service


@value(frozen=True, slots=True, kw_only=True)
class Wave:
    """Members that are released together, once the waves before have succeeded."""

    members: tuple[str, ...]
    name: str = ""
    soak_seconds: float = 0
    """How long the release waits after the wave before the next one begins."""
    alarms: tuple[str, ...] = ()
    """The alarms that make the wave a failed one if one is in ALARM in that time, by name."""
    asks: bool = False
    """Whether somebody must approve before it begins."""


@value(frozen=True, slots=True, kw_only=True)
class FleetRequest:
    """A release of several services. `id` is the same in all its events."""

    id: str
    members: tuple[Member, ...]
    waves: tuple[Wave, ...]
    """Each member is in one wave."""
    on_failure: OnMemberFailure = OnMemberFailure.LEAVE
    max_parallel: int | None = None
    """How many members are under way at once; None for all of a wave."""
    first: str = ""
    """The member that goes first, alone, until its deployment has begun: its request has the task to run before."""
    on_interrupt: OnInterrupt = OnInterrupt.DETACH
    are_independent: bool = False
    """Whether the failure of one member says nothing about the others."""
    plans_only: bool = False
    """Only say what would be done with each."""

    @property
    def by_name(self) -> Mapping[str, Member]:
        return MappingProxyType({each.name: each for each in self.members})


class Stage(StrEnum):
    """How far a member of a release is."""

    PLANNING = "planning"
    """It reads and plans. Nothing of it has been written."""
    READY = "ready"
    """It has been planned and checked, and waits for its turn."""
    UNDER_WAY = "under_way"
    """It may write, and its deployment may be under way."""
    GOOD = "good"
    """It has succeeded, and waits for the end of the release: it may still be taken back."""
    ENDED = "ended"
    """Its run has ended."""


@value(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one member stands. `status` is that of its verdict, once it has one."""

    stage: Stage = Stage.PLANNING
    status: Status | None = None
    has_begun: bool = False
    """Whether its deployment has begun."""
    fails: bool = False
    """Whether it has failed, and goes back by itself."""

    @property
    def is_planned(self) -> bool:
        """Whether it is known what it will do. One that follows a deployment of others needs no turn of its own."""
        return self.stage is not Stage.PLANNING or self.has_begun

    @property
    def is_over(self) -> bool:
        """Whether its own deployment has come to an end."""
        return self.stage in (Stage.GOOD, Stage.ENDED)

    @property
    def has_failed(self) -> bool:
        return self.fails or (self.stage is Stage.ENDED and (self.status is None or not self.status.is_success))


@value(frozen=True, slots=True, kw_only=True)
class MemberOutcome:
    """How one member ended; without an `outcome`, it ended with this error before there was one."""

    name: str
    outcome: Outcome | None = None
    error: EcsDeployError | None = None

    @property
    def status(self) -> Status:
        """A run that ended without telling an outcome changed nothing."""
        return self.outcome.verdict.status if self.outcome else Status.REFUSED


@value(frozen=True, slots=True, kw_only=True)
class FleetOutcome:
    """How a release of several services ended, with its members in the order in which they were named."""

    id: str
    members: tuple[MemberOutcome, ...]
    started_at: datetime
    duration_seconds: float
    status: Status
    """The worst of the members'."""
