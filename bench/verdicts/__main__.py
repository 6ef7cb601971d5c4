"""Play every scenario, or those that are named, with our own client and with programs of others.

A line is printed for each as it ends; a whole run writes docs/explanation/verdicts.md. The exit code is 1 where a
bound of ours is broken.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from bench.verdicts import page, rivals, rules
from bench.verdicts.entries import Entry, totals
from bench.verdicts.ours import knowable
from bench.verdicts.rivals import AWS, FABFUEL, Missing, Rival
from ecsdeploy.sim import load_scenario, scenario_names
from tests.others import watched
from tests.others.watched import reason_to_leave_out
from tests.truth.scenario import Played, play, with_latency

OURS, WATCHED = "ours", "then our watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Our own client in one scenario, and when its verdict could be known."""

    entry: Entry
    knowable: float | None


def main(arguments: Sequence[str]) -> int:
    try:
        return _measure_all(_parser().parse_args(arguments))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _measure_all(given: argparse.Namespace) -> int:
    asked = () if given.ours_only else (AWS, FABFUEL, *given.peer)
    names = given.scenario or scenario_names()
    stage = rivals.prepare() if asked else None
    measured = {name: _shown(name) for name in names}
    entries = [each.entry for each in measured.values()]
    left_out = {name: reason for name in names if (reason := reason_to_leave_out(load_scenario(name)))}
    if stage is not None:
        others = {n: m.knowable for n, m in measured.items() if n not in left_out}
        entries += _play_rules(others)
        entries += _play_others(asked, others, stage)
    for program in dict.fromkeys(each.program for each in entries):
        print(totals(program, entries).line())
    if asked and not given.scenario:
        page.PAGE.write_text(page.text(entries, asked, left_out), encoding="utf-8")
    watch = totals(WATCHED, entries)
    return 0 if totals(OURS, entries).holds and watch.right == watch.of else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.verdicts", description=__doc__)
    names = scenario_names()
    parser.add_argument("--scenario", action="append", choices=names, metavar="NAME", help="only this one, or these")
    parser.add_argument("--ours-only", action="store_true", help="no programs of others")
    parser.add_argument("--peer", action="append", default=[], type=_rival, metavar="NAME=COMMAND", help=Rival.__doc__)
    return parser


def _rival(text: str) -> Rival:
    name, separates, command = text.partition("=")
    if not separates or not name or not command:
        raise argparse.ArgumentTypeError(f"`{text}` is not NAME=COMMAND")
    return Rival(name=name, command=command)


def _shown(name: str) -> Measured:
    measured = measure(name)
    print(measured.entry.line(), flush=True)
    return measured


def measure(name: str) -> Measured:
    """Our own client in one scenario."""
    scenario = load_scenario(name)
    played, earliest = play(with_latency(scenario)), knowable(scenario)
    return Measured(entry=_entry(OURS, name, played, earliest), knowable=earliest)


def _entry(program: str, name: str, played: Played, earliest: float | None) -> Entry:
    began = played.truth.began is not None
    return Entry(
        program=program,
        scenario=name,
        truth=played.truth.fate,
        verdict=played.verdict,
        right=played.right,
        late=played.after - earliest if began and earliest is not None else None,
        calls=played.calls,
        watched=played.after,
    )


def _play_rules(scenarios: dict[str, float | None]) -> Iterator[Entry]:
    """In virtual time: what is re-stated of others, and our watch after their write."""
    for name, earliest in scenarios.items():
        scenario = load_scenario(name)
        played = (rules.play(each, scenario, earliest) for each in rules.RULES)
        for entry in (_entry(WATCHED, name, watched.play(scenario), earliest), *played):
            print(entry.line(), flush=True)
            yield entry


def _play_others(asked: Sequence[Rival], scenarios: dict[str, float | None], stage: rivals.Stage) -> Iterator[Entry]:
    """Several at once: they sleep nearly all the time."""
    with ThreadPoolExecutor(rivals.AT_ONCE) as pool:
        jobs = [
            pool.submit(rivals.play, each, load_scenario(name), earliest, stage)
            for each in asked
            for name, earliest in scenarios.items()
        ]
        try:
            for job in as_completed(jobs):
                print(job.result().line(), flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    yield from (job.result() for job in jobs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
