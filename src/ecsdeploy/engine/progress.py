"""How far a run has come: one value at a time, from which its outcome is made whenever it ends."""

from __future__ import annotations

from enum import Enum, auto

from ecsdeploy.model.outcome import Cause, Phase, Place, RollbackReport, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import value


class RollbackIntent(Enum):
    """How far the way back has come that a failure, or a command, asked for: what a signal has to know of it."""

    NONE = auto()
    OWED = auto()
    """A failure was told that is to be rolled back, and nothing was sent for that yet."""
    SENDING = auto()
    """The request to put the service back was made: a signal may come before its reply."""
    SENT = auto()
    """The service is on its way back because of us, and that was told."""
    TAKEN = auto()
    """ECS had taken it back before we could."""

    @property
    def is_owed(self) -> bool:
        """Nothing is known to be on its way: a signal has it sent."""
        return self in (RollbackIntent.OWED, RollbackIntent.SENDING)


@value(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known at one moment of a run. Each phase leaves another one; a signal may come at any."""

    place: Place
    time_began: float
    """Since when the present phase has its time: planning, our deployment, and what follows its verdict."""
    phase: Phase = Phase.PLANNING
    controller: str = "ECS"
    """Who deploys the service."""
    planned: Planned | None = None
    has_changes: bool = False
    """What was only planned would change something."""
    baseline: Baseline | None = None
    from_revision: str = ""
    to_revision: str = ""
    images: tuple[tuple[str, str], ...] = ()
    attached: bool = False
    """The deployment that we follow was under way when we came."""
    deployment_id: str = ""
    service_deployment_arn: str = ""
    task_set: str = ""
    """What our tasks were started by, where that is not the deployment."""
    task_arn: str = ""
    back_seconds: float = 0
    """What a rollback takes by the service's own settings, as far as they are known."""
    verdict: Verdict | None = None
    """The verdict about our deployment, once it has been told; a rollback of ours opens it again."""
    causes: tuple[Cause, ...] = ()
    intent: RollbackIntent = RollbackIntent.NONE
    asked_back: str = ""
    """The deployment that we have had stopped and taken back."""
    rollback: RollbackReport | None = None

    @property
    def starter(self) -> str:
        """What ECS says that our tasks were started by."""
        return self.task_set or self.deployment_id
