"""Reads one stopped task, or one text of ECS's, and says which known cause it shows.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

import re
from functools import lru_cache

from ecsdeploy.diagnose.known_cause import KnownCause
from ecsdeploy.diagnose.table import BY_CODE, CAUSES, find, of_exit_code
from ecsdeploy.model.service import Container, Task
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.model.values import value

_TOLD_TO_STOP = frozenset({"ServiceSchedulerInitiated", "UserInitiated"})
"""Stop codes of a task that was told to stop: its exit code is its answer to the signal, and says nothing more."""
_HOST_LOST = frozenset({"SpotInterruption", "TerminationNotice", "InfrastructureHealth"})

# Task failed ELB health checks in (target-group arn:...)
# Task failed container health checks
_UNHEALTHY = "failed (?:ELB|container) health checks"
# Scaling activity initiated by (deployment ecs-svc/1)
# Task stopped by user
_NOT_A_FAILURE = "Scaling activity initiated by|Deployment restart|Task stopped by user"

# A thousand tasks fail with one text, and each look reads it again.
_found = lru_cache(maxsize=256)(find)


@value(frozen=True, slots=True, kw_only=True)
class Symptom:
    """What one task, or one text of ECS's, shows.

    `code` is that of the known cause; `container` is the one at fault, empty where it is the task itself; `reason` is
    the text that shows it.
    """

    code: str
    container: str = ""
    exit_code: int | None = None
    reason: str = ""

    @property
    def cause(self) -> KnownCause:
        return BY_CODE[self.code]


def read_task(task: Task, definition: TaskDefinition) -> Symptom | None:
    """The symptom of a stopped task; None where it did not fail: it was scaled in, replaced, or stopped by hand."""
    if re.search(_UNHEALTHY, task.stopped_reason):
        return _read_health(task, definition)
    if task.stop_code in _HOST_LOST or BY_CODE["E-HOST-LOST"].is_in(task.stopped_reason):
        return Symptom(code="E-HOST-LOST", reason=task.stopped_reason)
    if task.stop_code in _TOLD_TO_STOP or re.search(_NOT_A_FAILURE, task.stopped_reason):
        return None
    return _read_reasons(task, definition) or _read_exit(task, definition)


def read_line(text: str) -> Symptom | None:
    """The symptom that a text of ECS's shows; None where it shows no known cause."""
    cause = _found(text)
    return Symptom(code=cause.code, reason=text) if cause else None


def _read_health(task: Task, definition: TaskDefinition) -> Symptom:
    if "failed ELB" in task.stopped_reason:
        names = [each.name for each in definition.containers if each.payload.get("portMappings")]
        container = _only(names, task)
        return Symptom(code="E-TARGET-UNHEALTHY", container=container, reason=task.stopped_reason)
    names = [each.name for each in task.containers if each.health == "UNHEALTHY"]
    container = _only(names or [each.name for each in definition.containers if each.has_health_check], task)
    awaited = _is_awaited(container, task, definition)
    code = "E-DEPENDENCY-UNHEALTHY" if awaited else "E-CONTAINER-UNHEALTHY"
    return Symptom(code=code, container=container, reason=task.stopped_reason)


def _only(names: list[str], task: Task) -> str:
    """The container whose health was checked; empty where several may be meant."""
    names = names or [each.name for each in task.containers]
    return names[0] if len(names) == 1 else ""


def _is_awaited(container: str, task: Task, definition: TaskDefinition) -> bool:
    """Whether a container that never ran waits for this one to be HEALTHY."""
    never_ran = {each.name for each in task.containers if each.exit_code is None}
    return any(_waits_for(each, container) for each in definition.containers if each.name in never_ran)


def _waits_for(waiting: ContainerDefinition, container: str) -> bool:
    dependencies = waiting.payload.get("dependsOn")
    return isinstance(dependencies, list) and {"containerName": container, "condition": "HEALTHY"} in dependencies


def _read_reasons(task: Task, definition: TaskDefinition) -> Symptom | None:
    told = [each for each in _suspects(task, definition) if each.reason]
    for cause in CAUSES:
        for container in told:
            if cause.is_in(container.reason):
                return _symptom(cause.code, container, container.reason)
        if cause.is_in(task.stopped_reason):
            only = task.containers[0] if len(task.containers) == 1 else culprit(task, definition)
            return _symptom(cause.code, next(iter(told), only), task.stopped_reason)
    return None


def _read_exit(task: Task, definition: TaskDefinition) -> Symptom:
    at_fault = culprit(task, definition)
    if task.stop_code == "EssentialContainerExited" or (at_fault and at_fault.exit_code):
        cause = of_exit_code(at_fault.exit_code if at_fault else None)
        return _symptom(cause.code, at_fault, task.stopped_reason)
    teller = next((each for each in task.containers if each.reason), None)
    return _symptom("E-TASK-STOPPED", teller, teller.reason if teller else task.stopped_reason)


def was_cut_short(task: Task) -> bool:
    """Whether the task was ended from outside: then its exit codes do not say whether it did its work."""
    return task.stop_code in _TOLD_TO_STOP | _HOST_LOST


def _symptom(code: str, container: Container | None, reason: str) -> Symptom:
    if container is None:
        return Symptom(code=code, reason=reason)
    return Symptom(code=code, container=container.name, exit_code=container.exit_code, reason=reason)


def _suspects(task: Task, definition: TaskDefinition) -> list[Container]:
    """The containers that may have ended the task: the essential ones if ECS says that one of them exited, else all."""
    if task.stop_code != "EssentialContainerExited":
        return list(task.containers)
    return [each for each in task.containers if is_essential(each, definition)]


def culprit(task: Task, definition: TaskDefinition) -> Container | None:
    """The container that ended the task; None where no essential one has an exit code.

    Of several essential ones, we take one that failed before one that exited 0 or that ECS told to stop.
    """
    essential = [each for each in task.containers if is_essential(each, definition) and each.exit_code is not None]
    return min(essential, key=_innocence, default=None)


def may_be_ended_by_ecs(container: Container) -> bool:
    """Whether ECS may have ended it: once an essential container exits, the others get SIGTERM, then SIGKILL."""
    return container.exit_code in (143, 137) and not container.reason


def _innocence(container: Container) -> tuple[int, bool]:
    """A key to sort by: the container that most likely ended the task comes first, one that ECS may have ended last."""
    ended_by_ecs = {0: 1, 137: 2, 143: 3}
    return 0 if container.reason else ended_by_ecs.get(container.exit_code or 0, 0), not container.reason


def is_essential(container: Container, definition: TaskDefinition) -> bool:
    found = definition.container(container.name)
    return found is None or found.essential
