"""Release many simulated services as one, print what that cost, and exit 1 where a bound is broken."""

import argparse
import compileall
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.fleet.release import Run
from bench.results import Figure, table

SIZES = (2, 10, 100, 1_000, 5_000)
BOUNDED = 1_000
"""The size that most bounds are about."""
CORE, MEGABYTES, CALLS, MEDIAN, LATEST, FLAT = 5, 90, 7, 3, 12, 1.2
TWO = 1.15
"""How many times the CPU of one service two may take."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many services (2 10 100 1000 5000)")
    sizes = parser.parse_args().sizes
    compileall.compile_dir(Path(__file__).parents[2] / "src", quiet=1)
    runs = dict[int, Run]()
    print("services  wrong  calls/service  CPU ms/service  core %  MB  p50 s  p99 s  throttled", flush=True)
    for size in (1, *sizes):
        runs[size] = played(size)
        print(_row(runs[size]), flush=True)
    figures = tuple(figures_of(runs))
    print(table(figures))
    return 0 if all(each.holds for each in figures) else 1


def played(services: int) -> Run:
    """One release in a process of its own, after a small one that is not counted."""
    command = (sys.executable, "-m", "bench.fleet.release", str(services), "--warm")
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout))


def figures_of(runs: dict[int, Run]) -> Iterator[Figure]:
    """The figures that have bounds, as far as their sizes were run."""
    yield Figure(name="wrong verdicts", value=sum(each.wrong for each in runs.values()), at_most=0)
    if BOUNDED in runs:
        yield from _bounded(runs[BOUNDED])
    if {10, max(runs)} <= runs.keys() and max(runs) > 10:
        ratio = _each_ms(runs[max(runs)]) / _each_ms(runs[10])
        yield Figure(name=f"CPU a service, {max(runs)} services over 10", value=ratio, at_most=FLAT)
    if 2 in runs:
        ratio = runs[2].cpu_seconds / runs[1].cpu_seconds
        yield Figure(name="CPU of two services over one, after the start", value=ratio)


def _bounded(run: Run) -> Sequence[Figure]:
    name = f"{run.services} services"
    return (
        Figure(name=f"{name}, of one core", value=_core(run), unit="%", at_most=CORE),
        Figure(name=f"{name}, memory", value=run.peak_kib / 1024, unit="MB", at_most=MEGABYTES),
        Figure(name=f"{name}, calls a service", value=_calls(run), at_most=CALLS),
        Figure(name=f"{name}, median from knowable to verdict", value=_late(run)[0], unit="s", at_most=MEDIAN),
        Figure(name=f"{name}, 99 of 100 from knowable to verdict", value=_late(run)[1], unit="s", at_most=LATEST),
        Figure(name=f"{name}, throttled calls", value=run.throttled, at_most=0),
    )


def _row(run: Run) -> str:
    middle, latest = _late(run)
    return (
        f"{run.services:8}  {run.wrong:5}  {_calls(run):13.2f}  {_each_ms(run):14.1f}  {_core(run):6.1f}"
        f"  {run.peak_kib / 1024:2.0f}  {middle:5.1f}  {latest:5.1f}  {run.throttled:9}"
    )


def _calls(run: Run) -> float:
    return sum(run.calls.values()) / run.services


def _each_ms(run: Run) -> float:
    return run.cpu_seconds / run.services * 1000


def _core(run: Run) -> float:
    """The share of one core, in percent, in the time that the release took."""
    return run.cpu_seconds / run.virtual_seconds * 100


def _late(run: Run) -> tuple[float, float]:
    """The median, and what 99 of 100 stay below; early judgement may come before the end."""
    late = sorted(run.late)
    return (median(late), quantiles(late, n=100)[98]) if len(late) > 1 else (late[0], late[0])


if __name__ == "__main__":
    sys.exit(main())
