"""Lines that containers of a service wrote: what `ecs-deploy logs` tells."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class LogSource:
    """Streams of one CloudWatch Logs group whose names begin so; `region` is empty for that of the service."""

    group: str
    prefix: str
    region: str = ""


@value(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One event of a stream; `message` is the container's own text, of one line or several, not yet cleaned."""

    id: str
    at: datetime
    stream: str
    message: str


@value(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One event of a container of a task."""

    at: datetime
    task: str
    container: str
    message: str


@value(frozen=True, slots=True, kw_only=True)
class LogNotice:
    """What whoever reads the lines should know: a sentence; `hint` is what to do about it."""

    text: str
    hint: str = ""
