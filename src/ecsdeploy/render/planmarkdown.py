"""The plan of a dry run in Markdown, for the description of a merge request or a comment on it.

GitHub, GitLab and others read tables: https://github.github.com/gfm/#tables-extension-
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.difference import Difference
from ecsdeploy.model.events import Record
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.plan import MARKS, beside, cut, service_setting, summary, title
from ecsdeploy.render.stepsummary import code, plain
from ecsdeploy.render.stream import LineStream
from ecsdeploy.render.words import goes, steps


class PlanMarkdown:
    """A renderer that writes the plan of a dry run as Markdown."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def emit(self, record: Record) -> None:
        if isinstance(record.event, Planned):
            for line in _plan(record.event):
                self._stream.line(line)


def _plan(planned: Planned) -> Iterator[str]:
    yield f"### {plain(title(planned))}"
    yield from ("", plain(summary(planned)), "")
    yield f"- Base: {code(revision_name(planned.base))}"
    if planned.compared not in ("", planned.base):
        yield f"- Runs: {code(revision_name(planned.compared))}"
    if planned.target:
        yield f"- Goes: {plain(goes(planned))}"
    if planned.place.service and planned.compared and not planned.resized:
        yield f"- Service: {plain(service_setting(planned.setting))}"
    yield from _table(planned)
    yield from _findings(planned.findings)
    yield from ("", "**Steps**", "")
    yield from (f"{number}. {plain(each)}" for number, each in enumerate(steps(planned), 1))
    yield from _folded("AppSpec", planned.appspec)
    yield from _folded("Checks", [f"✔ {text}" for text in map(tick, planned.held) if text])
    yield from ("", "Nothing was written.")


def _table(planned: Planned) -> Iterator[str]:
    rows = [_row(planned, each) for each in (*planned.differences, *planned.resized)]
    if not planned.compared:
        rows += [
            _cells("~", f"container {code(each.container)}: image", each.before, each.after) for each in planned.changes
        ]
    if not rows:
        yield from ("", "Nothing would change.")
        return
    yield from ("", "| | What | Before | After |", "| --- | --- | --- | --- |", *rows)


def _row(planned: Planned, each: Difference) -> str:
    is_service = any(each is other for other in planned.resized)
    where = f"container {code(each.container)}" if each.container else "service" if is_service else "task"
    member = "" if each.member == "container" else f": {plain(each.member)}"
    name = f" {code(each.name)}" if each.name else ""
    return _cells(
        MARKS[each.how],
        f"{where}{member}{name} {plain(beside(planned, each).strip())}".strip(),
        each.before,
        each.after,
    )


def _cells(mark: str, what: str, before: str, after: str) -> str:
    """A bar in a cell would end it, also within code."""
    values = (code(cut(text)) if text else "" for text in (before, after))
    cells = (cell.replace("|", r"\|") for cell in (what, *values))
    return f"| {code(mark)} | {' | '.join(cells)} |"


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield from ("", "**Findings**", "")
    for found in findings:
        yield f"- **{gravity(found)}** {plain(advice(found))}"


def _folded(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"<details><summary>{title}</summary>", "")
        yield from (f"- {plain(line)}" if title == "Checks" else f"    {line}" for line in lines)
        yield from ("", "</details>")
