"""A reader's terminal: what a page says to type, run in this process against simulated worlds.

`ecs-deploy` is our own `main`. `ecs-deploy sim ... &` serves a world over loopback, whose clock moves when the client
sleeps, `--speed` times as fast: nothing waits. `aws` is the SDK, called as the AWS CLI calls it. `make demo` is its
recipe. Whatever else is typed goes to `sh`, in a folder of its own.
"""

import io
import os
import re
import shlex
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.sim import World, environment, load_scenario
from ecsdeploy.sim.codec.wire import Reply
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.server import Server
from tests.docs.awscli import aws

PRINT_ENV = re.compile(r'eval "\$\(ecs-deploy sim --print-env --port (\d+)\)"')
QUIETLY = " 2>/dev/null"


class _OnDemand(Pace):
    """The world moves while the client sleeps, and never by itself: what is printed is the same on a busy machine."""

    def keep_up(self) -> None:
        """Nothing is left to do between two calls."""

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        with self._lock:
            return self.world.transport(method, url, headers, body)


@dataclass(frozen=True, slots=True)
class _Watch:
    """The client's time beside a simulator that is `speed` times as fast."""

    pace: Pace
    speed: float

    @property
    def world(self) -> World:
        return self.pace.world

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.start + self.monotonic(), UTC)

    def monotonic(self) -> float:
        return (self.world.clock.time() - self.world.start) / self.speed

    def sleep(self, seconds: float) -> None:
        self.world.clock.sleep(seconds * self.speed)


@dataclass
class Terminal:
    """Carries out one command line after the other; `code` is the exit code of the last."""

    cwd: Path
    patch: pytest.MonkeyPatch
    code: int = 0
    _served: "_Served | None" = None

    @property
    def is_served(self) -> bool:
        return self._served is not None

    def run(self, line: str) -> str:
        """What the line prints, both streams in their order."""
        line = line.replace(".venv/bin/ecs-deploy", "ecs-deploy").replace("$?", str(self.code))
        self.code = 0
        found = PRINT_ENV.fullmatch(line)
        if found:
            self._export(int(found[1]))
            return ""
        if line.startswith("ecs-deploy sim ") and line.endswith("&"):
            self._serve(shlex.split(line.removesuffix("&"))[2:])
            return ""
        return self._carry_out(line)

    def close(self) -> None:
        if self._served is not None:
            self._served.close()
            self._served = None

    def _carry_out(self, line: str) -> str:
        if line == "kill %1":
            self.close()
            return ""
        if line.startswith("unset "):
            for name in line.split()[1:]:
                self.patch.delenv(name, raising=False)
            return ""
        if line.startswith("make demo"):
            arguments = [word.removeprefix("ARGS=") for word in shlex.split(line)[2:]]
            line = " ".join(("ecs-deploy demo", *arguments))
        return self._ours(line) if line.split()[0] in ("ecs-deploy", "aws") else self._shell(line, "")

    def _ours(self, line: str) -> str:
        """One of our two programs, perhaps with its stdout in a file or a pipe."""
        line, pipe, filters = line.partition(" | ")
        line, into, file = line.partition(" > ")
        words = shlex.split(line.replace(QUIETLY, ""))
        shown = io.StringIO()
        stdout = io.StringIO() if pipe or into else shown
        stderr = io.StringIO() if QUIETLY in line else shown
        self.code = aws(words[1:], stdout, self.cwd) if words[0] == "aws" else self._deploy(words[1:], stdout, stderr)
        if into:
            (self.cwd / file.strip()).write_text(stdout.getvalue(), encoding="utf-8")
        return shown.getvalue() + (self._shell(filters, stdout.getvalue()) if pipe else "")

    def _deploy(self, words: Sequence[str], stdout: io.StringIO, stderr: io.StringIO) -> int:
        around = Environment(stdout=stdout, stderr=stderr, variables=dict(os.environ), cwd=self.cwd, clock=self._clock)
        code = main(words, around)
        if self._served:
            for secret_of_the_test, told in self._served.names.items():
                _replace(stderr, secret_of_the_test, told)
        return code

    @property
    def _clock(self) -> _Watch | None:
        return self._served.watch if self._served else None

    def _shell(self, line: str, stdin: str) -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=self.cwd, input=stdin, capture_output=True, text=True, check=False, timeout=20
        )
        self.code = done.returncode
        return done.stdout + done.stderr

    def _serve(self, words: Sequence[str]) -> None:
        given = dict(zip(words[::2], words[1::2], strict=True))
        assert given.keys() <= {"--port", "--speed", "--scenario", "--start"}, given
        name = given.get("--scenario", "good")
        file = self.cwd / name
        world = World(load_scenario(str(file) if file.is_file() else name))
        self.close()
        self._served = _Served(world, float(given.get("--speed", 1)), int(given.get("--port", 4599)))

    def _export(self, port: int) -> None:
        assert self._served is not None, "No simulator was started."
        assert port == self._served.port, "The page speaks of two ports."
        for name, value in environment(self._served.url).items():
            self.patch.setenv(name, value)


@dataclass
class _Served:
    """A world on a free port of loopback, which the page knows by another number."""

    world: World
    speed: float
    port: int
    _server: Server = field(init=False)

    def __post_init__(self) -> None:
        pace = _OnDemand(self.world, self.speed)
        self._server = Server(pace, ("127.0.0.1", 0), None)
        threading.Thread(target=self._server.run_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def watch(self) -> _Watch:
        return _Watch(self._server.pace, self.speed)

    @property
    def names(self) -> Mapping[str, str]:
        return {f"127.0.0.1:{self._server.port}": f"127.0.0.1:{self.port}"}

    def close(self) -> None:
        self._server.close()


def _replace(stream: io.StringIO, old: str, new: str) -> None:
    text: Any = stream.getvalue().replace(old, new)
    stream.seek(0)
    stream.truncate()
    stream.write(text)
