"""What is known about a failed deployment: its stopped tasks, ECS's own lines, log lines, and the definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ecsdeploy.model.balancer import GroupHealth
from ecsdeploy.model.service import ServiceEvent, Task
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition, part
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class LogStream:
    """Where a container of a task writes its log."""

    group: str
    stream: str
    region: str


@value(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Any part of it may be missing, as every read behind it is optional.

    `stopped` are tasks of our deployment; `reason` is ECS's text about its end; `logs` holds the last lines by task id
    and container, `groups` the target groups by ARN; `baseline` is the definition that ran before.
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
    """The events, the oldest first; ECS lists the newest first, and several may have the same time."""
    oldest_first = events[::-1]
    return sorted(oldest_first, key=lambda each: each.at)


def log_stream(definition: TaskDefinition, container: str, task: Task) -> LogStream | None:
    """The awslogs stream `prefix/container/task-id`; None for other drivers or without a prefix.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
    """
    found = definition.container(container)
    options = found.log_options if found else {}
    group, prefix = options.get("awslogs-group"), options.get("awslogs-stream-prefix")
    if not group or not prefix:
        return None
    return LogStream(group=group, stream=f"{prefix}/{container}/{task.id}", region=options.get("awslogs-region", ""))


_DESTINATIONS = (
    *("Name", "awslogs-group", "log_group_name", "delivery_stream", "stream", "Host", "splunk-url", "gelf-address"),
    *("syslog-address", "fluentd-address"),
)
"""The options of log drivers that say where the log goes:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html"""


def log_place(definition: TaskDefinition, container: ContainerDefinition, task: Task) -> str:
    """A sentence, without its full stop, about where the log of this container goes, whatever its driver is.

    A log router's own stream says why lines are lost on the way:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
    """
    name, configuration = container.name, container.payload.get("logConfiguration")
    stream = log_stream(definition, name, task)
    if stream is not None:
        return f'no line of the log of "{name}" was read: {stream.group} {stream.stream}'
    if not isinstance(configuration, Mapping):
        return f'the log of "{name}" is not read: it has no log driver, so its host keeps it, if anything does'
    options = part(configuration, "options")
    told = "".join(f", {each} {options[each]}" for each in _DESTINATIONS if options.get(each))
    lacks = ", no awslogs-stream-prefix" if configuration.get("logDriver") == "awslogs" else ""
    router = _router(definition, task) if configuration.get("logDriver") == "awsfirelens" else ""
    return f'the log of "{name}" is not read: driver {configuration.get("logDriver")}{told}{lacks}{router}'


def _router(definition: TaskDefinition, task: Task) -> str:
    routers = (each.name for each in definition.containers if each.payload.get("firelensConfiguration"))
    streams = {name: stream for name in routers if (stream := log_stream(definition, name, task))}
    return "".join(f'; its router "{name}" writes {each.group} {each.stream}' for name, each in streams.items())
