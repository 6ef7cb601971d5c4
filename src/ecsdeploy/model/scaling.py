"""How many tasks a service shall run, and how it gets there: what `ecs-deploy scale` tells."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.surroundings import ScalingLimits
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class ScaleRequest:
    """Run `count` tasks, or with `relative` so many more than now, and wait so many `seconds` for it.

    `adjust_limits` moves the limit of auto scaling that is in the way.
    """

    service: ServiceRef
    count: int
    relative: bool = False
    adjust_limits: bool = False
    detach: bool = False
    seconds: float = 900
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Scaling:
    """What scaling would do. `limits` are auto scaling's, None without any; `moved` what they would be then."""

    place: Place
    at: datetime
    revision: str
    before: int
    wanted: int
    running: int
    pending: int
    limits: ScalingLimits | None = None
    moved: ScalingLimits | None = None
    unread: str = ""
    """Why the limits could not be read; empty if they were."""

    @property
    def is_so(self) -> bool:
        """Whether nothing is left to do."""
        return self.before == self.wanted == self.running and not self.pending and self.moved is None


@value(frozen=True, slots=True, kw_only=True)
class ScaleStep:
    """One thing that happened: `kind` is `limits`, `updated`, `progress`, `said` or `ended`.

    `healthy` is how many tasks pass their health checks; None if nothing checks them, or that is not known yet.
    `status` ends it, and `text` says why, or what ECS said.
    """

    kind: str
    wanted: int
    running: int
    pending: int
    healthy: int | None = None
    text: str = ""
    status: Status | None = None
