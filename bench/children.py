"""Run a command as a child process and say what the operating system charged for it."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float
    resident_bytes: int


class CommandFailedError(Exception):
    """A measured command did not succeed; its cost would mean nothing."""


def run(argv: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a command to its end, without input; its output is shown only where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        began = time.perf_counter()
        child = os.posix_spawn(argv[0], list(argv), environment, file_actions=_redirections(output))
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - began
        if status:
            raise CommandFailedError(f"`{' '.join(argv)}` failed:\n{output.read_text(errors='replace')}")
    return Cost(
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        resident_bytes=usage.ru_maxrss * 1024,
    )


def _redirections(output: Path) -> list[tuple[int, ...] | tuple[int, int, str, int, int]]:
    return [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]


def in_turn(commands: Mapping[str, Callable[[], Cost]], runs: int) -> dict[str, list[Cost]]:
    """Run all commands in turn, again and again: what else the machine does then falls on all of them alike.

    A first round is not counted: it writes byte code and fills the file cache.
    """
    rounds = [{name: command() for name, command in commands.items()} for _ in range(runs + 1)]
    return {name: [costs[name] for costs in rounds[1:]] for name in commands}
