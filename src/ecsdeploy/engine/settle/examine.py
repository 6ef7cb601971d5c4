"""Reads what may explain a failure; if a read fails, the run warns and keeps its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.diagnose.evidence import Evidence, log_stream
from ecsdeploy.diagnose.explain import SymptomGroup, explain, group
from ecsdeploy.diagnose.proof import group_arn
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.optional import OptionalReads, warning
from ecsdeploy.engine.ports import Clock, ControlPlane
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import GroupHealth
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import Service, ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.state import State

EXAMINE_SECONDS = 20.0
"""How long the search for causes may take: the user waits for the result of the failure."""
LOG_LINES = 20
LOG_LOOKS = 3
"""How often we read a log that is empty: CloudWatch Logs takes seconds to show what a container wrote last."""
LOG_LOOK_EVERY = 2.0
"""Seconds between two of these reads."""


def examining(clock: Clock, emit: Emitter) -> OptionalReads:
    """The reads of an `Examiner`: they share one deadline, and the run warns once of each kind that fails."""
    until = clock.monotonic() + EXAMINE_SECONDS
    return OptionalReads(clock=clock, until=until, again=EXAMINE_SECONDS, note=warning(emit))


def examine_release(
    run: Run, ref: ServiceRef, definition: TaskDefinition, baseline: str, before: Service, state: State
) -> tuple[Cause, ...]:
    """The causes of a release that failed: `state` is that of its watch, `before` the service as it was before it."""
    examiner = Examiner(plane=run.plane, reads=examining(run.clock, run.emit), definition=definition, baseline=baseline)
    seen, old = state.last_seen, {each.id for each in before.events}
    return examiner.deployment(
        ref,
        run.progress.task_set or state.handle.deployment_id,
        tuple(each for each in seen.events if each.id not in old) if seen else (),
        reason=seen.reason if seen else "",
        alarms=seen.alarms if seen else (),
        remembered=state.judgement.stopped,
    )


@value(frozen=True, slots=True, kw_only=True)
class Examiner:
    """Finds the causes of a failed deployment of `definition`; `baseline` is the ARN that it was to replace."""

    plane: ControlPlane
    reads: OptionalReads
    definition: TaskDefinition
    baseline: str = ""
    looks: int = LOG_LOOKS
    """How often a log is read that is empty."""
    logged: int = 1
    """Of how many causes the log is read."""

    def deployment(
        self,
        ref: ServiceRef,
        deployment_id: str,
        events: tuple[ServiceEvent, ...],
        reason: str = "",
        alarms: tuple[str, ...] = (),
        remembered: tuple[Task, ...] = (),
    ) -> tuple[Cause, ...]:
        """The causes in the stopped tasks of a deployment, ECS's events and the logs; the likeliest first.

        `events` are ECS's events since the deployment began, `reason` is what ECS says of its end, and `alarms` are the
        names of those that went off. `remembered` are the stopped tasks that we read earlier, as ECS forgets a stopped
        task after an hour or so.
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
        """The causes in this evidence. We also read logs, the baseline, and the target group of the first one."""
        groups = group(evidence)
        if not groups:
            return ()
        more = replace(
            evidence, logs=self._logs(groups[: self.logged]), groups=self._group(groups[0]), baseline=self._baseline()
        )
        return explain(more)

    def _baseline(self) -> TaskDefinition | None:
        if not self.baseline or self.baseline == self.definition.arn:
            return None
        return self.reads.ask("W-UNREADABLE-BASELINE", lambda: self.plane.definition(self.baseline))

    def _group(self, first: SymptomGroup) -> dict[str, GroupHealth]:
        """The target group that the first cause names: its health check and targets, by ARN."""
        arn = group_arn(first.symptom.reason)
        if not arn:
            return {}
        check = self.reads.ask("W-UNREADABLE-TARGETS", lambda: self.plane.health_check(arn))
        targets = self.reads.ask("W-UNREADABLE-TARGETS", lambda: self.plane.targets(arn))
        return {arn: GroupHealth(check=check, targets=targets or ())}

    def _logs(self, groups: Sequence[SymptomGroup]) -> dict[tuple[str, str], tuple[str, ...]]:
        """By task id and container: what the last task of each wrote last."""
        last = [(each.tasks[-1], each.symptom.container) for each in groups if each.tasks and each.symptom.container]
        found = {(task.id, container): self.log(task, container, self.looks) for task, container in last}
        return {key: lines for key, lines in found.items() if lines}

    def log(self, task: Task, container: str, looks: int = LOG_LOOKS) -> tuple[str, ...]:
        """The last lines that a container of the task wrote; empty if they cannot be read."""
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
        """The last lines of a stream; empty if it does not exist yet, as its first line creates it."""
        try:
            return self.plane.log_tail(log_group, stream, LOG_LINES, region=region)
        except NoSuchResource:
            return ()
