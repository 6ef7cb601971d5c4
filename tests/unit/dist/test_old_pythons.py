"""Whoever has a Python that is too old is told so, before anything else happens."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PRETENDING = """#!/bin/sh
# Any Python, as 3.9.2, for the program after -c.
exec {python} -c 'import sys; sys.version_info = (3, 9, 2); exec(sys.argv[-1])' "$@"
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    script = tmp_path / "python3"
    script.write_text(PRETENDING.format(python=sys.executable), encoding="utf-8")
    script.chmod(0o755)
    return script


def _run(*argv: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, argv)], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
@pytest.mark.parametrize("target", ["demo", "dist"])
def test_make_names_the_python_it_needs_before_it_makes_anything(old: Path, target: str, tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = _run("make", target, f"PYTHON={old}", cwd=tmp_path)
    assert done.returncode == 2
    assert f"ecs-deploy needs Python 3.11 or newer, and {old} is 3.9." in done.stderr
    assert "make PYTHON=python3.12" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_zipapp_names_the_python_it_needs(old: Path) -> None:
    program = (ROOT / "tools" / "dist" / "preamble.py").read_text(encoding="utf-8")
    done = _run(old, "-c", program, cwd=old.parent)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"ecs-deploy.pyz needs Python 3.11 or newer, and `{sys.executable}` is 3.9.2.\n"


def test_the_zipapp_says_nothing_to_a_python_that_will_do() -> None:
    done = _run(sys.executable, ROOT / "tools" / "dist" / "preamble.py", cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
