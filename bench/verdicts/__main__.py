"""Play every scenario, or those that are named, print a line for each, and exit 1 where a bound is broken."""

import argparse
import sys
from collections.abc import Sequence

from bench.verdicts.entries import Entry, totals
from bench.verdicts.ours import knowable, play, with_latency
from bench.verdicts.truth import Fate
from ecsdeploy.sim import load_scenario, scenario_names

OURS = "ours"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.verdicts", description=__doc__)
    parser.add_argument("--scenario", action="append", choices=scenario_names(), metavar="NAME", help="only this one")
    given = parser.parse_args(arguments)
    entries = []
    for name in given.scenario or scenario_names():
        entries.append(measure(name))
        print(entries[-1].line(), flush=True)
    ours = totals(OURS, entries)
    print(ours.line())
    return 0 if ours.holds else 1


def measure(name: str) -> Entry:
    """Our own client in one scenario."""
    scenario = load_scenario(name)
    played, earliest = play(with_latency(scenario)), knowable(scenario)
    watched = played.truth.fate is not Fate.REFUSED
    return Entry(
        program=OURS,
        scenario=name,
        truth=played.truth.fate,
        verdict=played.verdict,
        right=played.right,
        knowable=earliest if watched else None,
        late=played.after - earliest if watched else None,
        calls=played.calls,
        watched=played.after,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
