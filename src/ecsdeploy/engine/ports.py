"""The protocols by which the engine reaches AWS, the clock and whoever is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import HealthCheck, TargetHealth
from ecsdeploy.model.events import Record
from ecsdeploy.model.request import Answer
from ecsdeploy.model.service import Launched, PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import CreateService, PointService, RunTask, UpdateExpress
from ecsdeploy.model.taskdef import TaskDefinition

if TYPE_CHECKING:
    from ecsdeploy.engine.neighbours import CodeDeploy, Surroundings
    from ecsdeploy.model.execution import ExecSession, Picked, Reach
    from ecsdeploy.model.express import Express
    from ecsdeploy.model.logs import LogEvent, LogSource
    from ecsdeploy.model.surroundings import ScalingLimits
    from ecsdeploy.model.timetables import Start


class Clock(Protocol):
    """Time, real or simulated. `monotonic` is in seconds; only differences between two of its values have a meaning."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Sink(Protocol):
    """Takes every event of a run, in order."""

    def emit(self, record: Record) -> None: ...


class Question(Protocol):
    """Asks whoever pressed Ctrl-C what to do with the deployment. It raises a second `KeyboardInterrupt` as it is."""

    def __call__(self) -> Answer: ...


class Permit(Protocol):
    """What a run asks that is one of several which are released as one."""

    def await_turn(self) -> None:
        """Wait, after the plan and before the first write, until the run may begin. `Refused` if it may not."""
        ...

    def await_end(self) -> str:
        """Wait, after the success of the run, for that of the others. Returns why it is taken back, else nothing."""
        ...


class Reads(Protocol):
    """The calls that change nothing; each may be repeated. Errors: the `AwsError` family, `NoSuchResource`."""

    def service(self, ref: ServiceRef) -> Service:
        """DescribeServices; `NoSuchResource` when the cluster or the service is missing."""
        ...

    def express(self, arn: str) -> Express:
        """DescribeExpressGatewayService of the ARN of a service that Express mode manages."""

    def told_at(self) -> datetime | None:
        """The `Date` of AWS's last reply, by AWS's clock and to the second; None if it had none. Makes no call."""
        ...

    def services_page(self, cluster: str, token: str = "") -> tuple[tuple[str, ...], str]:
        """ListServices: up to a hundred ARNs from `token` on, and the next page's token, if any.

        `NoSuchResource` if the cluster is missing.
        """
        ...

    def services(self, cluster: str, arns: Sequence[str]) -> tuple[tuple[Service, ...], Mapping[str, str]]:
        """DescribeServices of at most ten ARNs: the services that exist, and for each other ARN the reason of ECS.

        The reason is empty if the reply does not mention the ARN.
        """
        ...

    def active_cluster(self, cluster: str) -> str:
        """DescribeClusters: the ARN; `NoSuchResource` when the cluster is missing or no longer active."""
        ...

    def definition(self, name: str, *, tags: bool = False) -> TaskDefinition:
        """DescribeTaskDefinition of an ARN, `family:revision`, or a family (its newest ACTIVE revision)."""
        ...

    def named_definition(self, name: str) -> TaskDefinition:
        """The same of a name that the user typed: `NoSuchResource` says what is near it."""
        ...

    def revisions(self, family: str) -> tuple[str, ...]:
        """ARNs of the ACTIVE revisions of exactly this family, newest first."""
        ...

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        """The service deployment of this deployment: both ids have the same digits.

        None until ECS lists it, and always None on an endpoint without these operations.
        """
        ...

    def service_deployments(self, ref: ServiceRef, newest: int) -> tuple[ServiceDeployment, ...]:
        """The `newest` (at most 20) service deployments in full, newest first."""
        ...

    def history(self, ref: ServiceRef) -> tuple[PastDeployment, ...]:
        """The newest twenty service deployments, newest first; empty on an endpoint without these operations."""
        ...

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        """Up to `most` from `token` on, of those with one of `statuses`, and the token of the next page, if any."""
        ...

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        """Seconds that the newest twenty successful service deployments took, newest first; one call."""
        ...

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        """The tasks that a deployment started: the stopped ones with `stopped`, else the others.

        `Unfinished` if only a part of them was read; the next call goes on from there.
        """
        ...

    def protected_until(self, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
        """When scale-in protection ends, for each protected task of the service that another deployment started."""
        ...

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """DescribeTasks of at most a hundred ARNs, without those that ECS reports as MISSING."""
        ...

    def clusters(self) -> tuple[str, ...]:
        """ListClusters: the ARNs of all clusters of the account and Region."""
        ...

    def revisions_in_use(self, cluster: str, family: str) -> dict[str, str]:
        """The revisions of the family that services or running tasks of the cluster use: ARN to a word about who."""
        ...

    def starts(self, clusters: Sequence[str], family: str) -> tuple[Start, ...]:
        """What starts tasks of the family at set times or on events, in one of the clusters (ARNs).

        `Refused` if there are too many rules or schedules to read.
        """
        ...

    def target_health(self, group: str) -> Mapping[str, str]:
        """DescribeTargetHealth of a target group's ARN: `id:port` to state; the id is an address or an instance's."""
        ...

    def targets(self, group: str) -> tuple[TargetHealth, ...]:
        """The targets of a target group's ARN, of a load balancer or of VPC Lattice, with the reasons of each state."""

    def health_check(self, group: str) -> HealthCheck | None:
        """DescribeTargetGroups of one ARN: its health check; None if the group does not exist."""

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        """The last lines of a CloudWatch Logs stream, oldest first."""

    def log_page(self, source: LogSource, since: datetime, token: str = "") -> tuple[tuple[LogEvent, ...], str]:
        """What the streams of a source have from then on, by time, and the token of the next page."""

    def action_log_groups(self, cluster_arn: str) -> tuple[str, ...]:
        """The log groups that ECS's own action logs of a cluster go to; none where nobody has it log them."""

    def tasks_of_service(self, ref: ServiceRef, *, stopped: bool) -> tuple[Task, ...]:
        """The service's tasks that run, or that have stopped within an hour; `Unfinished` while there are more."""

    def reach(self, cluster: str, task: str) -> Reach:
        """DescribeTasks of one ARN: whether ECS Exec reaches its containers; `NoSuchResource` if it is gone."""


class Writes(Protocol):
    """The calls that change something. Below the engine, nothing repeats them."""

    def refuse_unusable(self, definition: TaskDefinition) -> None:
        """Raise the `UsageError` that `register` would raise for a member of a wrong type. Makes no call."""

    def unknown_members(self, definition: TaskDefinition) -> tuple[str, ...]: ...

    def register(self, definition: TaskDefinition) -> TaskDefinition:
        """RegisterTaskDefinition; the new revision as ECS answers it."""

    def update_service(self, step: PointService, revision: str) -> Service:
        """UpdateService with what `step` changes; an empty `revision` leaves the task definition as it is."""

    def update_express(self, step: UpdateExpress, revision: str) -> str:
        """UpdateExpressGatewayService with the members of `step`, or else to `revision`.

        Returns the ARN of the revision that the service is to have; empty if the reply does not name it.
        """

    def refuse_unusable_service(self, members: Mapping[str, object]) -> tuple[str, ...]:
        """Raise a `UsageError` for a member of a wrong type; the paths of what the SDK does not know. Makes no call."""

    def create_service(self, step: CreateService, revision: str, token: str) -> Service:
        """CreateService with an idempotency token."""

    def stop_deployment(self, service_deployment: str) -> None:
        """StopServiceDeployment of this ARN with ROLLBACK; `AwsRefused` if it has ended or cannot be stopped."""

    def continue_deployment(self, service_deployment: str, hook: str, *, rollback: bool) -> None:
        """ContinueServiceDeployment of a paused hook: go on, or roll back with `rollback`."""

    def run_task(self, step: RunTask, revision: str, token: str) -> Launched:
        """RunTask with an idempotency token; `Refused` with the reason of ECS if no task was placed."""

    def move_start(self, start: Start, revision: str) -> bool:
        """Give it this revision (an ARN), and leave all else of it; False if it is no longer as `start` says."""

    def move_scaling_limits(self, ref: ServiceRef, before: ScalingLimits, after: ScalingLimits) -> None:
        """RegisterScalableTarget with the limits that differ."""

    def open_session(self, cluster: str, picked: Picked) -> ExecSession:
        """ExecuteCommand, or StartSession for a port that is to be forwarded."""

    def stop_task(self, cluster: str, task: str, reason: str) -> None: ...

    def deregister(self, revision: str) -> None:
        """DeregisterTaskDefinition of this ARN."""


class ControlPlane(Reads, Writes, Protocol):
    """AWS as the engine sees it."""

    @property
    def surroundings(self) -> Surroundings: ...

    @property
    def codedeploy(self) -> CodeDeploy: ...
