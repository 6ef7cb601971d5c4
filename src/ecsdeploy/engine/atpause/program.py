"""Runs a program on this machine, without a shell, in a session of its own, so that its children end with it."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ecsdeploy.engine.atpause.ports import Approval
from ecsdeploy.errors import Refused
from ecsdeploy.model.values import value

_GRACE_SECONDS = 2.0
_LONGEST_LINE = 4_000


@value(frozen=True, slots=True, kw_only=True)
class LocalMachine:
    """This machine: the folder and the variables of a program that it runs, and who can be asked here."""

    variables: Mapping[str, str]
    cwd: Path = Path()
    approval: Approval | None = None

    def refuse_missing(self, program: str) -> None:
        """Raise `Refused` if there is no such program."""
        if self._found(program) is None:
            raise Refused(f"The program `{program}` of `--smoke` was not found.", hint="Nothing was changed.")

    def start(self, words: tuple[str, ...], variables: Mapping[str, str]) -> LocalProgram:
        """Start it. `OSError` if that fails."""
        path = self._found(words[0])
        if path is None:
            raise FileNotFoundError(2, os.strerror(2))
        return LocalProgram(path, words, {**self.variables, **variables}, self.cwd)

    def _found(self, program: str) -> str | None:
        """Where the program is: a path is of our folder, a name of the PATH."""
        if Path(program).name != program:
            program = str(self.cwd.absolute() / program)
        return shutil.which(program, path=self.variables.get("PATH", os.defpath))


class LocalProgram:
    """A program that runs: what it writes, line by line, and how it ends."""

    def __init__(self, path: str, words: tuple[str, ...], variables: Mapping[str, str], cwd: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the user's own program, no shell
            [path, *words[1:]],
            env=dict(variables),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._lines = queue.SimpleQueue[str | None]()
        self._has_said_all = False
        self._reader = threading.Thread(target=self._read, name="ecs-deploy smoke", daemon=True)
        self._reader.start()

    def look(self, seconds: float) -> tuple[tuple[str, ...], int | None]:
        """Wait so long at most for news: its new lines, and its exit code once it has ended.

        The code is 128 and more if a signal ended it.
        """
        lines = self._news(seconds)
        code = self._process.poll()
        if code is None:
            return lines, None
        self._reader.join(_GRACE_SECONDS)
        return (*lines, *self._news(0)), code if code >= 0 else 128 - code

    def end(self) -> None:
        """End it and its children: ask first, and then insist."""
        if self._process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS)
        self._signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: int) -> None:
        """Send it to the whole group, of which some may be left when the program itself has gone."""
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, number)

    def _news(self, seconds: float) -> tuple[str, ...]:
        lines = list[str]()
        with suppress(queue.Empty):
            while not self._has_said_all:
                line = self._lines.get(timeout=0 if lines else seconds)
                if line is None:
                    self._has_said_all = True
                else:
                    lines.append(line)
        if self._has_said_all and not lines:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        return tuple(lines)

    def _read(self) -> None:
        output = self._process.stdout
        assert output is not None  # noqa: S101 - it was asked for
        with output:
            while line := output.readline(_LONGEST_LINE):
                self._lines.put(line.decode(errors="replace").rstrip("\r\n"))
        self._lines.put(None)
