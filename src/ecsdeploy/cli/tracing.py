"""The log of API calls that `-v` and `--debug-file` ask for, free of secrets."""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.meaning import Showing
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.text import clean, redact


class Trace:
    """Writes each line to the streams that want it; one that takes no more (a full disk) is told of once, and left."""

    def __init__(self, tell: Callable[[str], None], *streams: TextIO) -> None:
        self._tell = tell
        self._streams = list(streams)

    def __bool__(self) -> bool:
        return bool(self._streams)

    def line(self, text: str) -> None:
        for stream in tuple(self._streams):
            try:
                stream.write(f"{redact(clean(text))}\n")
                stream.flush()
            except OSError as error:
                self._streams.remove(stream)
                self._tell(f"The log ends here: {error.strerror}.")

    def failure(self, error: BaseException) -> None:
        """Where an error that nobody expected came from; the values of its variables are not shown."""
        for text in traceback.format_exception(error):
            for line in text.splitlines():
                self.line(line)


@contextmanager
def tracing(showing: Showing, environment: Environment) -> Iterator[Trace]:
    """The trace of one run; its file is for its owner alone and is closed at the end."""
    told = (environment.stderr,) if showing.verbose else ()
    file = _private_file(environment.cwd / showing.debug_file, environment.tell) if showing.debug_file else None
    try:
        yield from _traced(Trace(environment.tell, *told, *((file,) if file else ())))
    finally:
        if file:
            with suppress(OSError):
                file.close()


def _traced(trace: Trace) -> Iterator[Trace]:
    try:
        yield trace
    except EcsDeployError:
        raise
    except Exception as error:
        trace.failure(error)
        raise


def _private_file(path: Path, tell: Callable[[str], None]) -> TextIO | None:
    """None where it cannot be written: a log is no reason not to deploy."""
    try:
        return open(path, "w", encoding="utf-8", opener=_owner_only)
    except OSError as error:
        tell(f"Warning: the debug file `{path}` cannot be written: {error.strerror}.")
        return None


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
