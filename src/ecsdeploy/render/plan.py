"""A dry run on stdout: what would change, in plain lines."""

from collections.abc import Iterator

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.events import Planned, Record
from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.stream import LineStream
from ecsdeploy.render.words import advice, count, gravity, step

_WIDTH = 96
"""Of a line of ticks."""


class PlanLines:
    """Shows the plan, and that nothing was written."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def emit(self, record: Record) -> None:
        if isinstance(record.event, Planned):
            for line in _plan(record.event):
                self._stream.line(line)


def _plan(planned: Planned) -> Iterator[str]:
    place = planned.place
    where = " @ ".join(filter(None, (place.service, place.cluster)))
    account = ", ".join(filter(None, (place.region, place.account)))
    yield " ".join(filter(None, ("Plan", where, f"({account})" if account else "")))
    yield f"  base     {revision_name(planned.base)}"
    yield from (f"  image    {_change(each)}" for each in planned.changes)
    yield from (f"  step     {step(each)}" for each in planned.steps)
    for number, line in enumerate(_ticks(planned.held)):
        yield f"  {'' if number else 'checks':7}  {line}"
    for each in planned.findings:
        yield f"  {gravity(each):7}  {advice(each)}"
    yield _summary(planned)
    yield "Nothing was written."


def _ticks(passed: tuple[Finding, ...]) -> Iterator[str]:
    """The checks that found nothing, several to a line."""
    line = ""
    for text in filter(None, map(tick, passed)):
        mark = f"✔ {text}"
        if line and len(line) + len(mark) > _WIDTH:
            yield line
            line = ""
        line = f"{line}   {mark}" if line else mark
    if line:
        yield line


def _change(change: ImageChange) -> str:
    if not change.before:
        return f"{change.container}: {change.after}"
    if change.before == change.after:
        return f"{change.container}: {change.after} (the same reference, deployed again)"
    return f"{change.container}: {change.before} -> {change.after}"


def _summary(planned: Planned) -> str:
    changed = sum(each.before != each.after for each in planned.changes)
    warnings, refusals = (sum(gravity(each) == word for each in planned.findings) for word in ("warning", "refused"))
    words = [f"{count(changed, 'image')} changed", count(warnings, "warning")]
    return ", ".join([*words, count(refusals, "refusal")] if refusals else words) + "."
