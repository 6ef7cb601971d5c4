"""The one stream between the engine and every renderer: what happened, as typed values.

The first event of a run is `Planned`, the last `Finished`. A file of recorded events can be rendered again.
"""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.judgement import Doom
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStatus, TaskStopping
from ecsdeploy.model.outcome import Outcome, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new revision exists."""

    revision: str


@value(frozen=True, slots=True, kw_only=True)
class Started:
    """ECS accepted our change: `deployment_id` is ours from here on.

    `attached`: it was under way when we came; somebody else, or an earlier run of ours, had started it.
    """

    deployment_id: str
    revision: str
    desired: int
    breaker: bool = False
    breaker_rollback: bool = False
    by: str = "ecs"
    """Who deploys: `ecs` or `codedeploy`."""
    attached: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Counts:
    """Tasks of the new or of the old revisions, as `Service.deployments` counts them."""

    desired: int = 0
    running: int = 0
    pending: int = 0
    failed: int = 0


@value(frozen=True, slots=True, kw_only=True)
class Progress:
    """The counts changed, or a heartbeat is due (`still`); `elapsed` in seconds since our deployment started."""

    new: Counts
    old: Counts
    elapsed: float
    stage: str = ""
    still: bool = False
    traffic: float | None = None
    """The percentage of production traffic that the new revision is to get; None under ROLLING."""
    breaker: str = ""
    """`1/3`: failures counted by the circuit breaker, of its threshold."""
    checked: bool = False
    """A container's health check, or a load balancer, looks at the tasks: only then can one be called healthy."""


@value(frozen=True, slots=True, kw_only=True)
class TargetCounts:
    """A target group by its name, and how many of its targets are in which state (`healthy`, `initial`...)."""

    group: str
    states: tuple[tuple[str, int], ...]


@value(frozen=True, slots=True, kw_only=True)
class Monitored:
    """What target groups and alarms show beside our deployment; told where the caller asked for it and it changed."""

    targets: tuple[TargetCounts, ...] = ()
    alarms: tuple[AlarmState, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class TaskRunning:
    """The first task of the new revision runs (and is healthy, where it has a health check)."""

    skipped: bool = False
    """The service has no tasks to run (desired count 0)."""


@value(frozen=True, slots=True, kw_only=True)
class Said:
    """ECS wrote a line into the service's event log since our deployment started.

    A line that one look found several `times` is told once, with the id and the time of the first.
    """

    id: str
    at: datetime
    message: str
    times: int = 1


@value(frozen=True, slots=True, kw_only=True)
class Paused:
    """A lifecycle hook has begun to wait for somebody to continue our deployment.

    At `expires_at` ECS does what `timeout_action` says (`ROLLBACK` or `CONTINUE`).
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
    """

    hook: str
    stage: str
    service_deployment: str
    """The ARN of the service deployment that waits."""
    expires_at: datetime | None = None
    timeout_action: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Continued:
    """We answered a pause: our deployment goes on, or, with `rollback`, is taken back."""

    hook: str
    stage: str
    rollback: bool = False


class Smoke:
    """Something that a smoke test did at a pause."""

    __slots__ = ()


@value(frozen=True, slots=True, kw_only=True)
class SmokeStarted(Smoke):
    """The smoke test runs on this machine. `url` is empty where no address of the test traffic is known."""

    program: str
    url: str = ""


@value(frozen=True, slots=True, kw_only=True)
class SmokeSaid(Smoke):
    """The smoke test wrote this line."""

    message: str


@value(frozen=True, slots=True, kw_only=True)
class SmokeAwaited(Smoke):
    """The deployment is complete, and its smoke test has run for so long and goes on."""

    seconds: float


@value(frozen=True, slots=True, kw_only=True)
class SmokeEnded(Smoke):
    """The smoke test has ended. Without an `exit_code` it did not end by itself, and `why` says what ended it."""

    exit_code: int | None = None
    why: str = ""


@value(frozen=True, slots=True, kw_only=True)
class RollingBack:
    """A rollback began: `by` is `ecs`, `codedeploy` or `us`.

    Where it is ours, `stopped` says that we stopped our deployment and ECS takes it back; else we start a new one of
    the old revision. `to_revision` is empty where ECS has not said yet which revision it goes back to.
    """

    by: str
    to_revision: str
    reason: str = ""
    stopped: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Doomed:
    """Our deployment cannot succeed any more; with `ends` we wait for it no longer."""

    doom: Doom
    ends: bool


@value(frozen=True, slots=True, kw_only=True)
class Reconsidered:
    """Our deployment may succeed after all: its tasks now contradict this doom."""

    doom: Doom


@value(frozen=True, slots=True, kw_only=True)
class Delayed:
    """Our deployment waits for something that passes by itself; `reason` is a sentence without its full stop."""

    reason: str


@value(frozen=True, slots=True, kw_only=True)
class LostContact:
    """Reads have failed for `seconds`; the deployment goes on at AWS."""

    seconds: float
    error: str


@value(frozen=True, slots=True, kw_only=True)
class FoundContact:
    """Reads work again after `seconds`."""

    seconds: float


@value(frozen=True, slots=True, kw_only=True)
class Pruned:
    """An old revision is being deregistered."""

    revision: str


@value(frozen=True, slots=True, kw_only=True)
class Spared:
    """An old revision was kept although it is beyond the number to keep: `by` says who uses it."""

    revision: str
    by: str


@value(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something that the user should know, and that changes no verdict."""

    finding: Finding


@value(frozen=True, slots=True, kw_only=True)
class Concluded:
    """The verdict about our deployment is known; diagnosis, rollback and pruning may follow."""

    verdict: Verdict


@value(frozen=True, slots=True, kw_only=True)
class Finished:
    """The last event: the outcome, and the error that ended the run where no verdict did."""

    outcome: Outcome
    error: EcsDeployError | None = None


Event = (
    Planned
    | Registered
    | Started
    | Progress
    | Monitored
    | TaskRunning
    | Said
    | Paused
    | Continued
    | RollingBack
    | Doomed
    | Reconsidered
    | Delayed
    | LostContact
    | FoundContact
    | TaskStarted
    | TaskStatus
    | TaskFinished
    | TaskStopping
    | TaskSaid
    | SmokeStarted
    | SmokeSaid
    | SmokeAwaited
    | SmokeEnded
    | Pruned
    | Spared
    | Warned
    | Concluded
    | Finished
)


@value(frozen=True, slots=True, kw_only=True)
class Record:
    """An event with its place in the stream."""

    seq: int
    time: datetime
    service: ServiceRef | None
    event: Event
