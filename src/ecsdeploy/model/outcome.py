"""How a run ended: the verdict about our deployment, the causes, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import account_of, region_of
from ecsdeploy.model.judgement import Doom
from ecsdeploy.model.values import value


class Status(StrEnum):
    """The words of the result's `status`."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    ROLLED_BACK = "rolled_back"
    TIMED_OUT = "timed_out"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    ROLLBACK_FAILED = "rollback_failed"
    REFUSED = "refused"
    BUSY = "busy"
    INTERRUPTED = "interrupted"
    UNCHANGED = "unchanged"
    DETACHED = "detached"

    @property
    def may_go_on(self) -> bool:
        """Whether we have stopped looking, and the deployment may still be under way at AWS."""
        return self in (Status.TIMED_OUT, Status.UNKNOWN, Status.INTERRUPTED, Status.DETACHED)

    @property
    def is_success(self) -> bool:
        """Whether all is as the user asked: exit code 0 of the commands."""
        return self in (Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED)

    @property
    def has_causes(self) -> bool:
        """Whether the release went wrong, and we look for the causes."""
        return self in (Status.FAILED, Status.STOPPED, Status.ROLLED_BACK, Status.ROLLBACK_FAILED, Status.TIMED_OUT)


UNDER_WAY: Literal["in_progress"] = "in_progress"
"""The `status` of a rollback that goes on at AWS, after its time was over."""


class Phase(StrEnum):
    """How far a run had come."""

    PLANNING = "planning"
    """Nothing has been written."""
    REGISTERING = "registering"
    """A revision is being registered; the service was not touched."""
    REGISTERED = "registered"
    """A revision was registered; the service was not touched."""
    STARTING = "starting"
    """No task of the new revision runs yet."""
    WAITING = "waiting"
    """A task of the new revision runs; the deployment is not complete."""
    ROLLING_BACK = "rolling_back"
    """A rollback is under way."""
    TASK = "task"
    """A one-off task is under way."""
    AFTER = "after"
    """The release has completed, and the one-off task that follows it is under way."""
    GATE = "gate"
    """The release has completed, and the gate at its pause has not let it pass."""
    STOPPING = "stopping"
    """ECS was asked to stop a one-off task."""


@value(frozen=True, slots=True, kw_only=True)
class Share:
    """How many tasks of a revision run; `checked` says that they serve only once they pass a health check."""

    revision: str
    running: int
    checked: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of our deployment. `reason` is ECS's own text; `serving` the revision that serves now."""

    status: Status
    reason: str = ""
    serving: str = ""
    serves: tuple[Share, ...] = ()
    """All revisions whose tasks run, the most tasks first; empty where one runs alone and is not ours."""
    by: str = ""
    """The id of the deployment that superseded ours."""
    phase: Phase = Phase.WAITING
    """Where we were when time ran out, contact was lost or the user interrupted."""
    limit_seconds: float = 0
    """The budget that ran out."""
    doom: Doom | None = None
    """Why we did not wait for ECS to end it."""
    lost: str = ""
    """The class (in `ecsdeploy.errors`) of the error after which we could ask AWS no more."""


@value(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason for a failure, with its proof and what to do.

    `tasks` of the `of` tasks of our deployment that stopped show it. `evidence` has the reasons and log lines as ECS
    and the container wrote them.
    """

    code: str
    summary: str
    container: str = ""
    evidence: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    log_group: str = ""
    log_stream: str = ""
    log_note: str = ""
    """Where the log of the container is, if no line of it was read."""
    remedy: str = ""
    tasks: int = 0
    of: int = 0


@value(frozen=True, slots=True, kw_only=True)
class RollbackReport:
    """The rollback that we, or ECS, made: `by` is `us`, `ecs` or `codedeploy`.

    `running` of the `desired` tasks of `to_revision` ran when we looked last; None if we have not seen the rollback.
    """

    by: str
    to_revision: str
    status: Status | Literal["in_progress"]
    deployment_id: str = ""
    reason: str = ""
    running: int | None = None
    desired: int | None = None


@value(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it happened."""

    cluster: str
    service: str
    region: str
    account: str

    @classmethod
    def of(cls, arn: str, *, cluster: str, service: str = "") -> Place:
        """Where the thing with this ARN is."""
        return cls(cluster=cluster, service=service, region=region_of(arn), account=account_of(arn))


@value(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody else's deployment that is in the way of ours, or took its place.

    `images` are those that it releases, by container. `registered_by` is the ARN of who registered its revision; empty
    where ECS does not say.
    """

    deployment_id: str
    revision: str
    images: tuple[tuple[str, str], ...] = ()
    registered_by: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole result of one run; the `result` object of the JSON lines is made of it."""

    verdict: Verdict
    place: Place
    started_at: datetime
    duration_seconds: float
    from_revision: str = ""
    to_revision: str = ""
    deployment_id: str = ""
    service_deployment_arn: str = ""
    images: tuple[tuple[str, str], ...] = ()
    causes: tuple[Cause, ...] = ()
    rollback: RollbackReport | None = None
    warnings: tuple[str, ...] = ()
    task_arn: str = ""
    task_exit_code: int | None = None
    """The exit code of a one-off task that failed, if it is known."""
    other: Other | None = None
    as_asked: bool = False
    """It was rolled back because the user asked for just that."""
    has_changes: bool = False
    """A plan, which writes nothing, found something that would change."""

    @property
    def by_codedeploy(self) -> bool:
        """Whether CodeDeploy made the deployment: its ids begin with `d-`, those of ECS with `ecs-svc/`.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
        """
        return self.deployment_id.startswith("d-")

    @property
    def cause(self) -> Cause | None:
        return self.causes[0] if self.causes else None

    def raise_for_verdict(self) -> None:
        """Raise `NotSucceeded` unless the status is `succeeded`, `unchanged` or `detached`."""
        if not self.verdict.status.is_success:
            raise NotSucceeded(self)


class NotSucceeded(EcsDeployError):
    """A run ended without success; `outcome` is its result. Only `Outcome.raise_for_verdict` raises it."""

    def __init__(self, outcome: Outcome) -> None:
        status, cause, place = outcome.verdict.status, outcome.cause, outcome.place
        of = f" for `{place.service}` in `{place.cluster}`" if place.service else ""
        why = cause.summary if cause else outcome.verdict.reason
        sentence = f"The run{of} ended as `{status}`{f': {why}' if why else ''}"
        super().__init__(f"{sentence.rstrip('.')}.", hint=cause.remedy if cause else "")
        self.status = status.value
        self.outcome: Outcome = outcome
