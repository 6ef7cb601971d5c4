"""The events of a release of several services, beside those of each service."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.events import Record
from ecsdeploy.model.fleet import FleetOutcome
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class FleetReady:
    """All members have been planned and checked, and nothing has been written yet."""

    members: tuple[str, ...]
    to_register: int
    """How many revisions are to be registered."""
    seconds: float
    """How long that takes at least, at the rate that AWS allows."""


@value(frozen=True, slots=True, kw_only=True)
class FleetTurn:
    """These members may begin."""

    members: tuple[str, ...]


@value(frozen=True, slots=True, kw_only=True)
class FleetSoaks:
    """A wave has succeeded, and the next one begins after so many seconds."""

    wave: str
    seconds: float


@value(frozen=True, slots=True, kw_only=True)
class FleetAsks:
    """A wave waits until somebody approves it."""

    wave: str


@value(frozen=True, slots=True, kw_only=True)
class FleetHeld:
    """A member waits at a pause of its deployment, and holds its wave."""

    wave: str
    member: str
    stage: str


@value(frozen=True, slots=True, kw_only=True)
class FleetBroken:
    """A wave has failed although its members succeeded, or was not approved; `why` is a sentence without full stop."""

    wave: str
    why: str


@value(frozen=True, slots=True, kw_only=True)
class FleetTakenBack:
    """No other member begins, and these go back, because `why` has failed, or the user asked for it if it is empty."""

    members: tuple[str, ...]
    why: str = ""


@value(frozen=True, slots=True, kw_only=True)
class FleetFinished:
    """The last event of a release of several services."""

    outcome: FleetOutcome

    @property
    def is_good(self) -> bool:
        return self.outcome.status.is_success


FleetEvent = FleetReady | FleetTurn | FleetAsks | FleetHeld | FleetSoaks | FleetBroken | FleetTakenBack | FleetFinished


@value(frozen=True, slots=True, kw_only=True)
class FleetRecord:
    """An event with its place in the stream of a release: of the release itself, or of one of its members."""

    seq: int
    time: datetime
    release: str
    """The id of the release."""
    event: FleetEvent | Record
    member: str = ""
    """The name of the member; empty for an event of the release itself."""
