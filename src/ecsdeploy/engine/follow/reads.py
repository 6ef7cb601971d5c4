"""The looks at a deployment: each reads the service, and beside it only what may decide something at that moment.

The answers of the other reads are kept with the time of each read, until they are read again.
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
"""How long after the start of a look an optional read may begin. Later, the service itself is to be read again."""
AGAIN_SECONDS = 3.0
"""How long an optional read is repeated at once: of many reads, one often fails."""
LEAVES_SECONDS = 15.0
"""How long AWS may call the target of a stopping task healthy: about ten seconds in recordings."""
LATER_SECONDS = 15.0
"""How long a read that failed is not repeated after that."""
_NO_READS = PlannedReads()
_STOPPED = "stopped tasks"


class Looker:
    """Looks at one deployment that ECS deploys; without a `definition`, its tasks are not judged.

    `deployed` and `tasks` are our service deployment and our running tasks as last read, and `deployed_at` and
    `tasks_at` are the times of these reads. They are None if the last read had no answer.
    """

    def __init__(self, run: Run, ref: ServiceRef, definition: TaskDefinition | None) -> None:
        self._run, self._ref, self._definition = run, ref, definition
        self.planned: PlannedReads = _NO_READS
        """What the last poll read beside the service."""
        self.deployed: ServiceDeployment | None = None
        self.deployed_at: float | None = None
        self.tasks: tuple[Task, ...] | None = None
        self.tasks_at: float | None = None
        self.reads: OptionalReads = OptionalReads(
            clock=run.clock,
            again=AGAIN_SECONDS,
            rests=LATER_SECONDS,
            remembers_denials=True,
            # Without credentials, no other read would work either.
            raises=(CredentialsError,),
            note=self._note,
        )
        # One try each, so that reads which are only shown do not delay those that decide.
        self._reads_beside = OptionalReads(clock=run.clock, remembers_denials=True)
        self._told_beside = Monitored()
        self._beside_due = 0.0 if run.context.monitored else inf
        self._ran: list[tuple[float, int]] = []

    def look(self, state: State) -> Look:
        """The reads of one poll: the service, then what `plan_reads` plans for it. `Unseen` if it cannot be read."""
        self.planned = _NO_READS
        try:
            service = self._run.plane.service(self._ref)
            self.planned = plan_reads(state, service, self._last(), self._now, checked=self._is_checked)
            self.reads.until = self._now + WITHIN_SECONDS
            return self._carry_out(self.planned, service, state)
        except (AwsError, NoSuchResource) as error:
            return Unseen(error=error)

    def look_beside(self, look: Look) -> None:
        """Read target groups and alarms, if planned, and tell them if they have changed. They decide nothing."""
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
        """Whether a container has a health check."""
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
        # The service deployment says most, so it is read first, while there is time.
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
        """Read our running tasks, if planned. Returns the health of their targets, if planned: a mapping per group."""
        if not planned.tasks:
            return ()
        plane, ours = self._run.plane, state.handle.deployment_id
        self.tasks_at = None if self.reads.time_is_up else self._now
        self.tasks = self.reads.ask("tasks", lambda: plane.tasks_started_by(self._ref, ours, stopped=False))
        if self.tasks is None or not planned.targets:
            return ()
        return self.reads.ask("targets", lambda: tuple(map(plane.target_health, service.target_groups))) or ()

    def _read_deployment(self, state: State) -> None:
        """Read our service deployment. ECS shows it some seconds after our write.

        If it cannot be read, we forget the last answer, which may be out of date. Then only the service itself counts.
        """
        plane, ours, now = self._run.plane, state.handle.deployment_id, self._now
        self.deployed = self.reads.ask("deployment", lambda: plane.service_deployment(self._ref, ours))
        self.deployed_at = now if self.deployed is not None else None

    def _judgement(self, planned: PlannedReads, service: Service, state: State) -> Judgement | None:
        """The judgement of our stopped tasks, if planned; if they cannot be read, of ECS's events alone."""
        if self._definition is None or not (planned.stopped or planned.lines):
            return None
        judge = judge_of(self._run, self._ref, self._definition)
        judged = self.reads.ask(_STOPPED, lambda: judge.judge(state, service)) if planned.stopped else None
        return judged or judge.listen(state, service)

    def _lately_running(self, count: int) -> int:
        """The highest count of running tasks in the last LEAVES_SECONDS: so many targets may still be healthy."""
        now = self._now
        self._ran = [(at, ran) for at, ran in self._ran if now <= at + LEAVES_SECONDS] + [(now, count)]
        return max(ran for _, ran in self._ran)

    def _note(self, _what: str, error: EcsDeployError | None) -> None:
        if isinstance(error, AccessDenied | NoSuchResource):
            self._run.emit.warn_once("W-UNREADABLE", error.message)

    def _targets_beside(self, service: Service) -> tuple[TargetCounts, ...]:
        """The targets of each group, counted by state. An empty group is left out: blue/green uses one of two."""
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
