"""Reads what may explain a failure, each read optional: one that fails costs a warning, never the verdict."""

from __future__ import annotations

from ecsdeploy.diagnose.evidence import Evidence, log_stream
from ecsdeploy.diagnose.explain import Group, explain, group
from ecsdeploy.diagnose.proof import group_arn
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.optional import OptionalReads, warning
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import GroupHealth
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value

EXAMINE_SECONDS = 20.0
"""A failure is not made worse by a long search for its cause."""
LOG_LINES = 20
LOG_LOOKS = 3
"""CloudWatch Logs takes seconds to show what a container wrote last."""
LOG_LOOK_EVERY = 2.0


def examining(clock: Clock, emit: Emitter) -> OptionalReads:
    """The reads of an `Examiner`: all within one time, and each that has no answer is warned of once."""
    until = clock.monotonic() + EXAMINE_SECONDS
    return OptionalReads(clock=clock, until=until, again=EXAMINE_SECONDS, note=warning(emit))


@value(frozen=True, slots=True, kw_only=True)
class Examiner:
    """Finds the causes of a failed deployment of `definition`; `baseline` is the revision that it was to replace."""

    plane: ControlPlane
    reads: OptionalReads
    definition: TaskDefinition
    baseline: str = ""

    def deployment(
        self,
        ref: ServiceRef,
        deployment_id: str,
        events: tuple[ServiceEvent, ...],
        reason: str = "",
        alarms: tuple[str, ...] = (),
        remembered: tuple[Task, ...] = (),
    ) -> tuple[Cause, ...]:
        """The causes that the stopped tasks of a deployment, ECS's own words and the logs show.

        `events` are ECS's lines since it began, `reason` what ECS says of its end, `alarms` those that went off.
        ECS forgets a stopped task after an hour or so: `remembered` are those that were read on the way.
        """
        stopped = self.reads.ask(
            "W-UNREADABLE-TASKS",
            lambda: self.plane.tasks_started_by(ref, deployment_id, stopped=True),
        )
        known = {each.arn: each for each in (*remembered, *(stopped or ()))}
        evidence = Evidence(
            definition=self.definition,
            stopped=tuple(known.values()),
            events=events,
            reason=reason,
            alarms=alarms,
        )
        return self.evidence(evidence)

    def evidence(self, evidence: Evidence) -> tuple[Cause, ...]:
        """The causes in this evidence, with what explains the first one read in addition."""
        groups = group(evidence)
        if not groups:
            return ()
        more = replace(evidence, logs=self._logs(groups[0]), groups=self._group(groups[0]), baseline=self._baseline())
        return explain(more)

    def _baseline(self) -> TaskDefinition | None:
        if not self.baseline or self.baseline == self.definition.arn:
            return None
        return self.reads.ask("W-UNREADABLE-BASELINE", lambda: self.plane.definition(self.baseline))

    def _group(self, first: Group) -> dict[str, GroupHealth]:
        """The target group that the first cause is about."""
        arn = group_arn(first.symptom.reason)
        if not arn:
            return {}
        check = self.reads.ask("W-UNREADABLE-TARGETS", lambda: self.plane.health_check(arn))
        targets = self.reads.ask("W-UNREADABLE-TARGETS", lambda: self.plane.targets(arn))
        return {arn: GroupHealth(check=check, targets=targets or ())}

    def _logs(self, first: Group) -> dict[tuple[str, str], tuple[str, ...]]:
        if not first.tasks or not first.symptom.container:
            return {}
        task, container = first.tasks[-1], first.symptom.container
        lines = self.log(task, container)
        return {(task.id, container): lines} if lines else {}

    def log(self, task: Task, container: str, looks: int = LOG_LOOKS) -> tuple[str, ...]:
        """The last lines that a container of the task wrote; none where they cannot be read."""
        stream = log_stream(self.definition, container, task)
        if stream is None or task.started_at is None:
            return ()
        for _ in range(looks):
            lines = self.reads.ask("W-UNREADABLE-LOGS", lambda: self._tail(stream.group, stream.stream, stream.region))
            if lines is None or lines:
                return lines or ()
            self.reads.clock.sleep(LOG_LOOK_EVERY)
        return ()

    def _tail(self, log_group: str, stream: str, region: str) -> tuple[str, ...]:
        """A stream is there once its first line is."""
        try:
            return self.plane.log_tail(log_group, stream, LOG_LINES, region=region)
        except NoSuchResource:
            return ()
