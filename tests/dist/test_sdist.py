"""The sources are whole: nothing is missing that is in the checkout, and their own tests pass."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.dist.workshop import ROOT

QUICK = ("tests/architecture", "tests/unit/aws", "tests/unit/cli", "tests/unit/plan", "tests/contract/aws")


@pytest.fixture(scope="module")
def sources(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (sdist,) = dist.glob("ecsdeploy-*.tar.gz")
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as tar:
        tar.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    return found


def test_every_file_of_the_checkout_is_in_it(sources: Path) -> None:
    command = ("git", "-C", ROOT, "ls-files")
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [name for name in listed if (ROOT / name).exists() and not (sources / name).exists()] == []


def test_its_own_tests_pass(sources: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(sources / "src")}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *QUICK)
    done = subprocess.run(command, cwd=sources, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
