"""A simulator in a process of its own, and the log of the calls that came to it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.terminals import COMMAND


@dataclass(frozen=True)
class Served:
    """`exports` lead a client to it."""

    exports: Mapping[str, str]
    log: Path

    @property
    def variables(self) -> dict[str, str]:
        """This process's own, and those."""
        return os.environ | dict(self.exports)

    def calls(self, operation: str) -> int:
        return self.log.read_text().count(f" {operation} ")

    def waits_for(self, operation: str) -> None:
        until = time.monotonic() + 30
        while not self.calls(operation):
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)


@contextmanager
def served(folder: Path, speed: float = 1, scenario: str = "good") -> Iterator[Served]:
    log = folder / "simulator.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [*COMMAND, "sim", "--port", "0", "--speed", str(speed), "--scenario", scenario, "-v"],
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    try:
        assert server.stdout is not None
        exports = [server.stdout.readline().removeprefix("export ").strip() for _ in range(5)]
        told = {name: value.strip("'") for name, _, value in (each.partition("=") for each in exports)}
        yield Served(told, log)
    finally:
        server.kill()
        server.communicate()
