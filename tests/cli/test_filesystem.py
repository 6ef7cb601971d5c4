"""No state of ours is kept: nothing has to be written, and no home has to be there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.servers import served
from tests.cli.terminals import COMMAND
from tests.cli.worlds import RELEASE, SUCCESS

NOWHERE = Path("/proc")


@pytest.mark.skipif(not NOWHERE.is_dir(), reason="no folder that nobody can write to")
@pytest.mark.parametrize("home", [None, "/nonexistent", "/proc"], ids=["no HOME", "one that is not there", "read-only"])
def test_f29_a_release_needs_no_home_and_writes_no_file(home: str | None, tmp_path: Path) -> None:
    with served(tmp_path, speed=100) as server:
        around = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": "/nonexistent"} | dict(server.exports)
        done = subprocess.run(
            [*COMMAND, *RELEASE, "-t", "600"],
            cwd=NOWHERE,
            env=around | ({"HOME": home} if home else {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, [SUCCESS]), done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("words", [(), ("--output", "json")], ids=["lines", "json"])
def test_f29_a_full_disk_under_the_output_changes_no_verdict(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        argv = [*COMMAND, "demo", "--scenario", "crash-loop", *words]
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "FAILED, rolled back by ECS." in done.stderr
    assert "OSError" not in done.stderr
