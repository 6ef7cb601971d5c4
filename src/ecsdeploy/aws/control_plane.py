"""AWS as the engine sees it: `engine.ports.ControlPlane`, each method one question or one change.

A module that few releases need is loaded by the first question to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.aws import definitions, deployments, services, tasks
from ecsdeploy.aws.deployments import ServiceDeployments
from ecsdeploy.aws.roster import Roster
from ecsdeploy.aws.session import Session
from ecsdeploy.aws.surroundings import AwsSurroundings
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import HealthCheck, TargetHealth
from ecsdeploy.model.service import Launched, PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import CreateService, PointService, RunTask, UpdateExpress
from ecsdeploy.model.taskdef import TaskDefinition

if TYPE_CHECKING:
    from ecsdeploy.aws.codedeploy import AwsCodeDeploy
    from ecsdeploy.model.execution import ExecSession, Picked, Reach
    from ecsdeploy.model.express import Express
    from ecsdeploy.model.logs import LogEvent, LogSource
    from ecsdeploy.model.surroundings import ScalingLimits
    from ecsdeploy.model.timetables import Start


class AwsControlPlane:
    """ECS through one session; what each method promises stands in `engine.ports`."""

    def __init__(self, session: Session, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` is the clock, in seconds, by which long lists are read slowly enough."""
        self._session = session
        self._roster = Roster(session, monotonic)
        self._service_deployments = ServiceDeployments(session)
        self.surroundings: AwsSurroundings = AwsSurroundings(session)

    @property
    def codedeploy(self) -> AwsCodeDeploy:
        from ecsdeploy.aws.codedeploy import AwsCodeDeploy

        return AwsCodeDeploy(self._session)

    def service(self, ref: ServiceRef) -> Service:
        return services.describe(self._session, ref)

    def express(self, arn: str) -> Express:
        from ecsdeploy.aws import express

        return express.describe(self._session, arn)

    def told_at(self) -> datetime | None:
        return self._session.told_at

    def services_page(self, cluster: str, token: str = "") -> tuple[tuple[str, ...], str]:
        return services.page(self._session, cluster, token)

    def services(self, cluster: str, arns: Sequence[str]) -> tuple[tuple[Service, ...], Mapping[str, str]]:
        return services.described(self._session, cluster, arns)

    def active_cluster(self, cluster: str) -> str:
        return services.active_cluster(self._session, cluster)

    def definition(self, name: str, *, tags: bool = False) -> TaskDefinition:
        return definitions.describe(self._session, name, tags=tags)

    def named_definition(self, name: str) -> TaskDefinition:
        return definitions.named(self._session, name)

    def revisions(self, family: str) -> tuple[str, ...]:
        return definitions.revisions(self._session, family)

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        return self._service_deployments.of(ref, deployment_id)

    def service_deployments(self, ref: ServiceRef, newest: int) -> tuple[ServiceDeployment, ...]:
        return deployments.newest(self._session, ref, newest)

    def history(self, ref: ServiceRef) -> tuple[PastDeployment, ...]:
        return self._service_deployments.page(ref)[0]

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        return self._service_deployments.page(ref, token, most=most, statuses=statuses)

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        return self._service_deployments.durations(ref)

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        return tasks.started_by(self._roster, ref, deployment_id, stopped=stopped)

    def protected_until(self, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
        return tasks.protected_until(self._session, self._roster, ref, deployment_id)

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        return self._roster.describe(cluster, arns)

    def clusters(self) -> tuple[str, ...]:
        return definitions.clusters(self._session)

    def revisions_in_use(self, cluster: str, family: str) -> dict[str, str]:
        return definitions.revisions_in_use(self._session, self._roster, cluster, family)

    def starts(self, clusters: Sequence[str], family: str) -> tuple[Start, ...]:
        from ecsdeploy.aws import timetables

        return timetables.starts(self._session, clusters, family)

    def target_health(self, group: str) -> Mapping[str, str]:
        from ecsdeploy.aws import elbv2

        return elbv2.target_health(self._session, group)

    def targets(self, group: str) -> tuple[TargetHealth, ...]:
        from ecsdeploy.aws import elbv2, lattice

        if lattice.is_of_lattice(group):
            return lattice.targets(self._session, group)
        return elbv2.targets(self._session, group)

    def health_check(self, group: str) -> HealthCheck | None:
        from ecsdeploy.aws import elbv2, lattice

        if lattice.is_of_lattice(group):
            return lattice.health_check(self._session, group)
        return elbv2.health_check(self._session, group)

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        from ecsdeploy.aws import logs

        return logs.tail(self._session, group, stream, lines, region=region)

    def log_page(self, source: LogSource, since: datetime, token: str = "") -> tuple[tuple[LogEvent, ...], str]:
        from ecsdeploy.aws import logs

        return logs.page(self._session, source, since, token)

    def action_log_groups(self, cluster_arn: str) -> tuple[str, ...]:
        from ecsdeploy.aws import actionlogs

        return actionlogs.groups(self._session, cluster_arn)

    def tasks_of_service(self, ref: ServiceRef, *, stopped: bool) -> tuple[Task, ...]:
        return tasks.of_service(self._roster, ref, stopped=stopped)

    def reach(self, cluster: str, task: str) -> Reach:
        from ecsdeploy.aws import executing

        return executing.reach(self._session, cluster, task)

    def refuse_unusable(self, definition: TaskDefinition) -> None:
        definitions.refuse_unusable(self._session, definition)

    def unknown_members(self, definition: TaskDefinition) -> tuple[str, ...]:
        return definitions.unknown_members(self._session, definition)

    def register(self, definition: TaskDefinition) -> TaskDefinition:
        return definitions.register(self._session, definition)

    def update_service(self, step: PointService, revision: str) -> Service:
        return services.update(self._session, step, revision)

    def update_express(self, step: UpdateExpress, revision: str) -> str:
        from ecsdeploy.aws import express

        return express.update(self._session, step, revision)

    def refuse_unusable_service(self, members: Mapping[str, object]) -> tuple[str, ...]:
        from ecsdeploy.aws import creating

        return creating.refuse_unusable(self._session, members)

    def create_service(self, step: CreateService, revision: str, token: str) -> Service:
        from ecsdeploy.aws import creating

        return creating.create(self._session, step, revision, token)

    def stop_deployment(self, service_deployment: str) -> None:
        deployments.stop(self._session, service_deployment)

    def continue_deployment(self, service_deployment: str, hook: str, *, rollback: bool) -> None:
        deployments.resume(self._session, service_deployment, hook, rollback=rollback)

    def run_task(self, step: RunTask, revision: str, token: str) -> Launched:
        return tasks.run(self._session, step.one_off, revision, token)

    def move_start(self, start: Start, revision: str) -> bool:
        from ecsdeploy.aws import moving

        return moving.move(self._session, start, revision)

    def move_scaling_limits(self, ref: ServiceRef, before: ScalingLimits, after: ScalingLimits) -> None:
        from ecsdeploy.aws import scaling

        scaling.move(self._session, ref, before, after)

    def open_session(self, cluster: str, picked: Picked) -> ExecSession:
        from ecsdeploy.aws import executing

        return executing.open_session(self._session, cluster, picked)

    def stop_task(self, cluster: str, task: str, reason: str) -> None:
        tasks.stop(self._session, cluster, task, reason)

    def deregister(self, revision: str) -> None:
        definitions.deregister(self._session, revision)
