"""The log of API calls that `-v` and `--debug-file` ask for, free of secrets, and the connection that it is of."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ecsdeploy import __version__, api
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.showing import Showing
from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.access import Access
from ecsdeploy.model.redaction import HIDDEN

_VALUED = ("--env", "--secret")
_SECRET = ("-s", "--notify")


class Trace:
    """Writes each line to stderr, to the file, or to both; in the file, after the time in UTC.

    If one takes no more (a full disk), we say so and write no more to it. A trace is false if it has no stream.
    """

    def __init__(self, environment: Environment, *, on_stderr: bool, file: TextIO | None) -> None:
        self._environment = environment
        self._streams = [each for each in (environment.stderr if on_stderr else None, file) if each]
        self._of_file = (file,) if file else ()
        python = ".".join(map(str, sys.version_info[:3]))
        self._write(f"ecs-deploy {__version__}, Python {python}, {sys.platform}", *self._of_file)
        self._write(f"$ {_command_line(environment)}", *self._of_file)

    def __bool__(self) -> bool:
        return bool(self._streams)

    def line(self, text: str) -> None:
        self._write(text, *self._streams)

    def failure(self, error: BaseException) -> None:
        """Write where an error came from, without values of variables. Only an unexpected error goes to stderr."""
        told = self._of_file if isinstance(error, EcsDeployError) else self._streams
        for text in traceback.format_exception(error):
            for line in text.splitlines():
                self._write(line, *told)

    def _write(self, text: str, *streams: TextIO) -> None:
        for stream in streams:
            if stream in self._streams:
                self._write_to(stream, text)

    def _write_to(self, stream: TextIO, text: str) -> None:
        time = f"{self._now()} " if stream in self._of_file else ""
        try:
            stream.write(f"{time}{self._environment.secrets.mend(text)}\n")
            stream.flush()
        except OSError as error:
            self._streams.remove(stream)
            self._environment.tell(f"The log ends here: {error.strerror}.")

    def _now(self) -> str:
        clock = self._environment.clock
        now = clock.now() if clock else datetime.now(UTC)
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _command_line(environment: Environment) -> str:
    """The command line as a shell reads it, without values of variables, and without what follows `-s` and `--notify`.

    After `-s` stands a secret key here, and something else in other programs.
    """
    words = (environment.argv0, *environment.argv)
    return " ".join(_shown(option, word) for option, word in zip(("", *words), words, strict=False))


def _shown(option: str, word: str) -> str:
    """The word as we show it; `option` is the word before it, whatever that is."""
    if option in _SECRET:
        return HIDDEN
    if option in _VALUED:
        return _without_value(word)
    name, equals, text = word.partition("=")
    if equals and name in _SECRET:
        return f"{name}={HIDDEN}"
    return f"{name}={_without_value(text)}" if equals and name in _VALUED else shlex.quote(word)


def _without_value(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{shlex.quote(name)}={HIDDEN}" if equals else HIDDEN


@contextmanager
def tracing(showing: Showing, environment: Environment) -> Iterator[Trace]:
    """The trace of one run. Only its owner can read its file, which is closed at the end."""
    file = _private_file(environment.cwd / showing.debug_file, environment.tell) if showing.debug_file else None
    try:
        yield from _traced(Trace(environment, on_stderr=showing.verbose, file=file))
    finally:
        if file:
            with suppress(OSError):
                file.close()


def _traced(trace: Trace) -> Iterator[Trace]:
    try:
        yield trace
    except Exception as error:
        trace.failure(error)
        raise


def _private_file(path: Path, tell: Callable[[str], None]) -> TextIO | None:
    """The file; None, after a warning, if it cannot be written: we deploy without a log."""
    try:
        return open(path, "w", encoding="utf-8", opener=_owner_only)
    except OSError as error:
        tell(f"Warning: the debug file `{path}` cannot be written: {error.strerror}.")
        return None


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def connected(access: Access, environment: Environment, trace: Trace) -> api.Connection:
    """The connection of one command line. We announce an endpoint that is not AWS's own on stderr."""
    connection = api.connect(
        access,
        transport=environment.transport,
        clock=environment.clock,
        trace=trace.line if trace else None,
        secrets=environment.secrets,
        tape=environment.tape,
    )
    if connection.endpoint:
        environment.tell(f"Endpoint: {connection.endpoint} (not AWS's own).")
    return connection
