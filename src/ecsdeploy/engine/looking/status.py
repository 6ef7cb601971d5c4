"""The command `status`: reads how a service is, and what explains it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ecsdeploy.diagnose.doom import is_hindered
from ecsdeploy.diagnose.evidence import Evidence, log_stream
from ecsdeploy.diagnose.explain import explain, group
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.others import released
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.settle.examine import LOG_LINES
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import deployment_number, group_name, revision_name
from ecsdeploy.model.outcome import Other, Place
from ecsdeploy.model.report import Condition, GroupTargets, Report
from ecsdeploy.model.request import StatusRequest
from ecsdeploy.model.service import Service, ServiceDeployment, ServiceEvent
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.rollout.condition import judge

SECONDS = 20.0
"""How long after the start a read may begin, and how long the first one is repeated."""
_NEWEST = 5
"""How many deployments and past releases the report has."""
_WELL = (Condition.STEADY, Condition.GOING)


class StatusReads:
    """The reads for one report. All but the first are optional: the report names those that failed in `unread`."""

    def __init__(self, plane: ControlPlane, clock: Clock, request: StatusRequest) -> None:
        self._plane = plane
        self._clock = clock
        self._ref = request.service
        self._account = request.expect_account
        self._began = clock.monotonic()
        self._unread: list[str] = []
        reads = OptionalReads(clock=clock, until=self._began + SECONDS, note=self._note)
        self._read = reads.ask
        self._definitions: dict[str, TaskDefinition] = {}

    def report(self) -> Report:
        """The report. Errors: those of DescribeServices; `Refused` if the service is in another account."""
        service = Patience(clock=self._clock, seconds=SECONDS, start=self._began).read(
            lambda: self._plane.service(self._ref)
        )
        refuse_other_account(service.arn, self._account)
        definition = self._definition(service.task_definition)
        newest = next(iter(self._read("service deployments", self._newest) or ()), None)
        evidence, hindered = self._evidence(service, newest, definition)
        condition = judge(service, newest, hindered=hindered)
        return Report(
            place=self._place(service),
            at=self._clock.now(),
            condition=condition,
            service=service,
            images=tuple(definition.images.items()),
            releases=self._releases(service),
            newest=newest,
            targets=self._targets(service),
            alarms=self._alarms(service),
            scaling=self._read("limits of auto scaling", partial(self._plane.surroundings.scaling_limits, self._ref)),
            history=(self._read("history", partial(self._plane.history, self._ref)) or ())[:_NEWEST],
            cause=next(iter(explain(evidence)), None) if evidence and condition not in _WELL else None,
            unread=tuple(self._unread),
        )

    def _place(self, service: Service) -> Place:
        return Place.of(service.arn, cluster=self._ref.short_cluster, service=service.name)

    def _newest(self) -> tuple[ServiceDeployment, ...]:
        return self._plane.service_deployments(self._ref, 1)

    def _definition(self, arn: str) -> TaskDefinition:
        """A task definition, read once; an empty one if it cannot be read, or if `arn` is empty."""
        if arn not in self._definitions:
            found = self._read(f"revision {revision_name(arn)}", partial(self._plane.definition, arn)) if arn else None
            self._definitions[arn] = found or TaskDefinition(payload={})
        return self._definitions[arn]

    def _releases(self, service: Service) -> tuple[Other, ...]:
        listed = service.deployments[:_NEWEST]
        return tuple(released(each, self._definition(each.task_definition)) for each in listed)

    def _evidence(
        self, service: Service, newest: ServiceDeployment | None, in_use: TaskDefinition
    ) -> tuple[Evidence | None, bool]:
        """The evidence of why the service is not well, and whether that hinders it. None, without a read, if it is."""
        if judge(service, newest, hindered=False) in _WELL:
            return None, False
        number = deployment_number(newest.target_revision) if newest else ""
        primary = service.primary
        ours = service.deployment(f"ecs-svc/{number}") or primary
        identifier = f"ecs-svc/{number}" if number else primary.id if primary else ""
        definition = in_use
        if ours is not None and ours.task_definition != in_use.arn:
            definition = self._definition(ours.task_definition)
        read = partial(self._plane.tasks_started_by, self._ref, identifier, stopped=True)
        stopped = (self._read("stopped tasks", read) if identifier else None) or ()
        events = since(service, ours.created_at if ours else None)
        evidence = Evidence(
            definition=definition,
            stopped=stopped,
            events=events,
            reason=(newest.rollback_reason or newest.reason) if newest else "",
            alarms=newest.triggered_alarms if newest else (),
        )
        healthy = ours is not None and ours.running > 0
        threshold = service.breaker.threshold(service.desired)
        evidence = replace(evidence, logs=self._log(evidence))
        return evidence, is_hindered(stopped, events, definition, threshold=threshold, any_healthy=healthy)

    def _log(self, evidence: Evidence) -> dict[tuple[str, str], tuple[str, ...]]:
        """The last log lines of the container that the first cause is about, by task id and container."""
        first = next(iter(group(evidence)), None)
        if first is None or not first.tasks or first.tasks[-1].started_at is None:
            return {}
        task, container = first.tasks[-1], first.symptom.container
        stream = log_stream(evidence.definition, container, task)
        if stream is None:
            return {}
        tail = partial(self._plane.log_tail, stream.group, stream.stream, LOG_LINES, region=stream.region)
        lines = self._read(f"log of {container}", tail)
        return {(task.id, container): lines} if lines else {}

    def _targets(self, service: Service) -> tuple[GroupTargets, ...]:
        found = (
            (arn, self._read(f"targets of {group_name(arn)}", partial(self._plane.targets, arn)))
            for arn in service.target_groups
        )
        return tuple(GroupTargets(target_group=arn, targets=targets) for arn, targets in found if targets is not None)

    def _alarms(self, service: Service) -> tuple[AlarmState, ...]:
        if not service.alarms.watched:
            return ()
        return self._read("alarms", partial(self._plane.surroundings.alarms, service.alarms.watched)) or ()

    def _note(self, what: str, error: EcsDeployError | None) -> None:
        self._unread.append(f"{what}: {error.message.rstrip('.') if error else 'no time was left'}")


def since(service: Service, began: datetime | None) -> tuple[ServiceEvent, ...]:
    """The service's events since `began`; all of them if that is None."""
    return tuple(each for each in service.events if began is None or each.at >= began)
