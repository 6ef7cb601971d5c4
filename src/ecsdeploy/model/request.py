"""What the user asks for: one frozen value, in whichever form the command line was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import Edit
from ecsdeploy.model.settings import LaunchVolume
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.model.difference import Agreed
    from ecsdeploy.model.oneoff import Gate, OneOff
    from ecsdeploy.model.pausegate import PauseGate


class FromRunning(StrEnum):
    """Which stored revision the edits start from: the one the service runs, or the family's newest."""

    RUNNING = "running"
    LATEST = "latest"


@value(frozen=True, slots=True, kw_only=True)
class FromFile:
    """The edits start from this definition, read from the file at `path`."""

    path: str
    definition: TaskDefinition


Base = FromRunning | FromFile


@value(frozen=True, slots=True, kw_only=True)
class WholeBudget:
    """One budget for the whole deployment, in seconds."""

    seconds: float


@value(frozen=True, slots=True, kw_only=True)
class PhaseBudget:
    """A budget in seconds for each phase: until a task of the new revision runs, then until completion."""

    seconds: float


Budget = WholeBudget | PhaseBudget


class WaitUntil(StrEnum):
    """How far a deployment is followed before the command says success."""

    REGISTERED = "registered"
    STARTED = "started"
    HEALTHY = "healthy"
    TRAFFIC = "traffic"
    COMPLETE = "complete"


class OnFailure(StrEnum):
    """What we do when a deployment of ours fails or times out."""

    LEAVE = "leave"
    STOP = "stop"
    """Have ECS stop and take back a deployment that is still under way; write nothing else."""
    ROLLBACK = "rollback"


class IfBusy(StrEnum):
    """What to do when another deployment of the service is running."""

    WAIT = "wait"
    FAIL = "fail"
    SUPERSEDE = "supersede"


class OnInterrupt(StrEnum):
    """What a signal does to a deployment of ours that is under way."""

    ASK = "ask"
    """Ask the user on Ctrl-C. Another signal, or no terminal to ask on, does what `on_failure` says."""
    DETACH = "detach"
    ROLLBACK = "rollback"


class Answer(StrEnum):
    """What the user answers to the question after Ctrl-C; STOP is for one-off tasks."""

    DETACH = "detach"
    ROLLBACK = "rollback"
    CONTINUE = "continue"
    STOP = "stop"


@value(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What of the service's own configuration changes with the release; None leaves it alone."""

    desired_count: int | None = None
    minimum_healthy_percent: int | None = None
    maximum_percent: int | None = None
    managed_tags: bool | None = None
    propagate_tags: str | None = None
    volumes: tuple[LaunchVolume, ...] | None = None
    deployment: Mapping[str, object] = field(default_factory=dict)
    """Members of the deployment configuration, beside the percentages, as UpdateService takes them."""

    def __hash__(self) -> int:  # A mapping has none.
        return hash((self.desired_count, self.minimum_healthy_percent, self.maximum_percent))


@value(frozen=True, slots=True, kw_only=True)
class CodeDeployWish:
    """What the user asks of CodeDeploy, where it deploys the service; what is empty is found, or is the group's own."""

    application: str = ""
    group: str = ""
    appspec: str = ""
    """The text of an AppSpec, in which we replace the revision."""
    configuration: str = ""
    description: str = ""


@value(frozen=True, slots=True, kw_only=True)
class DeployRequest:
    """Release to a service. With `force`, register nothing, and deploy the revision in use, or `revision`, anew."""

    service: ServiceRef
    edits: tuple[Edit, ...] = ()
    base: Base = FromRunning.RUNNING
    revision: str = ""
    """An existing revision to deploy as it is (`family:revision`, or its ARN); nothing is edited or registered."""
    copies_inactive: bool = False
    """If that revision is no longer ACTIVE, register a copy of it, and deploy that; else the release is refused."""
    force: bool = False
    before: Gate | None = None
    after: Gate | None = None
    """The same once the release has succeeded: if this task fails, so does the release."""
    gate: PauseGate | None = None
    """What decides at the pause after test traffic whether the release goes on."""
    creates: Mapping[str, object] | None = field(default=None, repr=False)
    """Create the service, with these members of CreateService; None for one that exists."""
    sizing: Sizing = Sizing()
    codedeploy: CodeDeployWish = CodeDeployWish()
    copy_tags: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    pin_digests: bool = False
    budget: Budget = WholeBudget(seconds=900)
    wait_until: WaitUntil = WaitUntil.COMPLETE
    on_failure: OnFailure = OnFailure.LEAVE
    keep: int | None = None
    """How many ACTIVE revisions remain after a success; None prunes nothing."""
    if_busy: IfBusy = IfBusy.FAIL
    skip_unchanged: bool = False
    """Deploy nothing where the service already runs, or is being moved to, the same content."""
    min_stable_seconds: float = 0
    """A task of ours that stops this soon after completion fails the release."""
    on_interrupt: OnInterrupt = OnInterrupt.DETACH
    preflight: bool = True
    show_values: bool = False
    """A plan shows values that may hold a secret, and not their fingerprints."""
    agreed: Agreed | None = None
    """The plan that this release is held to; without marks, only the key of its fingerprints."""
    fail_fast: bool = True
    """Do not wait for the end of a deployment that can no longer succeed."""
    expect_account: str = ""

    @property
    def sent_sizing(self) -> Sizing:
        """The sizing that is sent: none with `force`, so that nothing has to be restored."""
        return Sizing() if self.force else self.sizing


@value(frozen=True, slots=True, kw_only=True)
class WatchRequest:
    """Follow a deployment that somebody else started: the one named, else the newest that fits, else the newest.

    One fits that is of `revision` and started after `since`. Where those are given and none fits yet, we wait for one.
    """

    service: ServiceRef
    expect_account: str = ""
    deployment: str = ""
    revision: str = ""
    """`family:number`, or its ARN."""
    since: datetime | timedelta | None = None
    """A time of AWS's clock, or so long before now."""
    start_seconds: float = 60
    """How long we wait for one that fits."""
    budget: Budget = WholeBudget(seconds=900)
    wait_until: WaitUntil = WaitUntil.COMPLETE
    fail_fast: bool = True


@value(frozen=True, slots=True, kw_only=True)
class RollbackRequest:
    """Go back to `to` (a revision, or its number), else to the last good one, and follow that to its end.

    With `only_running`, stop the deployment that is under way; where none is, refuse.
    """

    service: ServiceRef
    to: str = ""
    only_running: bool = False
    expect_account: str = ""
    budget: Budget = WholeBudget(seconds=900)
    preflight: bool = True


@value(frozen=True, slots=True, kw_only=True)
class ContinueRequest:
    """Let a paused deployment go on, or take it back, and follow it; with `WaitUntil.STARTED` leave it then."""

    service: ServiceRef
    hook: str = ""
    """The id of the pause to answer, where several wait."""
    rollback: bool = False
    expect_account: str = ""
    budget: Budget = WholeBudget(seconds=900)
    wait_until: WaitUntil = WaitUntil.COMPLETE


@value(frozen=True, slots=True, kw_only=True)
class OverviewRequest:
    """How all services of a cluster (a name or an ARN) stand now; only reads."""

    cluster: str
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class RegisterRequest:
    """Register a new revision of `family` (a family, `family:revision` or ARN); no service is touched.

    Without `family`, the family is that of the file, and may be a new one.
    """

    family: str
    cluster: str = ""
    edits: tuple[Edit, ...] = ()
    base: Base = FromRunning.RUNNING
    copy_tags: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    pin_digests: bool = False
    keep: int | None = None
    run: OneOff | None = None
    budget: Budget = WholeBudget(seconds=900)


@value(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """Run `count` tasks of what the service `like` runs, as its own run; or of `family` (or `family:revision`)."""

    cluster: str
    like: str = ""
    family: str = ""
    command: tuple[str, ...] = field(default=(), repr=False)
    """The command of `container`; without one, of the only container, else the only essential one."""
    container: str = ""
    edits: tuple[Edit, ...] = ()
    network: Mapping[str, object] = field(default_factory=dict)
    """Members of `awsvpcConfiguration` that take the place of the service's."""
    count: int = 1
    detach: bool = False
    """Only start them."""
    budget: Budget = WholeBudget(seconds=900)
    on_interrupt: OnInterrupt = OnInterrupt.DETACH
    expect_account: str = ""


PlannedRequest = DeployRequest | RegisterRequest | RollbackRequest
"""The requests that have a plan."""
Request = PlannedRequest | WatchRequest | ContinueRequest | RunRequest
