"""What the run showed: a line a case, tables, every answer, and a plot of requests, errors and versions over time."""

import csv
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from e2e.load import Answer, failures, versions
from e2e.play import Played
from e2e.plot import draw

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "e2e.md"
FIGURES, PLOT = "figures.md", "plot.svg"
BIN_SECONDS = 2

CASES = ("Case", "Exit", "Seconds", "Requests", "A second", "Failed", "As the control", "Answered", "Faults", "Holds")
OVER_TIME = ("Case", "From second", "Requests", "Failed", "Answered")
FAILED = ("Case", "Requests that failed", "Because")
SOME = ("good release", "crash loop")
"""The cases that the docs show over time; `report.md` has all of them."""

_BETWEEN = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)


def tell(played: Played) -> None:
    """One line, and what is wrong below it."""
    mark = "FAILED" if played.wrong else "ok"
    sys.stdout.write(f"{mark:7}{played.case.name}: {_told(played)}\n")
    for wrong in played.wrong:
        sys.stdout.write("".join(f"       {line}\n" for line in wrong.splitlines()))
    sys.stdout.flush()


def _told(played: Played) -> str:
    rate = f"{len(played.answers)} requests, {played.rate:.0f} a second, {played.failed} failed"
    return f"{rate}; {_answered(played.answers)} in {_seconds(played):.1f} s"


def write(folder: Path, played: Sequence[Played], seconds: float) -> None:
    """`report.md`, `figures.md`, `answers.csv` and `plot.svg`, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = figures(played, seconds)
    (folder / FIGURES).write_text(shown, encoding="utf-8")
    (folder / "report.md").write_text(f"{shown}\n{table(OVER_TIME, _over_time(played))}", encoding="utf-8")
    (folder / PLOT).write_text(draw(played), encoding="utf-8")
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("case", "seconds", "status", "answered"))
        for each in played:
            rows.writerows((each.case.name, f"{one.at:.3f}", one.status, one.said) for one in each.answers)
    held = sum(not each.wrong for each in played)
    sys.stdout.write(f"{held} of {len(played)} cases hold, in {seconds:.0f} s. See {folder}/report.md and {PLOT}.\n")


def publish(folder: Path) -> None:
    """Put the figures and the plot of the run into the docs."""
    shown = (folder / FIGURES).read_text("utf-8")
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_BETWEEN.sub(lambda _: f"\n{shown}\n", page), encoding="utf-8")
    PAGE.with_suffix(".svg").write_text((folder / PLOT).read_text("utf-8"), encoding="utf-8")


def figures(played: Sequence[Played], seconds: float) -> str:
    """The table of the cases, what kinds of requests failed, and some of the cases over time."""
    whole = f"{len(played)} cases in {seconds:.0f} seconds on {os.cpu_count()} cores."
    failed = table(FAILED, _failed(played)) if any(each.failed for each in played) else "No request failed.\n"
    some = table(OVER_TIME, _over_time([each for each in played if each.case.name in SOME]))
    return f"{whole}\n\n{table(CASES, map(row, played))}\n{failed}\n{some}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def row(played: Played) -> tuple[str, ...]:
    return (
        played.case.name,
        " ".join(sorted({str(step.code) for step in played.steps})),
        f"{_seconds(played):.1f}",
        str(len(played.answers)),
        f"{played.rate:.1f}",
        str(played.failed),
        str(played.failed - len(played.unexcused)),
        _answered(played.answers),
        str(played.faults) if played.case.faults else "",
        "no" if played.wrong else "yes",
    )


def _seconds(played: Played) -> float:
    return sum(step.ended - step.began for step in played.steps)


def _answered(answers: Iterable[Answer]) -> str:
    counted = versions(answers)
    return f"{len(counted)} versions" if len(counted) > 4 else ", ".join(f"{k} {v}" for k, v in counted.items())


def _failed(played: Sequence[Played]) -> Iterator[tuple[str, ...]]:
    for each in played:
        yield from ((each.case.name, str(count), kind) for kind, count in failures(each.answers).items())


def _over_time(played: Sequence[Played]) -> Iterator[tuple[str, ...]]:
    for each in played:
        bins: defaultdict[int, list[Answer]] = defaultdict(list)
        for answer in each.answers:
            bins[int(answer.at // BIN_SECONDS) * BIN_SECONDS].append(answer)
        for at, answers in sorted(bins.items()):
            counts = (str(len(answers)), str(failures(answers).total()))
            yield each.case.name, str(at), *counts, _answered(answers)
