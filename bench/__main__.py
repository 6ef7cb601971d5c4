"""Measure, print the table, and exit 1 where a bound is broken."""

import argparse
import compileall
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import deployment, installed, live, logs, looking, simulator, startup
from bench.children import CommandFailedError
from bench.results import Figure, table

RUNS = 15


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each command; medians are shown")
    runs = parser.parse_args().runs
    compileall.compile_dir(Path(__file__).parents[1] / "src", quiet=1)
    try:
        groups = (startup, installed, deployment, live, logs, looking, simulator)
        holds = [_shown(group.measure(runs)) for group in groups]
    except CommandFailedError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0 if all(holds) else 1


def _shown(figures: Sequence[Figure]) -> bool:
    """Print a group of figures; whether all of them hold."""
    print(table(figures), flush=True)
    return all(figure.holds for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
