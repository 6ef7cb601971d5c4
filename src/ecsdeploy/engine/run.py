"""What one run carries through all its phases: the ports, where it happens, and what it knows when it must stop."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Notice, Patience, untold
from ecsdeploy.engine.ports import Clock, ControlPlane, Question
from ecsdeploy.errors import Bug, EcsDeployError, Refused, ReplyLost, Untold
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Concluded, Finished, Started
from ecsdeploy.model.outcome import Cause, Other, Outcome, Phase, Place, RollbackReport, Status, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Baseline
from ecsdeploy.model.values import value

SHORTEST_WATCH_SECONDS = 30.0
"""With less time left nothing is released: nobody would see what becomes of it."""


@value(slots=True, kw_only=True)
class Run:
    """The one mutable value of the engine: the record of how far a run has come, from which its outcome is made."""

    plane: ControlPlane
    clock: Clock
    emit: Emitter
    budget_seconds: float
    place: Place
    started_at: datetime
    started: float
    phase: Phase = Phase.PLANNING
    from_revision: str = ""
    to_revision: str = ""
    deployment_id: str = ""
    service_deployment_arn: str = ""
    controller: str = "ECS"
    """Who deploys the service."""
    asked_back: str = ""
    """The deployment that we have stopped and let roll back, where that is not a rollback of our own release."""
    task_set: str = ""
    """What our tasks were started by, where that is not the deployment."""
    task_arn: str = ""
    back_seconds: float = 0
    """What a rollback takes by the service's own settings, as far as they are known."""
    images: tuple[tuple[str, str], ...] = ()
    causes: tuple[Cause, ...] = ()
    rollback: RollbackReport | None = None
    planned: Planned | None = None
    has_changes: bool = False
    """What was only planned would change something."""
    baseline: Baseline | None = None
    attached: bool = False
    """The deployment that we follow was under way when we came."""
    owes_rollback: bool = False
    """A failure was told that is to be rolled back, and nothing was sent for that yet, as far as is known."""
    sends_rollback: bool = False
    """The request to put the service back was made: a signal may have come before its reply."""
    question: Question | None = None
    monitored: bool = False
    """Somebody looks on: what is only to be seen, and decides nothing, is read too."""
    verdict: Verdict | None = None
    """The verdict about our deployment, once it has been told; a rollback of ours opens it again."""
    finished: Finished | None = None
    """The result, once there is one."""
    asked_other: bool = False
    """Who else deploys was asked: a signal that cuts the question short has it not put again."""
    is_told: bool = False
    """The result has been told whole."""
    time_began: float
    """Since when the present phase has its time: planning, our deployment, and what follows its verdict."""

    @property
    def starter(self) -> str:
        """What ECS says that our tasks were started by."""
        return self.task_set or self.deployment_id

    def patience(self) -> Patience:
        """Patience of the present phase: all its calls share one deadline."""
        return Patience(clock=self.clock, seconds=self.budget_seconds, start=self.time_began, notice=self.notice)

    @property
    def notice(self) -> Notice:
        """Before a release it is told what is asked again for long."""
        return self._asked_again if self.phase is Phase.PLANNING else untold

    def anew(self) -> Patience:
        """Patience of a phase that begins now, after a write."""
        self.time_began = self.clock.monotonic()
        return self.patience().once_begun()

    @property
    def before_write(self) -> Patience:
        """Patience for what comes before the service is changed: it leaves time for a watch that is of use."""
        return self.patience().sparing(min(SHORTEST_WATCH_SECONDS, self.budget_seconds / 2))

    def refuse_if_late(self) -> None:
        """Raise `Refused` where too little time is left to change anything."""
        if self.before_write.left > 0:
            return
        spent, given = self.clock.monotonic() - self.started, self.budget_seconds
        unused = "The revision that was registered is unused." if self.to_revision else "Nothing was changed."
        raise Refused(
            f"{spent:.0f} s of the {given:.0f} s given were over before the service was changed: "
            "too little is left to see what becomes of a release.",
            hint=f"Allow more time with `--timeout`. {unused}",
        )

    def _asked_again(self, seconds: float, error: Exception) -> None:
        self.emit.tell("W-ASKED-AGAIN", f"{seconds:.0f}", str(error))

    def begin(self, deployment_id: str, service: Service, *, by: str, attached: bool = False) -> None:
        """The deployment of `to_revision` is under way, which `by` deploys; with `attached`, it was before we came."""
        self.phase, self.deployment_id, self.attached = Phase.STARTING, deployment_id, attached
        self.time_began = self.clock.monotonic()
        self.emit(
            Started(
                deployment_id=deployment_id,
                revision=self.to_revision,
                desired=service.desired,
                breaker=service.breaker.enabled,
                breaker_rollback=service.breaker.rollback,
                by=by,
                attached=attached,
            )
        )

    def conclude(self, verdict: Verdict) -> None:
        """Tell the verdict; what follows no longer changes it, but for a rollback of ours."""
        self.verdict, self.time_began = verdict, self.clock.monotonic()
        self.emit(Concluded(verdict=verdict))

    def finish(self, verdict: Verdict, error: EcsDeployError | None = None) -> Outcome:
        """Make the outcome and tell it; nothing may follow."""
        outcome = Outcome(
            verdict=verdict,
            place=self.place,
            started_at=self.started_at,
            duration_seconds=round(self.clock.monotonic() - self.started, 3),
            from_revision=self.from_revision,
            to_revision=self.to_revision,
            deployment_id=self.deployment_id,
            service_deployment_arn=self.service_deployment_arn,
            images=self.images,
            causes=self.causes,
            rollback=self.rollback,
            warnings=tuple(self.emit.warnings),
            task_arn=self.task_arn,
            other=self._other(verdict),
            as_asked=self.attached and self.asked_back == self.deployment_id and verdict.status is Status.ROLLED_BACK,
            has_changes=self.has_changes,
        )
        self.finished = Finished(outcome=outcome, error=error)
        if error is not None:
            error.status = verdict.status.value
        self._tell(self.finished)
        return outcome

    def _other(self, verdict: Verdict) -> Other | None:
        if self.asked_other or verdict.status not in (Status.SUPERSEDED, Status.BUSY) or not verdict.by:
            return None
        self.asked_other = True
        from ecsdeploy.engine.others import other_of

        ref = ServiceRef(cluster=self.place.cluster, name=self.place.service)
        return other_of(self.plane, self.clock, ref, verdict.by)

    def told(self) -> Outcome | None:
        """The outcome, if there is one: a signal changes nothing any more, but what it has cut short is told again."""
        if self.finished is None:
            return None
        if not self.is_told:
            self._tell(self.finished)
        return self.finished.outcome

    def _tell(self, finished: Finished) -> None:
        self.emit(finished)
        self.is_told = True

    def verdict_of(self, error: EcsDeployError) -> Verdict:
        """An error is no verdict of ECS's: one that was told stands, and a write that stayed lost leaves it unknown."""
        if self.verdict is not None:
            return self.verdict
        lost = isinstance(error, ReplyLost | Bug) and self.phase not in (Phase.PLANNING, Phase.REGISTERED)
        begun = bool(self.deployment_id or (self.task_arn and self.phase is Phase.TASK))
        status = Status.UNKNOWN if lost or begun or isinstance(error, Untold) else Status.REFUSED
        return Verdict(status=status, reason=error.message, phase=self.phase)
