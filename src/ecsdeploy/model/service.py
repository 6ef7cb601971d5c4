"""A service, its deployments and its tasks, as one read of ECS shows them.

Shapes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html,
API_Deployment.html, API_ServiceDeployment.html and API_Task.html. Times are aware UTC.
"""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.settings import Breaker, DeploymentAlarms, ServiceSettings
from ecsdeploy.model.statuses import HasDeploymentStatus
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One element of `Service.deployments`; `rollout_state` is empty for a Classic load balancer."""

    id: str
    status: str
    task_definition: str
    desired: int = 0
    pending: int = 0
    running: int = 0
    failed: int = 0
    rollout_state: str = ""
    rollout_reason: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def is_primary(self) -> bool:
        """Whether ECS moves the service to it, or has done so."""
        return self.status == "PRIMARY"

    @property
    def is_complete(self) -> bool:
        return self.rollout_state == "COMPLETED"

    @property
    def has_failed(self) -> bool:
        return self.rollout_state == "FAILED"

    @property
    def is_in_progress(self) -> bool:
        return self.rollout_state == "IN_PROGRESS"

    def is_younger_than(self, other: Deployment) -> bool:
        """Whether it was created after `other`; False where one of the times is not known."""
        return self.created_at is not None and other.created_at is not None and self.created_at > other.created_at


@value(frozen=True, slots=True, kw_only=True)
class ServiceEvent:
    """A line of the service's event log; `message` is ECS's text, not yet cleaned for a terminal."""

    id: str
    at: datetime
    message: str


@value(frozen=True, slots=True, kw_only=True)
class Service:
    """What DescribeServices says of one service. `current_service_deployment` may be absent for seconds."""

    arn: str
    name: str
    cluster_arn: str
    status: str
    task_definition: str
    desired: int
    running: int
    pending: int
    deployments: tuple[Deployment, ...]
    events: tuple[ServiceEvent, ...] = ()
    minimum_healthy_percent: int | None = None
    maximum_percent: int | None = None
    breaker: Breaker = Breaker()
    alarms: DeploymentAlarms = DeploymentAlarms()
    strategy: str = "ROLLING"
    ends_early: bool = False
    """ECS may call a deployment successful before all of its tasks run, or while old ones drain."""
    controller: str = "ECS"
    scheduling: str = "REPLICA"
    managed_by_express: bool = False
    managed_tags: bool = False
    """Its tasks get ECS's own tags."""
    propagate_tags: str = "NONE"
    """Whose tags its tasks get: SERVICE, TASK_DEFINITION or NONE."""
    grace_seconds: int = 0
    target_groups: tuple[str, ...] = ()
    settings: ServiceSettings = ServiceSettings()
    current_service_deployment: str = ""

    @property
    def deployer(self) -> str:
        """Who releases to it: `EXPRESS`, or its deployment controller, such as `ECS` or `CODE_DEPLOY`."""
        return "EXPRESS" if self.managed_by_express else self.controller

    @property
    def undoes_failures(self) -> bool:
        """Whether ECS takes back a deployment whose tasks fail: the circuit breaker sees that, alarms do not."""
        return self.breaker.enabled and self.breaker.rollback

    @property
    def will_roll_back(self) -> bool:
        """Whether ECS itself takes back a deployment that fails, by the circuit breaker or for an alarm."""
        return self.undoes_failures or (self.alarms.enabled and self.alarms.rollback)

    @property
    def is_being_deleted(self) -> bool:
        """Whether it is being deleted, or is gone."""
        return self.status in ("DRAINING", "INACTIVE")

    @property
    def shifts_traffic(self) -> bool:
        """Whether a load balancer moves traffic to a new version (in steps or at once) while the old one still runs."""
        return self.strategy != "ROLLING"

    @property
    def primary(self) -> Deployment | None:
        return next((each for each in self.deployments if each.is_primary), None)

    @property
    def under_way(self) -> Deployment | None:
        """The deployment that ECS is working on, if there is one.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
        """
        primary = self.primary
        if primary is None or primary.rollout_state:
            return primary if primary is not None and primary.is_in_progress else None
        # A Classic load balancer's service has no rolloutState: then what is left of the old one is all that shows it.
        return primary if len(self.deployments) > 1 else None

    @property
    def taken_back(self) -> Deployment | None:
        """The failed deployment that ECS takes back, or has just taken back; None where the list shows none.

        ECS makes the deployment before it primary again, so the failed one is younger than the primary.
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
        """
        primary = self.primary
        failed = (each for each in self.deployments if each.has_failed)
        younger = [each for each in failed if primary is not None and each.is_younger_than(primary)]
        return max(younger, key=lambda each: str(each.created_at), default=None)

    @property
    def runs_whole(self) -> bool:
        """Whether all wanted tasks run, or ECS is deploying and so about to start them.

        A revision that was released with success may have failed since.
        """
        if self.controller == "ECS" and self.under_way is not None:
            return True
        return self.primary is not None and self.primary.running >= self.desired

    def deployment(self, identifier: str) -> Deployment | None:
        return next((each for each in self.deployments if each.id == identifier), None)


@value(frozen=True, slots=True, kw_only=True)
class BreakerCount:
    """How near the circuit breaker is to tripping."""

    status: str
    failures: int
    threshold: int


@value(frozen=True, slots=True, kw_only=True)
class Hook:
    """A lifecycle hook of a deployment; one that is AWAITING_ACTION pauses it until somebody continues it."""

    id: str
    status: str
    target: str = ""
    expires_at: datetime | None = None
    timeout_action: str = ""


@value(frozen=True, slots=True, kw_only=True)
class RevisionShare:
    """A service revision's part in a deployment: its tasks, and its traffic in percent (None where none is shifted)."""

    revision: str
    """The service revision's ARN."""
    requested: int = 0
    running: int = 0
    pending: int = 0
    test_weight: float | None = None
    production_weight: float | None = None


@value(frozen=True, slots=True, kw_only=True)
class ServiceDeployment(HasDeploymentStatus):
    """One service deployment; `target_revision` is the service revision's ARN. Any status is possible."""

    arn: str
    status: str
    reason: str = ""
    target_revision: str = ""
    stage: str = ""
    breaker: BreakerCount | None = None
    rollback_reason: str = ""
    rollback_revision: str = ""
    triggered_alarms: tuple[str, ...] = ()
    hooks: tuple[Hook, ...] = ()
    target: RevisionShare | None = None
    sources: tuple[RevisionShare, ...] = ()
    created_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def traffic(self) -> float | None:
        """The percentage of production traffic that the new revision is to get; None where none is shifted."""
        return self.target.production_weight if self.target else None

    @property
    def awaiting(self) -> tuple[Hook, ...]:
        """The pauses that wait for somebody."""
        return tuple(each for each in self.hooks if each.status == "AWAITING_ACTION")


@value(frozen=True, slots=True, kw_only=True)
class PastDeployment(HasDeploymentStatus):
    """A service deployment of the service's history; `revision` is the task definition's ARN, `reason` ECS's own."""

    arn: str
    status: str
    revision: str
    deployment_id: str
    created_at: datetime | None = None
    finished_at: datetime | None = None
    reason: str = ""
    images: tuple[tuple[str, str, str], ...] = ()
    """Of each container its name, its image, and the digest that was pulled, or an empty text."""


@value(frozen=True, slots=True, kw_only=True)
class Container:
    """A container of a task; `exit_code` is None if it never ran, or still runs."""

    name: str
    image: str = ""
    digest: str = ""
    status: str = ""
    health: str = ""
    exit_code: int | None = None
    reason: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Task:
    """One task; for a service's tasks `started_by` is the deployment's id."""

    arn: str
    task_definition: str
    status: str
    desired_status: str
    health: str = "UNKNOWN"
    started_by: str = ""
    stop_code: str = ""
    stopped_reason: str = ""
    containers: tuple[Container, ...] = ()
    addresses: tuple[str, ...] = ()
    """The private IPv4 addresses of its network interfaces: its targets' ids, under `awsvpc`."""
    created_at: datetime | None = None
    started_at: datetime | None = None
    execution_stopped_at: datetime | None = None
    """When the containers ended; `stopped_at` follows once the host has cleaned up."""
    stopped_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.arn.rsplit("/", 1)[-1]

    @property
    def runs(self) -> bool:
        return self.status == "RUNNING"

    @property
    def has_stopped(self) -> bool:
        return self.status == "STOPPED"

    @property
    def ended_at(self) -> datetime | None:
        """When its containers ended, as far as ECS says."""
        return self.execution_stopped_at or self.stopped_at


@value(frozen=True, slots=True, kw_only=True)
class Launched:
    """The tasks that RunTask has started, at least one; `lacking` says why there are fewer than asked for."""

    tasks: tuple[Task, ...]
    lacking: str = ""
