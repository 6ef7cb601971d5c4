"""Our program in a real pseudo-terminal, and what that shows."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyte
import pytest

COMMAND = (sys.executable, "-m", "ecsdeploy")
# A Linux console cuts its rows when it becomes narrower, as pyte does.
AROUND = {"TERM": "linux", "PYTHONUTF8": "1"}
FOREIGN = ("AWS_", "ECS_DEPLOY_", "CI", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR")
PATIENCE = 30
PICTURE_ENDS = b"\x1b[J"
"""What the live region writes after its last row: https://ecma-international.org/publications-and-standards/standards/ecma-48/"""


@dataclass
class Tty:
    """The terminal of one process."""

    pid: int
    fd: int
    screen: pyte.Screen
    stream: pyte.ByteStream
    written: bytes = b""
    unseen: bytes = b""
    """What has come and is not on the screen yet: one picture is shown after the other, however late they are read."""
    code: int | None = None

    @property
    def shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).strip()

    @property
    def hides_cursor(self) -> bool:
        return bool(self.screen.cursor.hidden)

    def waits_for(self, text: str) -> str:
        until = time.monotonic() + PATIENCE
        while text not in self.shown:
            if self.unseen:
                self._show()
            elif time.monotonic() > until or not self._read():
                pytest.fail(f"{text!r} does not come:\n{self.shown}")
        return self.shown

    def ends(self) -> int:
        """The exit code, once all that was written has been read."""
        until = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < until, self.shown
        while self.unseen:
            self._show()
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        while self.unseen:
            self._show()
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> bool:
        """Take what has come; whether more can come."""
        if not select.select([self.fd], [], [], 0.05)[0]:
            return True
        try:
            came = os.read(self.fd, 65536)
        except OSError:
            return False
        self.written += came
        self.unseen += came
        return bool(came)

    def _show(self) -> None:
        """Up to the end of the next picture, or all where none is whole."""
        picture, end, self.unseen = self.unseen.partition(PICTURE_ENDS)
        self.stream.feed(picture + end)


@contextmanager
def terminal(
    *words: str,
    columns: int = 100,
    rows: int = 40,
    variables: Mapping[str, str] | None = None,
    shell: Sequence[str] = (),
) -> Iterator[Tty]:
    """`ecs-deploy WORDS` with all its streams on a terminal of this size; it is gone when the block ends.

    With `shell`, that is what runs there, with our command as its last words.
    """
    with running([*shell, *COMMAND, *words], columns, rows, variables or {}) as tty:
        yield tty


@contextmanager
def running(argv: Sequence[str], columns: int, rows: int, variables: Mapping[str, str]) -> Iterator[Tty]:
    """Any program, by its path, on such a terminal."""
    inherited = {key: text for key, text in os.environ.items() if not key.startswith(FOREIGN)}
    around = {**inherited, **AROUND, **variables}
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execve(argv[0], [*argv], around)  # noqa: S606 - no shell is what is wanted
    screen = pyte.Screen(columns, rows)
    tty = Tty(pid=pid, fd=fd, screen=screen, stream=pyte.ByteStream(screen))
    try:
        yield tty
    finally:
        if tty.code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(fd)
