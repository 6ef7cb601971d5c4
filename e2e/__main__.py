"""Play every case, or those that are named, and exit 1 where one does not hold."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from e2e import cases, emulator, engine, faults, images, machine, report
from e2e.cases import Case
from e2e.play import Played, play
from e2e.process import Trouble

BUILD = Path(__file__).parents[1] / "build" / "e2e"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="the cases whose names contain this")
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        if given.scratch is None:
            machine.prepare()
            return machine.enter(arguments)
        return _play_all(given.scratch, [each for each in _cases() if given.only in each.name])
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _cases() -> Iterator[Case]:
    """Those that need an emulator which enforces policies come last."""
    yield from sorted((*cases.CASES, *faults.CASES), key=_enforces)


def _enforces(case: Case) -> bool:
    return case.denied is not None


def _play_all(scratch: Path, chosen: Sequence[Case]) -> int:
    if not chosen:
        raise Trouble("No case has such a name.")
    machine.settle()
    played: list[Played] = []
    with ExitStack() as stack:
        docker = stack.enter_context(engine.engine(scratch))
        stack.enter_context(images.registry(scratch))
        stack.enter_context(emulator.proxy(scratch))
        pinned = images.publish(docker)["v2"]
        for auth, group in groupby(chosen, key=_enforces):
            with emulator.emulator(scratch, docker, auth=auth):
                for case in group:
                    played.append(play(case, pinned))
                    report.tell(played[-1])
    report.write(BUILD, played)
    return 0 if all(not each.wrong for each in played) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
