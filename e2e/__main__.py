"""Play every case, or those that are named, and exit 1 where one does not hold."""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from e2e import cases, container, emulator, engine, faults, images, machine, report
from e2e.cases import Case
from e2e.play import Played, play
from e2e.process import Trouble

BUILD = Path(__file__).parents[1] / "build" / "e2e"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e", description=__doc__)
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--only", default="", metavar="WORDS", help="the cases whose names contain this")
    chosen.add_argument("--write-docs", action="store_true", help="put the figures of this run into the docs")
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        if given.scratch is None:
            machine.prepare()
            if _checks(given.only):
                container.build()
            return machine.enter(arguments)
        return _report(given.scratch, given.only, for_docs=given.write_docs)
    except Trouble as trouble:
        sys.stderr.write(f"`make e2e` gave up. {trouble}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _report(scratch: Path, words: str, *, for_docs: bool) -> int:
    began = time.monotonic()
    played, is_image_right = _play_all(scratch, _chosen(words), _checks(words))
    if played:
        report.write(BUILD, played, time.monotonic() - began)
    # Of a case that was played again, the second time decides.
    holds = is_image_right and not any(each.wrong for each in {each.case.name: each for each in played}.values())
    if for_docs and holds:
        report.publish(BUILD)
    return 0 if holds else 1


def _chosen(words: str) -> list[Case]:
    """The cases of such a name, with their controls before them.

    Those that need an emulator which enforces policies come last.
    """
    found = [each for each in (*cases.CASES, *faults.CASES) if words in each.name]
    if not found and not _checks(words):
        raise Trouble("No case has such a name.")
    controls = [each for each in cases.CONTROLS if each.name in {case.control for case in found}]
    return sorted((*controls, *found), key=_enforces)


def _checks(words: str) -> list[container.Check]:
    return [each for each in container.CHECKS if words in each.name]


def _enforces(case: Case) -> bool:
    return case.denied is not None


def _play_all(scratch: Path, chosen: Sequence[Case], checks: Sequence[container.Check]) -> tuple[list[Played], bool]:
    """What came of the cases, and whether our image is as it must be."""
    machine.settle()
    played: list[Played] = []
    with ExitStack() as stack:
        docker = stack.enter_context(engine.engine(scratch))
        if checks:
            container.load(docker)
        is_image_right = container.check(docker, checks)
        if not chosen:
            return [], is_image_right
        stack.enter_context(images.registry(scratch))
        stack.enter_context(emulator.proxy(scratch))
        pinned = images.publish(docker)["v2"]
        engine.try_out(docker, images.name("v1"))
        for auth, group in groupby(chosen, key=_enforces):
            with emulator.emulator(scratch, docker, auth=auth):
                for case in group:
                    _play(case, pinned, played)
    return played, is_image_right


def _play(case: Case, pinned: str, played: list[Played]) -> None:
    """Play it, and once more where it only lost requests; both are reported."""
    for _ in range(2):
        played.append(play(case, pinned, played))
        report.tell(played[-1])
        if not played[-1].only_lost:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
