"""Explore every reachable state of the shipped rollout logic beside a small ECS, and hold each to the rules.

    python -m tools.explore --size small --jobs 2

A rule that is broken is printed with the way that leads there, and the exit code is then 1. `small` is what CI
explores; `whole` has larger worlds, and takes the better part of an hour.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from unittest.mock import patch

from ecsdeploy.diagnose import doom
from ecsdeploy.diagnose.causes import Symptom, read_task
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition
from tools.explore.cases import SIZES
from tools.explore.search import Found, Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """A case that was explored, and how many seconds that took."""

    name: str
    found: Found
    seconds: float


def explore(number: int, size: str, most: int) -> Explored:
    """One case, by its number: functions and worlds are made anew in each process."""
    case, began = SIZES[size][number], time.monotonic()
    with patch.object(doom, "read_task", _read_once()):
        found = Search(case, most).explore()
    return Explored(name=case.name, found=found, seconds=time.monotonic() - began)


def _read_once() -> Callable[[Task, TaskDefinition], Symptom | None]:
    """What equal tasks show of one definition is read once."""
    known: dict[tuple[Task, str], Symptom | None] = {}

    def read(task: Task, definition: TaskDefinition) -> Symptom | None:
        key = (task, definition.arn)
        if key not in known:
            known[key] = read_task(task, definition)
        return known[key]

    return read


def explored(numbers: Sequence[int], size: str, most: int, jobs: int) -> Iterator[Explored]:
    """The cases in their order, each in a process of its own, so that its memory is given back."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        yield from pool.map(partial(explore, size=size, most=most), numbers)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.explore", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small", help="how large the worlds are (%(default)s)")
    parser.add_argument("--only", default="", help="the cases with this in their names")
    parser.add_argument("--most", type=int, default=1_000_000_000, help="steps of a case at most (%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (%(default)s)")
    asked = parser.parse_args(argv)
    numbers = [number for number, case in enumerate(SIZES[asked.size]) if asked.only in case.name]
    all_of, began = Found(), time.monotonic()
    for each in explored(numbers, asked.size, asked.most, asked.jobs):
        found = each.found
        how = "BROKEN" if found.broken else "all states" if found.exhausted else "cut short"
        print(
            f"{each.name}: {how}, {found.steps:,} steps, {found.states:,} states, {found.looks:,} looks,"
            f" {found.runs:,} runs, {each.seconds:.0f} s",
            flush=True,
        )
        for broken in found.broken:
            print(broken, flush=True)
        all_of.add(found)
    told = ", ".join(f"{count:,} {ended}" for ended, count in all_of.verdicts.most_common())
    print(f"Ends: {told}.")
    print(
        f"{len(numbers)} cases, {all_of.steps:,} steps, {all_of.states:,} states, {all_of.looks:,} looks,"
        f" {all_of.runs:,} runs, {time.monotonic() - began:.0f} s:"
        f" {'a rule is broken' if all_of.broken else 'every rule held'}."
    )
    return 1 if all_of.broken else 0
