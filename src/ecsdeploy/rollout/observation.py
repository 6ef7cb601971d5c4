"""What one look says about our deployment, whatever kind of deployment it is."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ecsdeploy.model.events import Counts
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.outcome import Share
from ecsdeploy.model.service import Hook, ServiceEvent
from ecsdeploy.model.values import value


class Standing(StrEnum):
    """Where our deployment stands in ECS's eyes."""

    NOT_SEEN = "not seen"
    """Our deployment is not listed (yet): reads lag behind writes."""
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    FAILED = "failed"
    """Failed; ECS does not roll it back, or has not begun to."""
    ROLLING_BACK = "rolling back"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    GONE = "gone"
    """The service is being deleted, or is gone."""


@value(frozen=True, slots=True, kw_only=True)
class Observation:
    """One look at our deployment.

    `reason` is ECS's text; `by` the deployment that superseded ours; `serving` the revision whose tasks serve
    when ours does not. `a_task_runs`, `healthy` (all are, by what is `checked`) and `has_traffic` (all production
    traffic) are claims about the new revision. `proven` says that a service deployment was read: the standing is more
    than the list of deployments shows. `awaiting` are the hooks that pause our deployment until somebody continues it.
    """

    standing: Standing
    reason: str = ""
    by: str = ""
    serving: str = ""
    serves: tuple[Share, ...] = ()
    """All revisions that serve together, counted, where ours is one of them or several others do."""
    rollback_to: str = ""
    will_roll_back: bool = False
    new: Counts = field(default_factory=Counts)
    old: Counts = field(default_factory=Counts)
    stage: str = ""
    traffic: float | None = None
    breaker: str = ""
    a_task_runs: bool = False
    healthy: bool = False
    checked: bool = False
    has_traffic: bool = False
    settled: bool = False
    """All of our tasks run, and alone, in a deployment that ECS gives no state: it may be complete."""
    service_deployment_arn: str = ""
    alarms: tuple[str, ...] = ()
    """The alarms that ECS says went off."""
    proven: bool = False
    awaiting: tuple[Hook, ...] = ()
    wants_none: bool = False
    """The service is scaled to zero."""
    judgement: Judgement | None = None
    task_set: str = ""
    """What started our tasks, where that is not the deployment itself."""
    deployer: str = "ecs"
    """Who deploys, and rolls back by itself: `ecs` or `codedeploy`."""
    events: tuple[ServiceEvent, ...] = ()

    @property
    def goes_back(self) -> bool:
        """ECS, or CodeDeploy, takes our deployment back."""
        return self.standing is Standing.ROLLING_BACK

    @property
    def returning(self) -> Counts:
        """While a rollback is under way, the tasks of the revision that is gone back to.

        ECS goes back to what was there before ours; a rollback of our own is a deployment of its own.
        """
        return self.old if self.goes_back else self.new
