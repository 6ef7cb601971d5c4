"""What one look shows of our deployment, in the same form for ECS and CodeDeploy."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ecsdeploy.model.events import Counts
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.outcome import Share
from ecsdeploy.model.service import Hook, ServiceEvent
from ecsdeploy.model.values import value


class Standing(StrEnum):
    """How ECS, or CodeDeploy, reports our deployment."""

    NOT_SEEN = "not seen"
    """Our deployment is not in the list yet, as reads lag behind writes."""
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    FAILED = "failed"
    """It has failed, and ECS does not roll it back, or has not begun to."""
    ROLLING_BACK = "rolling back"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    GONE = "gone"
    """The service is being deleted."""


_TAKEN_BACK = (Standing.ROLLING_BACK, Standing.ROLLED_BACK, Standing.ROLLBACK_FAILED)


@value(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one look shows of our deployment. A text is empty, and a number None, if AWS does not say."""

    standing: Standing
    reason: str = ""
    """What ECS gives as the reason."""
    by: str = ""
    """The id of the deployment that superseded ours."""
    serving: str = ""
    """The revision whose tasks serve in place of ours."""
    serves: tuple[Share, ...] = ()
    """The revisions that serve together, with their tasks, if ours is one of them or there are several others."""
    rollback_to: str = ""
    """The revision that ECS goes back to."""
    will_roll_back: bool = False
    """Whether ECS rolls back by itself if our deployment fails."""
    new: Counts = field(default_factory=Counts)
    """The tasks of our deployment."""
    old: Counts = field(default_factory=Counts)
    """The tasks of all other deployments."""
    stage: str = ""
    traffic: float | None = None
    """How much of the production traffic the new revision gets, in percent."""
    breaker: str = ""
    """The circuit breaker's count, such as `2/3`."""
    a_task_runs: bool = False
    """Whether a task of ours runs."""
    healthy: bool = False
    """Whether all of our tasks run and pass the health checks."""
    checked: bool = False
    """Whether there are health checks."""
    has_traffic: bool = False
    """Whether our revision has all production traffic."""
    settled: bool = False
    """Whether all of our tasks run, and no others, in a deployment without a state: it may be complete."""
    service_deployment_arn: str = ""
    alarms: tuple[str, ...] = ()
    """The names of the alarms that ECS says went off."""
    proven: bool = False
    """Whether the standing rests on more than the list of deployments: on a service deployment, or on CodeDeploy."""
    awaiting: tuple[Hook, ...] = ()
    """The hooks that pause our deployment until somebody continues it."""
    wants_none: bool = False
    """Whether the service is scaled to zero."""
    judgement: Judgement | None = None
    """What was judged by this look's reads; None if nothing was."""
    task_set: str = ""
    """The task set that started our tasks, if CodeDeploy deploys."""
    deployer: str = "ecs"
    """Who deploys, and rolls back by itself: `ecs` or `codedeploy`."""
    events: tuple[ServiceEvent, ...] = ()
    """The service's events, the newest first."""

    @property
    def goes_back(self) -> bool:
        """Whether ECS, or CodeDeploy, is rolling our deployment back."""
        return self.standing is Standing.ROLLING_BACK

    @property
    def returning(self) -> Counts:
        """During a rollback and at its end, the tasks of the revision that the service goes back to.

        If ECS rolls back, these are the old ones. Our own rollback is a new deployment: then they are its own.
        """
        return self.old if self.standing in _TAKEN_BACK else self.new
