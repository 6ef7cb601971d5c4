"""How far a run has come, as one value: whenever the run ends, its outcome is made from it."""

from __future__ import annotations

from enum import Enum, auto

from ecsdeploy.model.outcome import Cause, Phase, Place, RollbackReport, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import value


class RollbackIntent(Enum):
    """How far a rollback by this run has come. A signal handler decides by it what to send."""

    NONE = auto()
    """Nothing is to be rolled back."""
    OWED = auto()
    """A failure was told, and the user wants a rollback for it. Nothing was sent yet."""
    SENDING = auto()
    """The request that puts the service back is being sent; its reply may not be here yet."""
    SENT = auto()
    """Our rollback has begun, and that was told."""
    TAKEN = auto()
    """ECS had begun its own rollback before we could."""

    @property
    def is_owed(self) -> bool:
        """Whether the run does not know that a rollback has begun: then a signal handler sends it."""
        return self in (RollbackIntent.OWED, RollbackIntent.SENDING)


@value(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """What a run knows at one moment. Each phase replaces it; a signal handler reads it at any time."""

    place: Place
    time_began: float
    """When the time of the present phase began, on the clock: planning, watching, or after the verdict."""
    phase: Phase = Phase.PLANNING
    controller: str = "ECS"
    """Who releases to the service, as of `Service.deployer`."""
    planned: Planned | None = None
    has_changes: bool = False
    """For a dry run: whether the release would change something."""
    baseline: Baseline | None = None
    from_revision: str = ""
    to_revision: str = ""
    images: tuple[tuple[str, str], ...] = ()
    attached: bool = False
    """Whether the deployment had begun before this run: we follow it and undo nothing of it."""
    deployment_id: str = ""
    service_deployment_arn: str = ""
    task_set: str = ""
    """The task set of our deployment, if CodeDeploy deploys: then it is what started our tasks."""
    task_arn: str = ""
    task_exit_code: int | None = None
    back_seconds: float = 0
    """How many seconds a rollback may take by the service's own settings; 0 if they are not known."""
    verdict: Verdict | None = None
    """The verdict about our deployment, once it was told. A rollback of ours may set it back to None."""
    causes: tuple[Cause, ...] = ()
    intent: RollbackIntent = RollbackIntent.NONE
    asked_back: str = ""
    """The deployment that we have asked ECS to stop and roll back."""
    rollback: RollbackReport | None = None

    @property
    def starter(self) -> str:
        """The `startedBy` of our tasks: the task set's id, else the deployment's."""
        return self.task_set or self.deployment_id
