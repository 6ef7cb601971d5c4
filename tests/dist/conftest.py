"""The files that `make dist` has built, and a simulator for them to deploy to."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tools.dist.frozen import PLATFORM
from tools.dist.workshop import ROOT

OURS = str(Path(sys.executable).with_name("ecs-deploy"))

Tell = Callable[[str], None]
_figures: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for each in _figures:
        terminalreporter.write_line(each)


@pytest.fixture
def tell() -> Tell:
    """Takes a figure that was measured; all are shown at the end."""
    return _figures.append


@pytest.fixture(scope="session")
def dist() -> Path:
    folder = ROOT / "dist"
    if not (folder / "SHA256SUMS").exists():
        pytest.skip("`make dist` builds what these tests use")
    return folder


@pytest.fixture(scope="session")
def pyz(dist: Path) -> Path:
    return dist / "ecs-deploy.pyz"


@pytest.fixture(scope="session")
def single(dist: Path) -> Path:
    return dist / f"ecs-deploy-{PLATFORM}"


@pytest.fixture
def simulator() -> Iterator[Mapping[str, str]]:
    """What leads the AWS SDK to a served world in which the image `web:2` comes up."""
    command = (OURS, "sim", "--port", "0", "--speed", "30")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().removeprefix("export ").strip() for _ in range(5)]
        variables = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        yield {**os.environ, **variables}
        process.terminate()
