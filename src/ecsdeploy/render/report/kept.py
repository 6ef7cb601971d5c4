"""Keeps the JSON lines of a run, and makes its page of them at the end."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

from ecsdeploy.model.events import Finished, Record
from ecsdeploy.render.jsonl import ExitCode, JsonLines
from ecsdeploy.render.report.page import page
from ecsdeploy.render.stream import LineStream


class KeptLines:
    """A renderer that hands `write` what makes the page, once the run has ended."""

    def __init__(self, exit_code: ExitCode, write: Callable[[Callable[[], str]], None]) -> None:
        self._text = io.StringIO()
        self._lines = JsonLines(LineStream(self._text), exit_code)
        self._write = write

    def emit(self, record: Record) -> None:
        self._lines.emit(record)
        if isinstance(record.event, Finished):
            self._write(partial(page, self._text.getvalue().splitlines()))
