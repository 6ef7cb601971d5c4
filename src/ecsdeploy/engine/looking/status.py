"""The command `status`: reads how a service is, and what explains it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ecsdeploy.diagnose.doom import is_hindered
from ecsdeploy.diagnose.evidence import Evidence
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.others import released
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.settle.examine import Examiner
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import deployment_number, group_name, revision_name
from ecsdeploy.model.looking import StatusRequest
from ecsdeploy.model.outcome import Cause, Other, Place
from ecsdeploy.model.report import Condition, GroupTargets, Report
from ecsdeploy.model.service import Service, ServiceDeployment, ServiceEvent, Task
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.rollout.condition import judge

SECONDS = 20.0
"""How long after the start a read may begin, and how long the first one is repeated."""
_NEWEST = 5
"""How many deployments and past releases the report has."""
_READ = {
    "W-UNREADABLE-LOGS": "logs",
    "W-UNREADABLE-TARGETS": "targets",
    "W-UNREADABLE-BASELINE": "the revision before",
}
"""What a deployment warns of by these codes."""
_WELL = (Condition.STEADY, Condition.GOING)


class StatusReads:
    """The reads for one report. All but the first are optional: the report names those that failed in `unread`."""

    def __init__(
        self,
        plane: ControlPlane,
        clock: Clock,
        request: StatusRequest,
        *,
        stopped_since: datetime | None = None,
        logged: int = 1,
    ) -> None:
        """Tasks that stopped before that time are no evidence; of so many causes the log is read."""
        self._plane = plane
        self._clock = clock
        self._ref = request.service
        self._account = request.expect_account
        self._began = clock.monotonic()
        self._unread: list[str] = []
        self._reads = reading(clock, self._unread, self._began + SECONDS)
        self._read = self._reads.ask
        self._stopped_since = stopped_since
        self._logged = logged
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
        causes = self._causes(evidence, service) if evidence and condition not in _WELL else ()
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
            cause=next(iter(causes), None),
            causes=causes,
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
        listed = (self._read("stopped tasks", read) if identifier else None) or ()
        stopped = tuple(each for each in listed if has_stopped_since(each, self._stopped_since))
        # A deployment that was rolled back is no longer listed: its tasks still say what it brought.
        revision = next((each.task_definition for each in stopped), definition.arn)
        if revision != definition.arn:
            definition = self._definition(revision) if self._definition(revision).arn else definition
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
        return evidence, is_hindered(stopped, events, definition, threshold=threshold, any_healthy=healthy)

    def _causes(self, evidence: Evidence, service: Service) -> tuple[Cause, ...]:
        """As a deployment finds them; the baseline is what else the service lists, or is on."""
        revisions = (each.task_definition for each in service.deployments)
        others = (each for each in revisions if each != evidence.definition.arn)
        examiner = Examiner(
            plane=self._plane,
            reads=self._reads,
            definition=evidence.definition,
            baseline=next(others, service.task_definition),
            looks=1,
            logged=self._logged,
        )
        return examiner.evidence(evidence)

    def _targets(self, service: Service) -> tuple[GroupTargets, ...]:
        found = (
            (arn, self._read(f"targets of {group_name(arn)}", partial(self._plane.targets, arn)))
            for arn in (*service.target_groups, *filter(None, service.settings.lattice))
        )
        return tuple(GroupTargets(target_group=arn, targets=targets) for arn, targets in found if targets is not None)

    def _alarms(self, service: Service) -> tuple[AlarmState, ...]:
        if not service.alarms.watched:
            return ()
        return self._read("alarms", partial(self._plane.surroundings.alarms, service.alarms.watched)) or ()


def reading(clock: Clock, unread: list[str], until: float) -> OptionalReads:
    """Reads that can be done without: `unread` gets a sentence's words for each that failed."""

    def note(what: str, error: EcsDeployError | None) -> None:
        told = f"{_READ.get(what, what)}: {error.message.rstrip('.') if error else 'no time was left'}"
        if told not in unread:
            unread.append(told)

    return OptionalReads(clock=clock, until=until, note=note)


def has_stopped_since(task: Task, since: datetime | None) -> bool:
    """As far as is known."""
    return since is None or task.ended_at is None or task.ended_at >= since


def since(service: Service, began: datetime | None) -> tuple[ServiceEvent, ...]:
    """The service's events since `began`; all of them if that is None."""
    return tuple(each for each in service.events if began is None or each.at >= began)
