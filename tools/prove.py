"""Hold generated runs to their rules by the ten thousand: batches by their seeds, a process each, and a summary.

    python -m tools.prove --first 1000 --batches 500 --runs 100 --jobs 1 --deployer ecs

A batch that breaks a rule prints the smallest run that does, as a scenario file; the exit code is then 1. The same
seed always has the same runs.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from tests.properties.cases import Case
from tests.properties.rules import CODE_DEPLOY, ECS, hold, honest

DEPLOYERS = {"ecs": ECS, "codedeploy": CODE_DEPLOY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How the runs of one seed ended, by verdict, and what was broken, if anything."""

    seed: int
    ended: Counter[str]
    calls: int
    broken: str


def play(seed: int, runs: int, deployer: str = "ecs") -> Batch:
    """Hold the runs of one seed to their rules."""
    ended: Counter[str] = Counter()
    calls, broken = 0, ""

    def rule(case: Case) -> None:
        nonlocal calls
        ran = honest(case)
        calls += len(ran.witness.world.calls)
        ended[str(ran.result["status"]) if ran.witness.told else "cut off"] += 1

    try:
        hold(seed, runs, rule, DEPLOYERS[deployer])
    except Exception as error:  # noqa: BLE001 - whatever it is, the other batches go on
        broken = "\n".join((f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())))
    return Batch(seed=seed, ended=ended, calls=calls, broken=broken)


def played(seeds: Sequence[int], runs: int, jobs: int, deployer: str) -> Iterator[Batch]:
    """The batches in the order of their seeds; each in a process of its own, as worlds leave things behind."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        yield from pool.map(partial(play, runs=runs, deployer=deployer), seeds)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.prove", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--first", type=int, default=1000, help="the first seed (%(default)s)")
    parser.add_argument("--batches", type=int, default=10, help="how many seeds (%(default)s)")
    parser.add_argument("--runs", type=int, default=100, help="runs of each seed (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (%(default)s)")
    parser.add_argument("--deployer", choices=DEPLOYERS, default="ecs", help="who deploys the service (%(default)s)")
    asked = parser.parse_args(argv)
    ended: Counter[str] = Counter()
    broken, calls, began = [], 0, time.monotonic()
    seeds = range(asked.first, asked.first + asked.batches)
    for batch in played(seeds, asked.runs, asked.jobs, asked.deployer):
        if not batch.broken:
            ended, calls = ended + batch.ended, calls + batch.calls
        broken += [batch.seed] if batch.broken else []
        print(
            f"seed {batch.seed}: {'BROKEN' if batch.broken else 'held'}, {ended.total()} runs held so far", flush=True
        )
        print(batch.broken, end="\n" if batch.broken else "", flush=True)
    told = ", ".join(f"{count} {status}" for status, count in ended.most_common())
    print(f"{ended.total()} runs, {calls} calls, {time.monotonic() - began:.0f} s: {told}")
    print(f"Broken: seeds {', '.join(map(str, broken))}." if broken else "Every rule held.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
