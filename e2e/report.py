"""What the run showed: a line a case, a table, every answer, and a plot of requests, errors and versions over time."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from e2e.load import versions
from e2e.play import Played
from e2e.plot import draw

HEAD = ("case", "exit", "seconds", "requests", "a second", "failed", "answered", "faults", "holds")


def tell(played: Played) -> None:
    """One line, and what is wrong below it."""
    mark = "FAILED" if played.wrong else "ok"
    sys.stdout.write(f"{mark:7}{', '.join(row(played)[:-1])}\n")
    for wrong in played.wrong:
        sys.stdout.write("".join(f"       {line}\n" for line in wrong.splitlines()))
    sys.stdout.flush()


def write(folder: Path, played: Sequence[Played]) -> None:
    """`report.md`, `answers.csv` and `plot.svg`, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(table(played), encoding="utf-8")
    (folder / "plot.svg").write_text(draw(played), encoding="utf-8")
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("case", "seconds", "status", "answered"))
        for each in played:
            rows.writerows((each.case.name, f"{one.at:.3f}", one.status, one.said) for one in each.answers)
    sys.stdout.write(f"{sum(not each.wrong for each in played)} of {len(played)} cases hold. See {folder}.\n")


def table(played: Sequence[Played]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *map(row, played)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def row(played: Played) -> tuple[str, ...]:
    counted = versions(played.answers)
    answered = f"{len(counted)} versions" if len(counted) > 3 else " ".join(f"{k}: {v}" for k, v in counted.items())
    return (
        played.case.name,
        " ".join(sorted({str(step.code) for step in played.steps})),
        f"{sum(step.ended - step.began for step in played.steps):.1f}",
        str(len(played.answers)),
        f"{played.rate:.1f}",
        str(played.failed),
        answered,
        str(played.faults) if played.case.faults else "",
        "no" if played.wrong else "yes",
    )
