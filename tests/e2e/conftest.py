"""A simulator in a process of its own, and the programs of others that are pointed at it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tools import peers

OURS = str(Path(sys.executable).with_name("ecs-deploy"))
PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """A running `ecs-deploy sim`; `variables` are what it tells its callers to export."""

    url: str
    variables: Mapping[str, str]

    def set_speed(self, speed: float) -> None:
        body = f"speed={speed}".encode()
        urlopen(Request(f"{self.url}/_simulator/speed", data=body)).close()  # noqa: S310 - our own address

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run a program against it, for a minute at most."""
        environment = {**os.environ, **self.variables}
        return subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, timeout=PATIENCE)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "e2e: needs a browser; run by `make page`")
    config.addinivalue_line("markers", "shells: needs zsh, fish and man; run by `make shells`")


Start = Callable[..., Simulator]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start simulators that are stopped, by their process ids, when the test ends."""
    running: list[subprocess.Popen[str]] = []

    def start(scenario: str = "good", *, speed: float = 100) -> Simulator:
        argv = [OURS, "sim", "--port", "0", "--speed", str(speed), "--scenario", scenario]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        running.append(process)
        assert process.stdout is not None
        lines = [process.stdout.readline().removeprefix("export ").strip() for _ in range(5)]
        variables = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        return Simulator(url=variables["AWS_ENDPOINT_URL"], variables=variables)

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def commands() -> Path:
    """The folder of the other programs' commands, installed where they are missing."""
    return peers.install()
