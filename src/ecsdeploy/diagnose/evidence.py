"""What is known about a failed deployment: its stopped tasks, ECS's own lines, log lines, and the definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from ecsdeploy.model.balancer import GroupHealth
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStream:
    """Where a container of a task writes its log."""

    group: str
    stream: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it may be partly missing: every read behind it is optional.

    `stopped` are tasks of our deployment; `reason` is ECS's own for its end; `logs` holds the last lines by task id and
    container, `groups` the target groups by ARN; `baseline` is the definition that ran before.
    """

    definition: TaskDefinition
    stopped: tuple[Task, ...] = ()
    events: tuple[ServiceEvent, ...] = ()
    reason: str = ""
    alarms: tuple[str, ...] = ()
    logs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, GroupHealth] = field(default_factory=dict)
    baseline: TaskDefinition | None = None


def in_order(events: Sequence[ServiceEvent]) -> list[ServiceEvent]:
    """The oldest first. ECS lists the newest first, some of one instant."""
    oldest_first = events[::-1]
    return sorted(oldest_first, key=lambda each: each.at)


def log_stream(definition: TaskDefinition, container: str, task: Task) -> LogStream | None:
    """The awslogs stream `prefix/container/task-id`; None for other drivers or without a prefix.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
    """
    found = definition.container(container)
    options = found.log_options if found else {}
    group, prefix = options.get("awslogs-group", ""), options.get("awslogs-stream-prefix", "")
    if not group or not prefix:
        return None
    return LogStream(group=group, stream=f"{prefix}/{container}/{task.id}", region=options.get("awslogs-region", ""))
