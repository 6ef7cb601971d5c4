"""The releases of a service so far: what `ecs-deploy history` tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ecsdeploy.model.difference import Difference
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.model.values import value


class Source(StrEnum):
    """What the releases were read from."""

    ECS = "service_deployments"
    CODEDEPLOY = "codedeploy"
    REVISIONS = "revisions"
    """The revisions of the family, where releases cannot be read: nobody knows which of them were released."""


@value(frozen=True, slots=True, kw_only=True)
class Release:
    """One release; `by` is who registered its revision, empty where that was not read."""

    past: PastDeployment
    by: str = ""
    is_undone: bool = False
    """It succeeded, and a later release put back an older revision."""
    is_way_back: bool = False
    """`rollback` would release its revision."""


@value(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What `rollback` would do now: release `revision`, or stop the deployment `stops`, or neither, and `why`."""

    revision: str = ""
    stops: str = ""
    why: str = ""


@value(frozen=True, slots=True, kw_only=True)
class History:
    """The newest releases, the newest first; `more` says that there are older ones, `unread` what we could not read."""

    place: Place
    at: datetime
    source: Source
    releases: tuple[Release, ...] = ()
    only_failed: bool = False
    more: bool = False
    way_back: WayBack | None = None
    """None where it was not asked for."""
    unread: tuple[str, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class Compared:
    """What differs between two revisions, by their ARNs."""

    place: Place
    at: datetime
    old: str
    new: str
    differences: tuple[Difference, ...] = ()
