"""The zipapp, under the oldest Python that it takes and under the newest that this machine has."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from ecsdeploy import __version__
from tests.dist.conftest import Tell
from tests.dist.running import RELEASE, quickest, run
from tools import interpreters
from tools.dist.workshop import ROOT

OLDEST, NEWER = "3.11", ("3.15", "3.14", "3.13", "3.12")
MEGABYTES, CPU_MS = 6.0, 100.0


def _pythons() -> list[Path]:
    newest = next(filter(None, map(interpreters.find, NEWER)), None)
    return [each for each in (interpreters.find(OLDEST), newest) if each]


every_python = pytest.mark.parametrize("python", _pythons(), ids=lambda path: path.name)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return {**os.environ, "SHIV_ROOT": str(tmp_path_factory.mktemp("unpacked"))}


def test_the_zipapp_is_small(pyz: Path) -> None:
    assert pyz.stat().st_size <= MEGABYTES * 1e6


@every_python
def test_its_version_is_said_at_once_when_it_has_been_unpacked(
    pyz: Path, python: Path, unpacked: Mapping[str, str], tell: Tell
) -> None:
    assert run(python, pyz, "--version", env=unpacked).stdout == f"{__version__}\n"
    start = quickest((python, pyz, "--version"), env=unpacked)
    tell(f"zipapp under {python.name}: --version takes {start.cpu:.0f} ms of CPU, {start.wall:.0f} ms")
    assert start.cpu <= CPU_MS


@every_python
def test_it_releases(pyz: Path, python: Path, unpacked: Mapping[str, str], simulator: Mapping[str, str]) -> None:
    done = run(python, pyz, *RELEASE, env={**simulator, "SHIV_ROOT": unpacked["SHIV_ROOT"]})
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Service deployment successful.\n")


@every_python
def test_it_explains_a_failure(pyz: Path, python: Path, unpacked: Mapping[str, str]) -> None:
    done = run(python, pyz, "demo", "--scenario", "crash-loop", env=unpacked)
    assert done.returncode == 1
    assert 'Why   container "app" exits 1' in done.stdout + done.stderr


@every_python
def test_every_scenario_ends_in_it_as_expected(pyz: Path, python: Path, unpacked: Mapping[str, str]) -> None:
    """So it has the SDK's models of all that they use."""
    done = run(python, pyz, "demo", "--check", ROOT / "src" / "ecsdeploy" / "sim" / "scenarios", env=unpacked)
    assert done.returncode == 0, done.stdout
