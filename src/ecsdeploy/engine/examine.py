"""Reads what may explain a failure, each read optional: one that fails costs a warning, never the verdict."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from ecsdeploy.diagnose.evidence import Evidence, log_stream
from ecsdeploy.diagnose.explain import Group, explain, group
from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Patience
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Cause
from ecsdeploy.model.service import ServiceEvent
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass

T = TypeVar("T")

LOG_LINES = 20
LOG_LOOKS = 3
"""CloudWatch Logs takes seconds to show what a container wrote last."""
LOG_LOOK_EVERY = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examiner:
    """Finds the causes of a failed deployment of `definition`."""

    plane: ControlPlane
    patience: Patience
    emit: Emitter
    definition: TaskDefinition

    def deployment(self, ref: ServiceRef, deployment_id: str, events: tuple[ServiceEvent, ...]) -> tuple[Cause, ...]:
        """The causes that the stopped tasks of a deployment, ECS's events and the logs show."""
        stopped = self._optional(
            "W-UNREADABLE-TASKS",
            lambda: self.plane.tasks_started_by(ref, deployment_id, stopped=True),
        )
        return self.evidence(Evidence(definition=self.definition, stopped=stopped or (), events=events))

    def evidence(self, evidence: Evidence) -> tuple[Cause, ...]:
        """The causes in this evidence, the first one's log lines read in addition."""
        groups = group(evidence)
        return explain(replace(evidence, logs=self._logs(groups[0]))) if groups else ()

    def _logs(self, first: Group) -> dict[tuple[str, str], tuple[str, ...]]:
        if not first.tasks or not first.symptom.container:
            return {}
        task, container = first.tasks[-1], first.symptom.container
        stream = log_stream(self.definition, container, task)
        if stream is None or task.started_at is None:
            return {}
        for _ in range(LOG_LOOKS):
            lines = self._optional(
                "W-UNREADABLE-LOGS",
                lambda: self.plane.log_tail(stream.group, stream.stream, LOG_LINES, region=stream.region),
            )
            if lines is None:
                return {}
            if lines:
                return {(task.id, container): lines}
            self.patience.clock.sleep(LOG_LOOK_EVERY)
        return {}

    def _optional(self, code: str, read: Callable[[], T]) -> T | None:
        try:
            return self.patience.read(read)
        except EcsDeployError as error:
            self.emit.warn(code, str(error))
            return None
