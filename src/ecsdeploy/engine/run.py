"""What one run carries through all its phases: the ports, how far it has come, and how it ends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.others import other_of
from ecsdeploy.engine.patience import Notice, Patience, untold
from ecsdeploy.engine.ports import Clock, ControlPlane, Permit, Question
from ecsdeploy.engine.progress import RunProgress
from ecsdeploy.errors import Bug, EcsDeployError, Refused, ReplyLost, Untold
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Concluded, Finished, Started
from ecsdeploy.model.outcome import Other, Outcome, Phase, Status, Verdict
from ecsdeploy.model.service import Service
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from ecsdeploy.engine.atpause.ports import Machine

SHORTEST_WATCH_SECONDS = 30.0
"""A run with less time left does not change the service, as it could not see the result."""


@value(frozen=True, slots=True, kw_only=True)
class Context:
    """What a run is given at its start: the ports, the time, and who looks on."""

    plane: ControlPlane
    clock: Clock
    emit: Emitter
    budget_seconds: float
    started_at: datetime
    started: float
    """The same moment in seconds of `clock.monotonic`."""
    question: Question | None = None
    monitored: bool = False
    """Whether somebody looks on: then the run also reads what is only shown and decides nothing."""
    machine: Machine | None = None
    """What runs programs and asks people for a gate at a pause; None for the machine of this process."""
    permit: Permit | None = None
    """Whom to ask before the first write, and after a success, if others are released with this run."""


@value(slots=True, kw_only=True)
class Run:
    """One run: its context, and how far it has come. It is the engine's only mutable value."""

    context: Context
    progress: RunProgress
    finished: Finished | None = None
    """The last event, with the outcome; None while the run goes on."""
    asked_other: bool = False
    """Whether we have asked AWS for the other deployment that a verdict names: after a signal, we do not ask again."""
    is_told: bool = False
    """Whether the sink has taken `finished`."""

    @property
    def plane(self) -> ControlPlane:
        return self.context.plane

    @property
    def clock(self) -> Clock:
        return self.context.clock

    @property
    def emit(self) -> Emitter:
        return self.context.emit

    def patience(self) -> Patience:
        """The patience of the present phase: all calls share its deadline."""
        return Patience(
            clock=self.clock, seconds=self.context.budget_seconds, start=self.progress.time_began, notice=self.notice
        )

    @property
    def notice(self) -> Notice:
        """Tells the user of a call that is repeated for long, in the planning phase only."""
        return self._asked_again if self.progress.phase is Phase.PLANNING else untold

    def anew(self) -> Patience:
        """The patience of a phase that begins now, after a write: it has the whole time again."""
        self.progress = replace(self.progress, time_began=self.clock.monotonic())
        return self.patience().once_begun()

    @property
    def before_write(self) -> Patience:
        """The patience for calls before the service is changed: it leaves time to watch the result."""
        return self.patience().sparing(min(SHORTEST_WATCH_SECONDS, self.context.budget_seconds / 2))

    def await_turn(self) -> None:
        """Wait until this run may write, if others are released with it. Its time begins then."""
        if self.context.permit is not None:
            self.context.permit.await_turn()
            self.progress = replace(self.progress, time_began=self.clock.monotonic())

    def await_end(self) -> str:
        """Wait, after a success, for those released with this run. Returns why all are taken back, else nothing."""
        return self.context.permit.await_end() if self.context.permit is not None else ""

    def refuse_if_late(self) -> None:
        """Raise `Refused` if too little time is left to change the service and watch the result."""
        if self.before_write.left > 0:
            return
        spent, given = self.clock.monotonic() - self.context.started, self.context.budget_seconds
        unused = "The revision that was registered is unused." if self.progress.to_revision else "Nothing was changed."
        raise Refused(
            f"{spent:.0f} s of the {given:.0f} s given were over before the service was changed: "
            "too little is left to see what becomes of a release.",
            hint=f"Allow more time with `--timeout`. {unused}",
        )

    def _asked_again(self, seconds: float, error: Exception) -> None:
        self.emit.tell("W-ASKED-AGAIN", f"{seconds:.0f}", str(error))

    def begin(self, deployment_id: str, service: Service, *, by: str, attached: bool = False) -> None:
        """Note and tell that the deployment of `to_revision` has begun. `by` is who deploys.

        `attached` says that it had begun before this run.
        """
        self.progress = replace(
            self.progress,
            phase=Phase.STARTING,
            deployment_id=deployment_id,
            attached=attached,
            time_began=self.clock.monotonic(),
        )
        self.emit(
            Started(
                deployment_id=deployment_id,
                revision=self.progress.to_revision,
                desired=service.desired,
                breaker=service.breaker.enabled,
                breaker_rollback=service.breaker.rollback,
                by=by,
                attached=attached,
            )
        )

    def conclude(self, verdict: Verdict) -> None:
        """Note and tell the verdict. Afterwards only a rollback of ours changes it."""
        self.progress = replace(self.progress, verdict=verdict, time_began=self.clock.monotonic())
        self.emit(Concluded(verdict=verdict))

    def finish(self, verdict: Verdict, error: EcsDeployError | None = None) -> Outcome:
        """Make the outcome, tell it as the last event, and return it."""
        outcome = Outcome(
            verdict=verdict,
            place=self.progress.place,
            started_at=self.context.started_at,
            duration_seconds=round(self.clock.monotonic() - self.context.started, 3),
            from_revision=self.progress.from_revision,
            to_revision=self.progress.to_revision,
            deployment_id=self.progress.deployment_id,
            service_deployment_arn=self.progress.service_deployment_arn,
            images=self.progress.images,
            causes=self.progress.causes,
            rollback=self.progress.rollback,
            warnings=tuple(self.emit.warnings),
            task_arn=self.progress.task_arn,
            task_exit_code=self.progress.task_exit_code,
            other=self._other(verdict),
            as_asked=self.progress.attached
            and self.progress.asked_back == self.progress.deployment_id
            and verdict.status is Status.ROLLED_BACK,
            has_changes=self.progress.has_changes,
        )
        self.finished = Finished(outcome=outcome, error=error)
        if error is not None:
            error.status = verdict.status.value
        self._tell(self.finished)
        return outcome

    def _other(self, verdict: Verdict) -> Other | None:
        """Whose deployment it is that the verdict names; None if it names none, or nothing of it can be read."""
        if self.asked_other or verdict.status not in (Status.SUPERSEDED, Status.BUSY) or not verdict.by:
            return None
        self.asked_other = True
        ref = ServiceRef(cluster=self.progress.place.cluster, name=self.progress.place.service)
        return other_of(self.plane, self.clock, ref, verdict.by)

    def outcome_told(self) -> Outcome | None:
        """The outcome after a signal, if the run had ended before it; None otherwise.

        If the signal interrupted the sink as it took the last event, we tell that event again.
        """
        if self.finished is None:
            return None
        if not self.is_told:
            self._tell(self.finished)
        return self.finished.outcome

    def _tell(self, finished: Finished) -> None:
        self.emit(finished)
        self.is_told = True

    def verdict_of(self, error: EcsDeployError) -> Verdict:
        """The verdict of a run that ends with `error`.

        A verdict that was told stands. Without one, the status is REFUSED if we can be sure that the service was not
        changed. It is UNKNOWN if our deployment or task has begun, if a write may have reached AWS, or for `Untold`.
        """
        if self.progress.verdict is not None:
            return self.progress.verdict
        lost = isinstance(error, ReplyLost | Bug) and self.progress.phase not in (Phase.PLANNING, Phase.REGISTERED)
        begun = bool(self.progress.deployment_id or (self.progress.task_arn and self.progress.phase is Phase.TASK))
        status = Status.UNKNOWN if lost or begun or isinstance(error, Untold) else Status.REFUSED
        return Verdict(status=status, reason=error.message, phase=self.progress.phase)
