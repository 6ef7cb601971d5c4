"""Services with their deployments and tasks.

Other modules change them: nothing here does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ecsdeploy.sim.ground.clock import Timer
from ecsdeploy.sim.state.balancers import RegisteredTarget
from ecsdeploy.sim.state.containers import Container, Instance
from ecsdeploy.sim.state.courses import HookRun, Stage, Step
from ecsdeploy.sim.state.definitions import Definition, ServiceRevision

Json = dict[str, Any]
STOPPED_TASKS_STAY = 3600.0
EVENTS_KEPT = 100


@dataclass(slots=True, eq=False)
class Task:
    """A task. The times are in seconds since 1970, None before they have come.

    `condemned` is the reason for which the scheduler is to replace the task. `failed` says that the task ended although
    nobody stopped it. `counted` says that the circuit breaker has counted this failure. `evicted` says that AWS wants
    the host back: the task runs on until another one takes its place. `batch` is the number of the launch that started
    it.
    """

    id: str
    arn: str
    definition: Definition
    containers: list[Container]
    created_at: float
    launch_type: str
    settings: Json
    address: str
    attachment: str
    tags: list[Json] = field(default_factory=list)
    service: Service | None = None
    deployment: Deployment | None = None
    batch: int = 0
    last_status: str = "PROVISIONING"
    desired_status: str = "RUNNING"
    health: str = "UNKNOWN"
    connected_at: float | None = None
    pull_started_at: float | None = None
    pull_stopped_at: float | None = None
    started_at: float | None = None
    stopping_at: float | None = None
    execution_stopped_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    version: int = 1
    condemned: str | None = None
    failed: bool = False
    counted: bool = False
    targets: list[RegisteredTarget] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    protected_until: float = 0.0
    evicted: bool = False
    instance: Instance | None = None
    provider: str | None = None

    @property
    def checked(self) -> bool:
        """Whether an essential container has a health check."""
        return any(c.checked for c in self.containers if c.essential)

    @property
    def wanted(self) -> bool:
        """Whether the task is to run: nobody has told it to stop."""
        return self.desired_status == "RUNNING"


@dataclass(slots=True)
class Deployment:
    """An entry of `Service.deployments`. Its id and its service revision's ARN end in the same digits.

    `failures` is what the circuit breaker counts. `failed_tasks` is what AWS shows as `failedTasks`. `rounds` is how
    many launches in a row never reached RUNNING, and `not_before` the time before which the scheduler launches nothing.
    `looks` and `launches` count the looks of the scheduler and its launches. `failed_round` is the last launch that
    failed.
    """

    id: str
    revision: ServiceRevision
    created_at: float
    updated_at: float
    status: str = "PRIMARY"
    rollout_state: str = "IN_PROGRESS"
    rollout_reason: str = ""
    desired: int = 0
    failed_tasks: int = 0
    failures: int = 0
    rounds: int = 0
    failed_round: int = 0
    not_before: float = 0.0
    looks: int = 0
    launches: int = 0
    tasks: list[Task] = field(default_factory=list)
    task_set: TaskSet | None = None


@dataclass(slots=True)
class TaskSet:
    """What a deployment has in addition where CodeDeploy, and not ECS, deploys the service. `scale` is in per cent."""

    arn: str
    scale: float
    settings: Json
    token: str | None = None
    external_id: str | None = None
    started_by: str | None = None
    tags: list[Json] = field(default_factory=list)
    stable: bool = False
    stable_at: float = 0.0


@dataclass(slots=True)
class Course:
    """Where a deployment that shifts traffic stands. `test` and `production` are the new revision's per cent of
    traffic.

    `managed` says whether ECS shifts traffic: it shifts none for a service without a load balancer. `entered` says that
    the first step has begun, on the way there or on the way back. `working` says that the hooks of the present step are
    done and its work is not.
    """

    green: Deployment
    blue: Deployment | None
    steps: tuple[Step, ...]
    managed: bool
    at: int = 0
    entered: bool = False
    working: bool = False
    reversing: bool = False
    test: float = 0.0
    production: float = 0.0
    stage: Stage | None = None
    runs: list[HookRun] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    limit: Timer | None = None

    @property
    def step(self) -> Step:
        return self.steps[self.at]

    @property
    def scaled_up(self) -> bool:
        """Whether the tasks of the new revision are to run by now."""
        return any(step.stage == "SCALE_UP" for step in self.steps[: self.at + 1])

    @property
    def cleaning(self) -> bool:
        return self.step.stage == "CLEAN_UP"

    def halt(self) -> None:
        """Cancel everything that is still to happen, and forget the hooks that have not answered."""
        for timer in self.timers:
            timer.cancel()
        self.timers = []
        if self.limit is not None:
            self.limit.cancel()
        self.runs = [run for run in self.runs if not run.open]


@dataclass(slots=True)
class ServiceDeployment:
    """A service deployment, as DescribeServiceDeployments shows it. Its variable is called `record` in this package.

    `frozen` has the task counts, by revision, of a deployment that succeeded early: they change no more.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
    """

    arn: str
    sources: list[ServiceRevision]
    deployment: Deployment
    configuration: Json
    created_at: float
    updated_at: float
    status: str = "PENDING"
    reason: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    stopped_at: float | None = None
    rollback: Json | None = None
    breaker_status: str = "DISABLED"
    failures: int = 0
    threshold: int = 0
    source_counts: dict[str, int] = field(default_factory=dict)
    alarm_status: str = "DISABLED"
    triggered: list[str] = field(default_factory=list)
    bake_ends: float | None = None
    frozen: Mapping[str, Json] | None = None
    course: Course | None = None

    @property
    def strategy(self) -> str:
        return str(self.configuration.get("strategy") or "ROLLING")

    @property
    def ended(self) -> bool:
        return self.status in ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED")


@dataclass(slots=True)
class Service:
    """A service. `settings` holds the members of its configuration that AWS's replies repeat, under AWS's names.

    `last_completed` is the deployment that ECS rolls back to. `attached` is the ARN that AWS shows as
    `currentServiceDeployment`. `express` says that Express mode manages the service, `steady` that the service has said
    so, `stuck` that the scheduler can do nothing.
    """

    arn: str
    name: str
    cluster: Cluster
    desired: int
    settings: Json
    created_at: float
    controller: str = "ECS"
    express: bool = False
    token: str | None = None
    request: Json = field(default_factory=dict)
    tags: list[Json] = field(default_factory=list)
    status: str = "ACTIVE"
    deployments: list[Deployment] = field(default_factory=list)
    revisions: dict[str, ServiceRevision] = field(default_factory=dict)
    history: list[ServiceDeployment] = field(default_factory=list)
    last_completed: Deployment | None = None
    attached: str | None = None
    events: deque[tuple[str, float, str]] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    said: dict[str, float] = field(default_factory=dict)
    last_look: float = 0.0
    look_timer: Timer | None = None
    steady: bool = False
    stuck: bool = False
    lowest_healthy: int = 0
    to_be_counted: bool = False

    @property
    def primary(self) -> Deployment:
        return self.deployments[0]

    @property
    def sources(self) -> list[Deployment]:
        """The former deployments, which the primary deployment replaces."""
        return self.deployments[1:]

    @property
    def tasks(self) -> list[Task]:
        return [task for deployment in self.deployments for task in deployment.tasks]

    @property
    def definition(self) -> Definition:
        return self.primary.revision.definition


@dataclass(slots=True)
class Cluster:
    arn: str
    name: str
    status: str = "ACTIVE"
    tags: list[Json] = field(default_factory=list)
    settings: list[Json] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
