"""Which cause a stopped task, or a line of ECS's, is evidence of.

The texts matched here are AWS's: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
and https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""

import re

from ecsdeploy.model.service import Container, ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One task's, or one event's, reading: `container` is the one at fault, empty where it is the task."""

    code: str
    container: str = ""
    exit_code: int | None = None
    reason: str = ""


def _pulling(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:CannotPull\w*Error|task cannot pull ').*(?:{pattern})", re.DOTALL | re.IGNORECASE)


def _initializing(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"ResourceInitializationError.*(?:{pattern})", re.DOTALL | re.IGNORECASE)


_NO_ANSWER = (
    "i/o timeout|timed out|context canceled|deadline exceeded|timeout exceeded|connection issue|connection refused"
    "|no such host|request canceled"
)

_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # CannotPullContainerError: ... does not contain descriptor matching platform 'linux/amd64'
    ("E-IMAGE-PLATFORM", _pulling("matching platform")),
    # CannotPullContainerError: ... pull access denied, repository does not exist or may require authorization
    # CannotPullContainerError: ... unexpected status from HEAD request to https://...: 403 Forbidden
    (
        "E-PULL-DENIED",
        _pulling(
            "access denied|denied:|40[13] forbidden|40[13] unauthorized|unauthorized:|not authorized"
            "|authorization (?:failed|token)|require authorization|basic auth|AccessDenied"
        ),
    ),
    # CannotPullContainerError: ... failed to resolve ref example.com/web:2: example.com/web:2: not found
    ("E-IMAGE-NOT-FOUND", _pulling("not found|manifest unknown|does not exist")),
    # CannotPullContainerError: ... toomanyrequests: You have reached your pull rate limit.
    ("E-PULL-RATE-LIMITED", _pulling("toomanyrequests|too many requests|rate limit")),
    # CannotPullContainerError: ... dial tcp 203.0.113.1:443: i/o timeout
    # The task cannot pull 'web' from the Amazon ECR repository '...'. There is a connection issue between ...
    ("E-PULL-TIMEOUT", _pulling(_NO_ANSWER)),
    ("E-PULL", _pulling("")),
    # ResourceInitializationError: unable to pull secrets or registry auth: ... dial tcp 203.0.113.1:443: i/o timeout
    ("E-NO-ROUTE", _initializing(_NO_ANSWER)),
    # ResourceInitializationError: failed to validate logger args: ... The specified log group does not exist.
    ("E-LOG-DRIVER", _initializing("logger|logging driver|log (?:group|stream)")),
    # ResourceInitializationError: unable to pull secrets or registry auth: ... unable to retrieve ecr registry auth
    ("E-PULL-DENIED", _initializing("ecr registry auth|ecr:GetAuthorizationToken")),
    # ResourceInitializationError: unable to pull secrets or registry auth: ... unable to retrieve secret from asm: ...
    ("E-SECRET", _initializing("secret|registry auth|parameter|ssm")),
    # Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet ...
    ("E-RESOURCE-INIT", re.compile(r"ResourceInitializationError|CannotCreateVolumeError|Unexpected EC2 error")),
    # Capacity is unavailable at this time. Please try again later or in a different availability zone
    (
        "E-NO-CAPACITY",
        re.compile(r"Capacity is unavailable|\bRESOURCE:[A-Z]|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER"),
    ),
    # OutOfMemoryError: Container killed due to memory usage
    ("E-OUT-OF-MEMORY", re.compile(r"OutOfMemory")),
    # CannotStartContainerError: ... exec: "/app/run": exec format error
    ("E-EXEC-FORMAT", re.compile(r"exec format error")),
    # ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m
    (
        "E-CONTAINER-START",
        re.compile(r"(CannotStart|CannotCreate)Container\w*Error|ContainerRuntime\w*Error"),
    ),
)

_HEALTH: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Task failed ELB health checks in (target-group arn:...)
    ("E-TARGET-UNHEALTHY", re.compile(r"failed ELB health checks")),
    # Task failed container health checks
    ("E-CONTAINER-UNHEALTHY", re.compile(r"failed container health checks")),
)

_EVENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # (service web) was unable to stop or start tasks during a deployment because of the service deployment ...
    ("E-DEADLOCK", re.compile(r"unable to stop or start tasks during a deployment")),
    # (service web) was unable to place a task. Reason: Capacity is unavailable at this time.
    # (service web) was unable to reach steady state. Reason: No Container Instances were found in your capacity ...
    ("E-NO-CAPACITY", re.compile(r"was unable to place (a|tasks)|No Container Instances were found|could not launch")),
    # (service web) (task 1f0c) failed container health checks.
    ("E-CONTAINER-UNHEALTHY", re.compile(r"failed container health checks")),
    # (service web) (port 80) is unhealthy in (target-group arn:...) due to (reason Health checks failed)
    # (service web) (instance i-1) is unhealthy in (elb web) due to (reason ...)
    ("E-TARGET-UNHEALTHY", re.compile(r"is (unhealthy|not healthy) in \(?(target-group|elb)")),
    # (service web) (deployment ecs-svc/1) deployment failed: alarm detected.
    ("E-ALARM", re.compile(r"deployment failed: alarm detected")),
    # (service web) is unable to consistently start tasks successfully.
    ("E-TASK-STOPPED", re.compile(r"unable to consistently start tasks")),
)

_TOLD_TO_STOP = frozenset({"ServiceSchedulerInitiated", "UserInitiated"})
"""Its exit code is then its answer to the signal, and says nothing."""
_NOT_A_FAILURE = re.compile(r"Scaling activity initiated by|Deployment restart|Task stopped by user")
_HOST_LOST = frozenset({"SpotInterruption", "TerminationNotice", "InfrastructureHealth"})


def read_task(task: Task, definition: TaskDefinition) -> Symptom | None:
    """What this stopped task is a symptom of; None where it is no failure (scaled in, replaced, stopped by hand)."""
    for code, pattern in _HEALTH:
        if pattern.search(task.stopped_reason):
            return Symptom(code=code, container=_checked(code, task, definition), reason=task.stopped_reason)
    if task.stop_code in _HOST_LOST:
        return Symptom(code="E-HOST-LOST", reason=task.stopped_reason)
    if task.stop_code in _TOLD_TO_STOP or _NOT_A_FAILURE.search(task.stopped_reason):
        return None
    return _read_reasons(task, definition) or _read_exit(task, definition)


def _read_reasons(task: Task, definition: TaskDefinition) -> Symptom | None:
    told = [each for each in _suspects(task, definition) if each.reason]
    for code, pattern in _REASONS:
        for container in told:
            if pattern.search(container.reason):
                return _symptom(code, container, container.reason)
        if pattern.search(task.stopped_reason):
            only = task.containers[0] if len(task.containers) == 1 else culprit(task, definition)
            return _symptom(code, next(iter(told), only), task.stopped_reason)
    return None


def _read_exit(task: Task, definition: TaskDefinition) -> Symptom:
    at_fault = culprit(task, definition)
    if task.stop_code == "EssentialContainerExited" or (at_fault and at_fault.exit_code):
        return _symptom("E-CONTAINER-EXIT", at_fault, task.stopped_reason)
    teller = next((each for each in task.containers if each.reason), None)
    return _symptom("E-TASK-STOPPED", teller, teller.reason if teller else task.stopped_reason)


def was_cut_short(task: Task) -> bool:
    """Whether somebody or something else ended the task: then its exit codes do not say that it did its work."""
    return task.stop_code in _TOLD_TO_STOP | _HOST_LOST


def read_event(event: ServiceEvent) -> Symptom | None:
    """What this line of ECS's is a symptom of, if of anything."""
    code = next((code for code, pattern in _EVENTS if pattern.search(event.message)), None)
    return Symptom(code=code, reason=event.message) if code else None


def _symptom(code: str, container: Container | None, reason: str) -> Symptom:
    if container is None:
        return Symptom(code=code, reason=reason)
    return Symptom(code=code, container=container.name, exit_code=container.exit_code, reason=reason)


def _suspects(task: Task, definition: TaskDefinition) -> list[Container]:
    """The containers that may have ended the task: any that kept it from starting, then only an essential one."""
    if task.stop_code != "EssentialContainerExited":
        return list(task.containers)
    return [each for each in task.containers if is_essential(each, definition)]


def culprit(task: Task, definition: TaskDefinition) -> Container | None:
    """The container that ended the task: an essential one that failed, before one that exited 0 or was told to stop."""
    essential = [each for each in task.containers if is_essential(each, definition) and each.exit_code is not None]
    return min(essential, key=_innocence, default=None)


def _innocence(container: Container) -> tuple[int, bool]:
    """143 and 137 are also what ECS itself gives the others when one container has ended."""
    return {0: 2, 143: 3, 137: 1}.get(container.exit_code or 0, 0), not container.reason


def is_essential(container: Container, definition: TaskDefinition) -> bool:
    found = definition.container(container.name)
    return found is None or found.essential


def _checked(code: str, task: Task, definition: TaskDefinition) -> str:
    """The container whose health was checked: the unhealthy one, or the only one that can be; empty if not known."""
    if code == "E-TARGET-UNHEALTHY":
        names = [each.name for each in definition.containers if each.payload.get("portMappings")]
    else:
        names = [each.name for each in task.containers if each.health == "UNHEALTHY"]
        names = names or [each.name for each in definition.containers if each.has_health_check]
    names = names or [each.name for each in task.containers]
    return names[0] if len(names) == 1 else ""
