"""Which old revisions of a family may go, and which stay for whom: what `ecs-deploy prune` tells."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class PruneRequest:
    """Deregister the ACTIVE revisions of a family beyond the `keep` newest; with `service`, of the family it runs."""

    family: str = ""
    service: ServiceRef | None = None
    keep: int = 10
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Needed:
    """A revision that stays, and who needs it."""

    revision: str
    by: str


@value(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What pruning a family would do: `free` may go, the oldest first, `needed` stay although they are old.

    `active` is how many ACTIVE revisions there are; revisions are ARNs.
    """

    family: str
    place: Place
    at: datetime
    keep: int
    active: int
    free: tuple[str, ...]
    needed: tuple[Needed, ...]


@value(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What became of one revision that was to go: deregistered, or kept for whoever needs it by now (`by`)."""

    revision: str
    by: str = ""
