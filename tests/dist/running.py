"""Runs what was built as a user does, and measures it."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RELEASE = ("-c", "prod", "-n", "web", "-i", "registry.example.com/team/web:2", "-t", "600")
PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start has cost, in milliseconds."""

    wall: float
    cpu: float


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)


def quickest(command: Sequence[str | Path], *, env: Mapping[str, str], runs: int = 9) -> Start:
    """The least of several starts: what others do on the machine only adds."""
    found = [_start(command, env) for _ in range(runs)]
    return Start(wall=min(each.wall for each in found), cpu=min(each.cpu for each in found))


def _start(command: Sequence[str | Path], env: Mapping[str, str]) -> Start:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Start(wall=1000 * (time.perf_counter() - began), cpu=1000 * (usage.ru_utime + usage.ru_stime))
