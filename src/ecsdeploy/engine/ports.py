"""What the engine needs of the world: AWS, time and someone to tell, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import HealthCheck, TargetHealth
from ecsdeploy.model.events import Record
from ecsdeploy.model.request import Answer
from ecsdeploy.model.service import PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import PointService, RunTask
from ecsdeploy.model.surroundings import AlarmState, Repository, ScalingLimits, StoredImage, TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import CodeDeployment, EcsTarget, Route


class Clock(Protocol):
    """Time, real or simulated. `monotonic` is in seconds and only differences of it mean anything."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Sink(Protocol):
    """Takes every event of a run, in order."""

    def emit(self, record: Record) -> None: ...


class Question(Protocol):
    """Asks the user, who pressed Ctrl-C, what is to become of the deployment.

    A second signal while it stands is raised as it came.
    """

    def __call__(self) -> Answer: ...


class Listener(Protocol):
    """Is told of a long read while it goes on."""

    def reading(self, done: int, listed: int) -> None:
        """So many of those that are listed so far have been read."""
        ...

    def asked_again(self, seconds: float, error: Exception) -> None:
        """A call has had no usable answer for so many seconds, and why."""
        ...


class Reads(Protocol):
    """The questions; each may be asked again. Errors: the `AwsError` family, `NoSuchResource`."""

    def service(self, ref: ServiceRef) -> Service:
        """DescribeServices; `NoSuchResource` when the cluster or the service is missing."""
        ...

    def told_at(self) -> datetime | None:
        """When AWS answered last, by its own clock and to the second; None where it does not say. No call."""
        ...

    def services_page(self, cluster: str, token: str = "") -> tuple[tuple[str, ...], str]:
        """ListServices: the ARNs of a hundred services from `token` on, and the token of the next page, if any.

        `NoSuchResource` when the cluster is missing.
        """
        ...

    def services(self, cluster: str, arns: Sequence[str]) -> tuple[tuple[Service, ...], Mapping[str, str]]:
        """DescribeServices of ten at most: those that there are, and ECS's reason for each other one, by its ARN.

        A service of which the reply says nothing has an empty reason.
        """
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

    def service_deployments(self, ref: ServiceRef, newest: int) -> tuple[ServiceDeployment, ...]:
        """The newest ones (at most 20), newest first, each with all that ECS says of it."""
        ...

    def history(self, ref: ServiceRef) -> tuple[PastDeployment, ...]:
        """The newest twenty service deployments, newest first; none where the endpoint lacks the operations."""
        ...

    def history_page(self, ref: ServiceRef, token: str = "") -> tuple[tuple[PastDeployment, ...], str]:
        """Twenty of them from `token` on, and the token of the next page; an empty one where there is none."""
        ...

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        """Seconds that the newest twenty successful service deployments took, newest first; one call."""
        ...

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        """The tasks that a deployment started: those that run, or stopped; `Unfinished` while there are more."""
        ...

    def protected_until(self, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
        """When the scale-in protection of each task of the service ends that this deployment did not start."""
        ...

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        """DescribeTasks of a hundred at most; a task that is MISSING is left out."""
        ...

    def clusters(self) -> tuple[str, ...]:
        """ListClusters: the ARNs of all clusters of the account and Region."""
        ...

    def revisions_in_use(self, cluster: str, family: str) -> dict[str, str]:
        """Revision ARN to a word about who uses it, over the services and running tasks of the cluster."""
        ...

    def revisions_started(self, clusters: Sequence[str], family: str) -> dict[str, str]:
        """`family:revision` to a word about which rule or schedule starts it in one of the clusters (ARNs).

        `Refused` where there are too many to look through.
        """
        ...

    def target_health(self, group: str) -> Mapping[str, str]:
        """DescribeTargetHealth of a target group's ARN: `id:port` (an address's or an instance's) to state."""
        ...

    def targets(self, group: str) -> tuple[TargetHealth, ...]:
        """DescribeTargetHealth of a target group's ARN, with the reasons."""
        ...

    def health_check(self, group: str) -> HealthCheck | None:
        """DescribeTargetGroups of one ARN: how it checks; None where it is not there."""
        ...

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        """The last lines of a CloudWatch Logs stream, oldest first."""
        ...


class Writes(Protocol):
    """The calls that change something; none of them is ever repeated below the engine."""

    def refuse_unusable(self, definition: TaskDefinition) -> None:
        """Raise the `UsageError` that `register` would raise for a member of a wrong kind; no call."""
        ...

    def register(self, definition: TaskDefinition) -> TaskDefinition: ...

    def update_service(self, step: PointService, revision: str) -> Service: ...

    def stop_deployment(self, service_deployment: str) -> None:
        """StopServiceDeployment of this ARN with ROLLBACK; `AwsRefused` where it has ended or cannot be stopped."""
        ...

    def continue_deployment(self, service_deployment: str, hook: str, *, rollback: bool) -> None:
        """ContinueServiceDeployment: let a paused hook go on, or take the deployment back."""
        ...

    def run_task(self, step: RunTask, revision: str, token: str) -> Task:
        """RunTask of one task, with its idempotency token; `Refused` with the reason when it was not placed."""
        ...

    def deregister(self, revision: str) -> None: ...


class Surroundings(Protocol):
    """The questions to what stands around ECS, each optional: an error means that the answer is unknown.

    "It is not there" is an answer and no error. None of them reads the value of a secret. Errors: as of `Reads`.
    """

    def images(self, where: Repository, identifiers: Sequence[str]) -> Mapping[str, StoredImage | None]:
        """Each tag or digest that the registry answers for; None for an image that it does not have."""
        ...

    def role_exists(self, name: str) -> bool: ...

    def secret_exists(self, name: str, *, region: str) -> bool:
        """By name or ARN; one that is about to be deleted does not count."""
        ...

    def parameters_that_exist(self, names: Sequence[str], *, region: str) -> frozenset[str]:
        """Those of the names that Parameter Store has."""
        ...

    def log_group_exists(self, name: str, *, region: str) -> bool: ...

    def target_groups(self, arns: Sequence[str]) -> Mapping[str, TargetGroup | None]:
        """Each of the target groups, all of one Region, by its ARN; None for one that is not there."""
        ...

    def drain_seconds(self, target_group: str) -> float:
        """The deregistration delay of a target group, by its ARN."""
        ...

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        """None for a service that nothing scales."""
        ...

    def alarms(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        """The states of those of the alarms that there are."""
        ...

    def credentials_expire_at(self) -> datetime | None:
        """When the caller's credentials expire for good; None where they are renewed, or nobody says. No call."""
        ...


class CodeDeploy(Protocol):
    """CodeDeploy, for services under the CODE_DEPLOY controller. Errors: as of `Reads`."""

    def routes(self, ref: ServiceRef) -> tuple[Route, ...]:
        """The deployment groups whose service is this one; AWS lets it be one at most."""
        ...

    def deployment(self, identifier: str) -> CodeDeployment:
        """GetDeployment; `NoSuchResource` when there is none of that id."""
        ...

    def target(self, ref: ServiceRef, identifier: str) -> EcsTarget | None:
        """BatchGetDeploymentTargets of the service; None until the deployment has begun."""
        ...

    def appspec(self, of: CodeDeployment) -> str:
        """GetApplicationRevision: the AppSpec's content, as JSON or YAML."""
        ...

    def deployments(self, route: Route, since: datetime | None = None) -> tuple[CodeDeployment, ...]:
        """ListDeployments and BatchGetDeployments of a group, a hundred at most, the newest first."""
        ...

    def deployments_page(self, route: Route, token: str = "") -> tuple[tuple[CodeDeployment, ...], str]:
        """The same from `token` on, and the token of the next page; an empty one where there is none."""
        ...

    def create(self, route: Route, appspec: str, description: str) -> str:
        """CreateDeployment with this AppSpec in JSON or YAML; the id of the new deployment."""
        ...

    def stop(self, identifier: str) -> None:
        """StopDeployment with a rollback; `AwsRefused` where it has ended."""
        ...


class ControlPlane(Reads, Writes, Protocol):
    """AWS as the engine sees it."""

    @property
    def surroundings(self) -> Surroundings: ...

    @property
    def codedeploy(self) -> CodeDeploy: ...
