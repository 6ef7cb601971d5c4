"""The log of API calls that `-v` and `--debug-file` ask for, free of secrets."""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.meaning import Showing
from ecsdeploy.errors import EcsDeployError, UsageError
from ecsdeploy.model.text import clean, redact


class Trace:
    """Writes each line to the streams that want it."""

    def __init__(self, *streams: TextIO) -> None:
        self._streams = streams

    def __bool__(self) -> bool:
        return bool(self._streams)

    def line(self, text: str) -> None:
        for stream in self._streams:
            stream.write(f"{redact(clean(text))}\n")
            stream.flush()

    def failure(self, error: BaseException) -> None:
        """Where an error that nobody expected came from; the values of its variables are not shown."""
        for text in traceback.format_exception(error):
            for line in text.splitlines():
                self.line(line)


@contextmanager
def tracing(showing: Showing, environment: Environment) -> Iterator[Trace]:
    """The trace of one run; its file is for its owner alone and is closed at the end."""
    told = (environment.stderr,) if showing.verbose else ()
    if not showing.debug_file:
        yield from _traced(Trace(*told))
        return
    with _private_file(environment.cwd / showing.debug_file) as file:
        yield from _traced(Trace(*told, file))


def _traced(trace: Trace) -> Iterator[Trace]:
    try:
        yield trace
    except EcsDeployError:
        raise
    except Exception as error:
        trace.failure(error)
        raise


def _private_file(path: Path) -> TextIO:
    try:
        return open(path, "w", encoding="utf-8", opener=_owner_only)
    except OSError as error:
        raise UsageError(f"The debug file `{path}` cannot be written: {error.strerror}.") from None


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
