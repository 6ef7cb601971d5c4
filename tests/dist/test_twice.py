"""Who builds the same commit again, elsewhere, has the same files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.dist import sums
from tools.dist.workshop import ROOT


def _git(*words: str) -> str:
    return subprocess.run(("git", "-C", ROOT, *words), capture_output=True, text=True, check=True).stdout


def test_a_second_build_in_another_folder_has_equal_checksums(dist: Path, tmp_path: Path) -> None:
    for name in _git("ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    # To install what builds once more would take a minute, and change nothing.
    (tmp_path / ".venv-dist").symlink_to(ROOT / ".venv-dist")
    env = {**os.environ, "SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct").strip(), "PYTHONPATH": str(tmp_path)}
    command = (sys.executable, "-m", "tools.dist")
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sums.sums(tmp_path / "dist") == (dist / sums.NAME).read_text(encoding="ascii")
