"""What containers write to CloudWatch Logs.

The awslogs driver writes to the stream `<prefix>/<container>/<task id>`:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
"""

from __future__ import annotations

from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.region import LogStream, Region
from ecsdeploy.sim.state.service import Task

_EXEC_FORMAT = "exec /usr/local/bin/app: exec format error"
_APART = 0.01


def write_lines(region: Region, task: Task, container: Container) -> None:
    """Append the lines of the container's image, a hundredth of a second apart. The last one has the present time."""
    lines = container.behaviour.logs
    if container.behaviour.run == "exec-format" and not lines:
        lines = (_EXEC_FORMAT,)
    stream = _stream_of(region, task, container)
    if stream is not None:
        first = region.now - _APART * max(len(lines) - 1, 0)
        stream.lines.extend((first + _APART * index, line) for index, line in enumerate(lines))


def open_stream(region: Region, task: Task, container: Container, since: float) -> None:
    """Create the log stream when the container starts, as the driver does, before there is a line."""
    stream = _stream_of(region, task, container)
    if stream is not None:
        stream.created_at = since


def _stream_of(region: Region, task: Task, container: Container) -> LogStream | None:
    driver = container.definition.get("logConfiguration") or {}
    options = driver.get("options") or {}
    group = options.get("awslogs-group")
    if driver.get("logDriver") != "awslogs" or not group:
        return None
    prefix = options.get("awslogs-stream-prefix")
    name = f"{prefix}/{container.name}/{task.id}" if prefix else str(container.runtime_id)
    return region.log_streams.setdefault((group, name), LogStream(group, name, region.now))
