"""The page that a whole run writes: what was measured, the totals, and a line for each scenario."""

import platform
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bench.verdicts.entries import MOST_CALLS_PER_SECOND, MOST_MEDIAN_SECONDS, MOST_WORST_SECONDS, Entry, totals
from bench.verdicts.rivals import SPEED, Rival
from bench.verdicts.rules import RULES
from ecsdeploy import __version__
from tests.truth.fates import Fate
from tools import peers

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "verdicts.md"
_HEAD = """# Verdicts: how true, how soon, at what price

<!-- Written by `make verdicts`. -->

This page compares what this tool and other programs report with how the deployment really ended, in every shipped
scenario. A deployment tool that reports success after ECS has rolled back is worse than none.

* **Truth** is the simulated world's own record of the deployment that the program started, read once the world was
  quiet. `tests/truth/fates.py` says which verdict is right for which truth.
* **Seconds** are simulated. They count from the instant at which a permitted read first showed enough for the
  verdict (by our rules, for all programs) to the verdict. A negative number is a verdict before its time. There is
  no number if only the end of the time given could be known.
* **Calls** count from the write that started the deployment to the verdict, without the reads after it that explain
  a failure. Every call takes 0.1 s unless the scenario says otherwise.
* **Ours** is the first verdict that the tool prints. If it is `failed` and the truth is `rolled_back`, it came
  early, and our own rollback followed; the last verdict of the run is then `rolled_back`.
* **Programs of others** have an exit code alone: 0 means success, any other means failure. Success is wrong if the
  deployment did not succeed, and failure is wrong if it did. A success that came too early and proved true counts as
  right. These programs run as real processes, with their own time limits, against the server of `ecs-deploy sim` at
  {speed:g} times the speed of a clock; `faketime` speeds up their sleeps as much. Their verdict counts from the last
  answer that they got, and their start costs no simulated time. If a program rolls back by itself, its verdict
  counts from then, and the truth is `rolled_back`. This is right; if the release would have succeeded, it also
  counts as a good release undone.
* **`action` and `terraform`** are rules, restated from the sources below and played in virtual time.
* **Then our watch** is `ecs-deploy watch --revision` after the write that the AWS CLI, the Action and Terraform
  share, in place of their own wait. The column shows what each of these tools achieves with it.

Measured on {day} with ecs-deploy {version}, fabfuel's {fabfuel}, {aws}, and Python {python}.
"""


def text(entries: Sequence[Entry], rivals: Sequence[Rival], left_out: Mapping[str, str]) -> str:
    """The whole page; `left_out` gives the reason for each scenario that was played with our own client alone."""
    programs = list(dict.fromkeys(each.program for each in entries))
    head = _HEAD.format(
        speed=SPEED,
        day=date.today().isoformat(),  # noqa: DTZ011 - the day where it was measured
        version=__version__,
        fabfuel=peers.FABFUEL.replace("==", " "),
        aws=peers.AWS_CLI.replace("==", " "),
        python=platform.python_version(),
    )
    parts = (head, _commands(rivals), _totals(programs, entries), _scenarios(programs, entries, left_out))
    return "\n".join(filter(None, parts))


def _commands(rivals: Sequence[Rival]) -> str:
    programs = (f"* {each.name}: `{each.command}`" for each in rivals)
    return "\n".join((*programs, *(f"* {each.name}: {each.what}" for each in RULES), ""))


def _totals(programs: Sequence[str], entries: Sequence[Entry]) -> str:
    found = [totals(program, entries) for program in programs]
    rows = [
        (
            each.program,
            f"{each.right} of {each.of}",
            f"{each.median_late:.1f}",
            f"{each.worst_late:.1f}",
            f"{each.calls_per_second:.2f}",
            str(_undone(each.program, entries)),
        )
        for each in found
    ]
    most = (f"{MOST_MEDIAN_SECONDS:.1f}", f"{MOST_WORST_SECONDS:.1f}", f"{MOST_CALLS_PER_SECOND:.2f}")
    bounds = ("bound for ours", "all", *most, "")
    seconds = ("Median seconds", "Worst seconds", "Calls a simulated second")
    header = ("Program", "Right verdicts", *seconds, "Good releases undone")
    return _section("In all", header, (*rows, bounds))


def _undone(program: str, entries: Sequence[Entry]) -> int:
    """How often it put back what succeeds with others."""
    good = {each.scenario for each in entries if each.truth == Fate.SUCCEEDED}
    undone = (Fate.ROLLED_BACK, Fate.ROLLBACK_FAILED)
    return sum(each.program == program and each.scenario in good and each.truth in undone for each in entries)


def _scenarios(programs: Sequence[str], entries: Sequence[Entry], left_out: Mapping[str, str]) -> str:
    by_scenario: dict[str, dict[str, Entry]] = {}
    for each in entries:
        by_scenario.setdefault(each.scenario, {})[each.program] = each
    rows = []
    for name, found in by_scenario.items():
        truth = found[programs[0]].truth
        cells = [_cell(found.get(program), truth, left_out.get(name, "")) for program in programs]
        rows.append((name, truth, *cells))
    return _section("Scenario by scenario", ("Scenario", "Truth", *programs), rows)


def _cell(entry: Entry | None, truth: str, left_out: str) -> str:
    if entry is None:
        return f"left out: {left_out}"
    other = "" if entry.truth == truth else f"; truth `{entry.truth}`"
    note = f"; says: {entry.note}" if entry.note else ""
    return f"{entry.cell()}{other}{note}".replace("|", "\\|")


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (header, ["---"] * len(header), *rows)
    return "\n".join((f"## {title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""))
