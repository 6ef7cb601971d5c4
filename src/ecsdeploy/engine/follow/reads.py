"""Looks at a deployment: the one read that a look cannot do without, and those that tell more where they may be read.

What was read is kept: a poll reads anew only what may decide something at that moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import inf

from ecsdeploy.engine.follow.judging import judge_of
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, EcsDeployError, NoSuchResource
from ecsdeploy.model.arn import ServiceRef, group_name
from ecsdeploy.model.events import Monitored, TargetCounts
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.service import Service, ServiceDeployment, Task
from ecsdeploy.model.snapshot import Look, Snapshot, Unseen
from ecsdeploy.model.surroundings import AlarmState
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.rollout.reads import LastReads, PlannedReads, monitor_after, plan_reads
from ecsdeploy.rollout.state import State

WITHIN_SECONDS = 10.0
"""No read that tells more begins so long after the service was read: what decides is to be looked at again."""
AGAIN_SECONDS = 3.0
"""How long a read is tried anew at once: of many reads, one may often fail."""
LEAVES_SECONDS = 15.0
"""How long the target of a task that stops may still be called healthy: about ten seconds in captures."""
LATER_SECONDS = 15.0
"""How long a read that failed is left alone."""
_NO_READS = PlannedReads()
_STOPPED = "stopped tasks"


class Looker:
    """Looks at deployments of one service that ECS deploys; without its `definition`, tasks are not judged.

    It keeps what was read last of our service deployment and of our tasks; None while nothing was.
    """

    def __init__(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None) -> None:
        self._run, self._ref, self._definition = run, ref, definition
        self.planned = _NO_READS
        """What the last poll decided to read."""
        self.deployed: ServiceDeployment | None = None
        self.deployed_at: float | None = None
        self.tasks: tuple[Task, ...] | None = None
        self.tasks_at: float | None = None
        self.reads = OptionalReads(
            clock=run.clock,
            again=AGAIN_SECONDS,
            rests=LATER_SECONDS,
            remembers_denials=True,
            # Credentials that are gone are no matter of one read alone.
            raises=(CredentialsError,),
            note=self._note,
        )
        # One try each: who looks on is not to make the deployment's own reads late.
        self._reads_beside = OptionalReads(clock=run.clock, remembers_denials=True)
        self._told_beside = Monitored()
        self._beside_due = 0.0 if run.context.monitored else inf
        self._ran: list[tuple[float, int]] = []

    def look(self, state: State) -> Look:
        """All the reads of one poll: the service, then what was decided with it."""
        self.planned = _NO_READS
        try:
            service = self._run.plane.service(self._ref)
            self.planned = plan_reads(state, service, self._last(), self._now, checked=self._is_checked)
            self.reads.until = self._now + WITHIN_SECONDS
            return self._carry_out(self.planned, service, state)
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def look_beside(self, look: Look) -> None:
        """Tell whoever looks on what load balancers and alarms say, when it has changed; it decides nothing."""
        if not self.planned.beside or not isinstance(look, Snapshot):
            return
        began = self._now
        seen = Monitored(targets=self._targets_beside(look.service), alarms=self._alarms(look.service))
        ended = self._now
        self._beside_due = ended + monitor_after(ended - began)
        if seen != self._told_beside:
            self._told_beside = seen
            self._run.emit(seen)

    @property
    def _now(self) -> float:
        return self._run.clock.monotonic()

    @property
    def _is_checked(self) -> bool:
        """Whether containers have health checks."""
        return self._definition is not None and self._definition.is_checked

    def _last(self) -> LastReads:
        return LastReads(
            deployment_at=self.deployed_at,
            tasks_at=None if "tasks" in self.reads.begun else self.tasks_at,
            stopped_begun=_STOPPED in self.reads.begun,
            beside_due=self._beside_due,
        )

    def _carry_out(self, planned: PlannedReads, service: Service, state: State) -> Snapshot:
        if planned.is_over:
            return Snapshot(service=service, checked=self._is_checked)
        # What says most comes first: where the others take their time, it is read all the same.
        if planned.deployment:
            self._read_deployment(state)
        targets = self._read_tasks(planned, service, state)
        return Snapshot(
            service=service,
            service_deployment=self.deployed,
            tasks=self.tasks,
            checked=self._is_checked,
            targets=targets,
            lately_running=self._lately_running(service.running),
            judgement=self._judgement(planned, service, state),
        )

    def _read_tasks(self, planned: PlannedReads, service: Service, state: State) -> tuple[Mapping[str, str], ...]:
        """Our tasks where they are to be read, and the targets' health that was read with them."""
        if not planned.tasks:
            return ()
        plane, ours = self._run.plane, state.handle.deployment_id
        self.tasks_at = None if self.reads.time_is_up else self._now
        self.tasks = self.reads.ask("tasks", lambda: plane.tasks_started_by(self._ref, ours, stopped=False))
        if self.tasks is None or not planned.targets:
            return ()
        return self.reads.ask("targets", lambda: tuple(map(plane.target_health, service.target_groups))) or ()

    def _read_deployment(self, state: State) -> None:
        """ECS attaches it seconds after our write.

        What may have changed and cannot be read is not told as it was: then the list alone counts.
        """
        plane, ours, now = self._run.plane, state.handle.deployment_id, self._now
        self.deployed = self.reads.ask("deployment", lambda: plane.service_deployment(self._ref, ours))
        self.deployed_at = now if self.deployed is not None else None

    def _judgement(self, planned: PlannedReads, service: Service, state: State) -> Judgement | None:
        if self._definition is None or not (planned.stopped or planned.lines):
            return None
        judge = judge_of(self._run, self._ref, self._definition)
        judged = self.reads.ask(_STOPPED, lambda: judge.judge(state, service)) if planned.stopped else None
        return judged or judge.listen(state, service)

    def _lately_running(self, count: int) -> int:
        """The most tasks that were counted since a target that leaves may still be called healthy."""
        now = self._now
        self._ran = [(at, ran) for at, ran in self._ran if now <= at + LEAVES_SECONDS] + [(now, count)]
        return max(ran for _, ran in self._ran)

    def _note(self, _what: str, error: EcsDeployError | None) -> None:
        if isinstance(error, AccessDenied | NoSuchResource):
            self._run.emit.warn_once("W-UNREADABLE", error.message)

    def _targets_beside(self, service: Service) -> tuple[TargetCounts, ...]:
        """Of the two groups that a blue/green service alternates between, one is often empty: it is left out."""
        plane, groups = self._run.plane, service.target_groups
        read = self._reads_beside.ask("targets", lambda: [plane.target_health(each) for each in groups]) or ()
        counted = zip(groups, (Counter(each.values()) for each in read), strict=False)
        return tuple(
            TargetCounts(group=group_name(arn), states=tuple(sorted(states.items())))
            for arn, states in counted
            if states
        )

    def _alarms(self, service: Service) -> tuple[AlarmState, ...]:
        names, surroundings = service.alarms.watched, self._run.plane.surroundings
        return (self._reads_beside.ask("alarms", lambda: surroundings.alarms(names)) or ()) if names else ()
