"""What a whole deployment costs against an instant endpoint, beside the same one by another tool."""

import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from statistics import median

from bench.children import Cost, in_turn, run
from bench.endpoint import CLUSTER, IMAGE, SERVICE, World, serving
from bench.results import Figure
from tools import peers

CPU_RATIO, RESIDENT_MB, CALLS_BEFORE_FIRST_POLL = 0.55, 90, 5
POLLS = frozenset({"DescribeServices", "DescribeServiceDeployments", "ListTasks"})

OURS = (
    *(sys.executable, "-I", str(Path(sys.executable).with_name("ecs-deploy"))),
    *("-c", CLUSTER, "-n", SERVICE, "-i", f"{IMAGE}:2"),
)
FABFUEL = (
    *(str(peers.PEERS / "bin" / "python"), "-I", str(peers.PEERS / "bin" / "ecs")),
    *("deploy", "--region", "us-east-1", "--no-deregister", CLUSTER, SERVICE, "-t", "2"),
)


def measure(runs: int) -> Sequence[Figure]:
    peers.install()
    with tempfile.TemporaryDirectory() as home:
        worlds: list[World] = []
        costs = in_turn(
            {
                "ours": partial(_deploy, OURS, Path(home), worlds),
                "fabfuel": partial(_deploy, FABFUEL, Path(home), []),
            },
            runs,
        )
    ours, fabfuel = costs["ours"], costs["fabfuel"]
    print(f"\nCalls of our deployment: {_summary(worlds[-1].calls)}\n")
    return (
        Figure(name="CPU of a deployment", value=1000 * _cpu(ours), unit="ms"),
        Figure(name="CPU of the same by fabfuel's `ecs deploy`", value=1000 * _cpu(fabfuel), unit="ms"),
        Figure(name="ours over fabfuel's", value=_cpu(ours) / _cpu(fabfuel), at_most=CPU_RATIO),
        Figure(name="resident memory of a deployment", value=_resident_mb(ours), unit="MB", at_most=RESIDENT_MB),
        Figure(
            name="ECS calls before the first poll",
            value=max(_calls_before_first_poll(world.calls) for world in worlds),
            at_most=CALLS_BEFORE_FIRST_POLL,
        ),
    )


def _deploy(argv: Sequence[str], home: Path, worlds: list[World]) -> Cost:
    """One deployment into a world of its own, which is kept."""
    worlds.append(World())
    with serving(worlds[-1]) as url:
        return run(argv, environment(url, home))


def environment(url: str, home: Path) -> Mapping[str, str]:
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
    }


def _cpu(costs: Sequence[Cost]) -> float:
    return median(cost.cpu_seconds for cost in costs)


def _resident_mb(costs: Sequence[Cost]) -> float:
    return max(cost.resident_bytes for cost in costs) / 1e6


def _calls_before_first_poll(calls: Sequence[str]) -> int:
    """Everything up to the update and what finds the deployment it started, before the first look at it."""
    updated = calls.index("UpdateService") + 1
    return updated + len(list(takewhile(lambda operation: operation not in POLLS, calls[updated:])))


def _summary(calls: Sequence[str]) -> str:
    return ", ".join(f"{operation} x{times}" if times > 1 else operation for operation, times in Counter(calls).items())
