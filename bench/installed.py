"""How soon the zipapp and the folder of `make dist` have said their version, beside the bare interpreter."""

import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.children import Cost, in_turn, run
from bench.results import Figure

DIST = Path(__file__).parents[1] / "dist"
ZIPAPP_CPU_MS, FOLDER_MS = 100, 150


def measure(runs: int) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = {"SHIV_ROOT": f"{scratch}/zipapp"}
        commands = {
            "bare": partial(run, (sys.executable, "-I", "-c", "pass"), {}),
            "zipapp": partial(run, (sys.executable, "-I", str(DIST / "ecs-deploy.pyz"), "--version"), unpacked),
            "folder": partial(run, (str(_folder(Path(scratch))), "--version"), {}),
            "single": partial(run, (str(DIST / "ecs-deploy-linux-x86_64"), "--version"), {"TMPDIR": scratch}),
        }
        costs = in_turn(commands, runs)
    return (
        Figure(name="CPU, the bare interpreter", value=_ms(_cpu(costs["bare"])), unit="ms"),
        Figure(name="CPU, --version of the zipapp", value=_ms(_cpu(costs["zipapp"])), unit="ms", at_most=ZIPAPP_CPU_MS),
        Figure(name="--version of the folder", value=_ms(_wall(costs["folder"])), unit="ms", at_most=FOLDER_MS),
        Figure(name="--version of the single file", value=_ms(_wall(costs["single"])), unit="ms"),
    )


def _folder(scratch: Path) -> Path:
    with tarfile.open(DIST / "ecs-deploy-linux-x86_64.tar.gz") as tar:
        tar.extractall(scratch, filter="data")
    return scratch / "ecs-deploy" / "ecs-deploy"


def _cpu(costs: Sequence[Cost]) -> Iterable[float]:
    return (each.cpu_seconds for each in costs)


def _wall(costs: Sequence[Cost]) -> Iterable[float]:
    return (each.wall_seconds for each in costs)


def _ms(seconds: Iterable[float]) -> float:
    return 1000 * median(seconds)
