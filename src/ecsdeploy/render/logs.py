"""Shows lines that containers wrote, cleaned and without secrets, each with its time, container and task."""

from __future__ import annotations

from datetime import UTC, date

from ecsdeploy.model.logs import LogLine
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.text import clean
from ecsdeploy.model.values import replace
from ecsdeploy.render.stream import LineStream

LONGEST = 16_000
"""We cut a line after this many characters."""
_HUES = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_ID_DIGITS = 8


def mended(line: LogLine, secrets: Secrets) -> LogLine:
    """The line, cleaned and without secrets. A secret of several lines, such as a key, is hidden as a whole."""
    parts = (clean(each, LONGEST) for each in line.message.rstrip("\r\n").split("\n"))
    hidden = secrets.redact("\n".join(parts))
    return replace(line, message="\n".join(clean(each, LONGEST) for each in hidden.split("\n")))


class LogLines:
    """Writes lines. With `color`, each task has its own colour, as far as there are enough."""

    def __init__(self, stream: LineStream, *, color: bool) -> None:
        self._stream = stream
        self._color = color
        self._hues: dict[str, int] = {}
        self._day: date | None = None

    def show(self, line: LogLine) -> None:
        """Write one line; before it the date, if it is not that of the line before."""
        at = line.at.astimezone(UTC)
        if self._day is not None and at.date() != self._day:
            self._stream.line(f"-- {at:%Y-%m-%d} UTC")
        self._day = at.date()
        tag = f"{line.container}/{line.task[:_ID_DIGITS]}"
        head = f"{at:%H:%M:%S} {self._painted(tag, line.task)} "
        indent = " " * (len(tag) + len("12:00:00") + 2)
        first, *rest = line.message.split("\n")
        self._stream.line(f"{head}{first}")
        for each in rest:
            self._stream.line(f"{indent}{each}")

    def _painted(self, tag: str, task: str) -> str:
        if not self._color:
            return tag
        hue = self._hues.setdefault(task, _HUES[len(self._hues) % len(_HUES)])
        return f"\x1b[{hue}m{tag}\x1b[0m"
