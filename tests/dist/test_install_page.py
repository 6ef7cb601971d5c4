"""Every command that `docs/how-to/install.md` gives installs what was built, in a home that is empty."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ecsdeploy import __version__
from tests.docs.examples import Fence, fences
from tools.dist.workshop import ROOT

PAGE = ROOT / "docs" / "how-to" / "install.md"
OF_AN_ENGINE = "docker "
"""These are for `make e2e`, which has one."""


def _fences() -> list[Fence]:
    return [each for each in fences(PAGE) if each.language == "bash" and not each.text.startswith(OF_AN_ENGINE)]


def test_the_page_has_something_to_try() -> None:
    assert len(_fences()) == 9


def test_the_stages_that_the_page_names_are_the_dockerfiles() -> None:
    named = re.findall(r"--target (\S+)", PAGE.read_text(encoding="utf-8"))
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= set(stages)
    assert stages[-1] == "tool"


@pytest.mark.parametrize("fence", _fences(), ids=lambda fence: f"line {fence.line}")
def test_what_the_page_gives_to_type_installs_the_tool(fence: Fence, dist: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").symlink_to(dist)
    # The base interpreter, as the checkout's environment has a command of the same name.
    programs = (tmp_path / ".local" / "bin", Path(sys.base_prefix) / "bin", ROOT / ".venv-dist" / "bin")
    env = {**os.environ, "HOME": str(tmp_path), "PATH": os.pathsep.join((*map(str, programs), os.environ["PATH"]))}
    command = ("bash", "-euo", "pipefail", "-c", fence.text)
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if fence.text.rstrip().endswith("--version"):
        assert done.stdout.splitlines()[-1] == __version__
