"""What the engine needs of the world: AWS, time and someone to tell, as protocols."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Record
from ecsdeploy.model.service import Service, ServiceDeployment, Task
from ecsdeploy.model.steps import PointService, RunTask
from ecsdeploy.model.taskdef import TaskDefinition


class Clock(Protocol):
    """Time, real or simulated. `monotonic` is in seconds and only differences of it mean anything."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Sink(Protocol):
    """Takes every event of a run, in order."""

    def emit(self, record: Record) -> None: ...


class Reads(Protocol):
    """The questions; each may be asked again. Errors: the `AwsError` family, `NoSuchResource`."""

    def service(self, ref: ServiceRef) -> Service:
        """DescribeServices; `NoSuchResource` when the cluster or the service is missing."""
        ...

    def check_cluster(self, cluster: str) -> None:
        """DescribeClusters; `NoSuchResource` when the cluster is missing or no longer active."""
        ...

    def definition(self, name: str, *, tags: bool = False) -> TaskDefinition:
        """DescribeTaskDefinition of an ARN, `family:revision`, or a family (its newest ACTIVE revision)."""
        ...

    def revisions(self, family: str) -> tuple[str, ...]:
        """ARNs of the ACTIVE revisions of exactly this family, newest first."""
        ...

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        """The service deployment whose target revision has our deployment's digits.

        None while there is none, and for ever where the endpoint lacks the operations.
        """
        ...

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        """The tasks that a deployment started: those that run, or those that stopped."""
        ...

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """DescribeTasks in hundreds; a task that is MISSING is left out."""
        ...

    def revisions_in_use(self, cluster: str, family: str) -> dict[str, str]:
        """Revision ARN to a word about who uses it, over the services and running tasks of the cluster."""
        ...

    def target_health(self, group: str) -> Mapping[str, str]:
        """DescribeTargetHealth of a target group's ARN: `id:port` (an address's or an instance's) to state."""
        ...

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        """The last lines of a CloudWatch Logs stream, oldest first."""
        ...


class Writes(Protocol):
    """The calls that change something; none of them is ever repeated below the engine."""

    def register(self, definition: TaskDefinition) -> TaskDefinition: ...

    def update_service(self, step: PointService, revision: str) -> Service: ...

    def run_task(self, step: RunTask, revision: str, token: str) -> Task:
        """RunTask of one task, with its idempotency token; `Refused` with the reason when it was not placed."""
        ...

    def deregister(self, revision: str) -> None: ...


class ControlPlane(Reads, Writes, Protocol):
    """AWS as the engine sees it."""
