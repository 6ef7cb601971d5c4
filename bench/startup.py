"""How much later than the bare interpreter the tool has said its version, and its help."""

import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.children import Cost, in_turn, run
from bench.results import Figure

TOOL = str(Path(sys.executable).with_name("ecs-deploy"))
# Isolated on both sides: neither the environment nor the working directory adds to the search for modules.
PYTHON = (sys.executable, "-I")

VERSION_MS, HELP_MS = 40, 60


def measure(runs: int) -> Sequence[Figure]:
    commands = {
        "bare": (*PYTHON, "-c", "pass"),
        "--version": (*PYTHON, TOOL, "--version"),
        "--help": (*PYTHON, TOOL, "--help"),
        "deploy --help": (*PYTHON, TOOL, "deploy", "--help"),
    }
    costs = in_turn({name: partial(run, argv, {}) for name, argv in commands.items()}, runs)
    bare, *tools = costs
    over = {name: _over(costs[bare], costs[name]) for name in tools}
    return (
        Figure(name="the bare interpreter", value=_ms(cost.wall_seconds for cost in costs[bare]), unit="ms"),
        Figure(name="--version over it", value=over["--version"], unit="ms", at_most=VERSION_MS),
        Figure(name="--help over it", value=over["--help"], unit="ms", at_most=HELP_MS),
        Figure(name="deploy --help over it", value=over["deploy --help"], unit="ms"),
    )


def _over(bare: Sequence[Cost], tool: Sequence[Cost]) -> float:
    """Each run is compared with the bare start of its own round, a moment before."""
    return _ms(with_tool.wall_seconds - alone.wall_seconds for alone, with_tool in zip(bare, tool, strict=True))


def _ms(seconds: Iterable[float]) -> float:
    return 1000 * median(seconds)
