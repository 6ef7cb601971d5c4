"""A dry run on stdout: exactly what would change, what the checks find, and that nothing was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.difference import Difference, How
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.events import Record
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.steps import Finding, Setting, Usual
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.labelled import wrapped
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count, duration, goes, short_digest, steps

_HUES = {"refused": "bad", "warning": "warn"}
MARKS = {How.ADDED: "+", How.REMOVED: "-", How.CHANGED: "~"}
_LONGEST = 80
_INDENT = 11
_VARIABLE = "environment"


class PlanLines:
    """A renderer that writes the plan of a dry run."""

    def __init__(self, stream: LineStream, style: Style) -> None:
        self._stream = stream
        self._style = style

    def emit(self, record: Record) -> None:
        if isinstance(record.event, Planned):
            for line in _plan(record.event, self._style):
                self._stream.line(line)


def _plan(planned: Planned, style: Style) -> Iterator[str]:
    yield style.paint("bold", title(planned))
    yield f"  base     {revision_name(planned.base)}"
    if planned.compared not in ("", planned.base):
        yield f"  runs     {revision_name(planned.compared)}"
    if planned.target:
        yield from _labelled("goes", goes(planned), style)
    yield from _changes(planned, style)
    for each in steps(planned):
        yield from _labelled("step", each, style)
    for number, line in enumerate(planned.appspec):
        yield f"  {'' if number else 'appspec':<{_INDENT - 3}} {line}"
    for number, line in enumerate(_ticks(planned.held, style.width - _INDENT)):
        yield f"  {'' if number else 'checks':<{_INDENT - 3}} {line}"
    for found in planned.findings:
        yield from _labelled(gravity(found), advice(found), style)
    yield from wrapped(summary(planned), style.width)
    yield "Nothing was written."


def title(planned: Planned) -> str:
    """`Plan web @ prod (eu-west-1, 111122223333)`."""
    place = planned.place
    where = " @ ".join(filter(None, (place.service, place.cluster)))
    account = ", ".join(filter(None, (place.region, place.account)))
    return " ".join(filter(None, ("Plan", where, f"({account})" if account else "")))


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    first, *rest = wrapped(text, style.width - _INDENT)
    shown = f"{label:<{_INDENT - 3}}"
    yield f"  {style.paint(_HUES[label], shown) if label in _HUES else shown} {first}"
    yield from (f"{'':{_INDENT}}{line}" for line in rest)


def _ticks(passed: tuple[Finding, ...], width: int) -> Iterator[str]:
    """The checks that passed, several on a line of at most `width` characters."""
    line = ""
    for text in filter(None, map(tick, passed)):
        mark = f"✔ {text}"
        if line and len(line) + 3 + len(mark) > width:
            yield line
            line = ""
        line = f"{line}   {mark}" if line else mark
    if line:
        yield line


def _changes(planned: Planned, style: Style) -> Iterator[str]:
    """What changes in each container, in the task and in the service; only the images if nothing was compared."""
    if not planned.compared:
        for each in planned.changes:
            yield from _labelled("image", _change(each), style)
    else:
        again = {each.container for each in planned.changes if each.before == each.after}
        for name in dict.fromkeys((*_touched(planned), *planned.containers)):
            of_it = [each for each in planned.differences if each.container == name]
            same = "unchanged, deployed again" if name in again else "unchanged"
            yield from _part(planned, f"container {name}", of_it, style, same)
        yield from _part(planned, "task", [each for each in planned.differences if not each.container], style)
    if planned.place.service and (planned.compared or planned.resized):
        yield from _part(planned, "service", planned.resized, style, service_setting(planned.setting))


def _part(
    planned: Planned, called: str, differences: Sequence[Difference], style: Style, same: str = "unchanged"
) -> Iterator[str]:
    """The lines about a container, the task or the service."""
    if differences:
        yield from _differing(called, differences, style, partial(beside, planned))
        return
    first, *rest = wrapped(f"{called} {same}", style.width - 4)
    yield f"  = {first}"
    yield from (f"    {line}" for line in rest)


def _differing(
    called: str, differences: Sequence[Difference], style: Style, remark: Callable[[Difference], str]
) -> Iterator[str]:
    """The lines about what differs. A container that is added or removed has one line."""
    if differences[0].member == "container":
        whole = differences[0]
        yield f"  {MARKS[whole.how]} {called} {whole.how} ({whole.after or whole.before})"
        return
    yield f"  ~ {called}"
    for each in differences:
        first, *rest = wrapped(f"{_difference(each)}{remark(each)}", style.width - 6)
        yield f"    {MARKS[each.how]} {first}"
        yield from (f"        {line}" for line in rest)


def difference_lines(differences: Sequence[Difference], style: Style) -> Iterator[str]:
    """What differs, container by container, then in the task."""
    for name in dict.fromkeys(each.container for each in differences):
        of_it = [each for each in differences if each.container == name]
        yield from _differing(f"container {name}" if name else "task", of_it, style, lambda _: "")


def _difference(each: Difference) -> str:
    what = f"{each.member} {each.name}".strip()
    before, after = cut(each.before), cut(each.after)
    if each.how is How.ADDED:
        return f"{what} added ({after})"
    if each.how is How.REMOVED:
        return f"{what} removed (it was {before})"
    if before.startswith("#"):
        return f"{what} changed ({before} → {after})"
    return f"{what} {before} → {after}" if before else f"{what} → {after}"


def beside(planned: Planned, each: Difference) -> str:
    """A remark on one difference: what the registry has under a new image, or how many tasks use a removed variable."""
    setting = planned.setting
    if each.how is How.REMOVED and each.member == _VARIABLE and setting:
        return f"  ⚠ in use by {setting.running_compared}/{count(setting.running, 'task')}"
    changes = (change for change in planned.changes if change.container == each.container)
    change = next(changes, None) if each.member == "image" else None
    if change is None or not change.digest:
        return ""
    digest = () if change.digest in change.after else (short_digest(change.digest),)
    known = ", ".join((*digest, *change.platforms))
    return f" ({known})" if known else ""


def service_setting(setting: Setting | None) -> str:
    """The settings of the service: `unchanged: desired 10 · min/max 100/200 · breaker on, rollback on`."""
    if setting is None:
        return "unchanged"
    percents = (setting.minimum_healthy_percent, setting.maximum_percent)
    breaker, rollback = ("on" if each else "off" for each in (setting.breaker.enabled, setting.breaker.rollback))
    facts = (
        f"desired {setting.desired}",
        "" if None in percents else "min/max {}/{}".format(*percents),
        f"breaker {breaker}, rollback {rollback}" if setting.breaker.enabled else f"breaker {breaker}",
    )
    return f"unchanged: {' · '.join(filter(None, facts))}"


def cut(text: str) -> str:
    """The text, without what a line has no room for."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _change(change: ImageChange) -> str:
    if not change.before:
        return f"{change.container}: {change.after}"
    if change.before == change.after:
        return f"{change.container}: {change.after} (the same reference, deployed again)"
    return f"{change.container}: {change.before} → {change.after}"


def summary(planned: Planned) -> str:
    """How much changes and was found, where a failure goes back to, and how long it takes."""
    warnings, refusals = (sum(gravity(each) == word for each in planned.findings) for word in ("warning", "refused"))
    words = [_changed(planned), count(warnings, "warning"), *([count(refusals, "refusal")] if refusals else [])]
    back = f" Rollback target: {revision_name(planned.back)}." if planned.place.service and planned.back else ""
    return f"{', '.join(words)}.{back}{_expected(planned.usual)}"


def _expected(usual: Usual | None) -> str:
    if usual is None:
        return ""
    of = "like the last one" if usual.of == 1 else f"median of {usual.of}"
    return f" Expected {duration(usual.seconds)} ({of})."


def _changed(planned: Planned) -> str:
    if not planned.compared:
        return f"{count(sum(each.before != each.after for each in planned.changes), 'image')} changed"
    task = ", the task changed" if any(not each.container for each in planned.differences) else ""
    service = ", the service changed" if planned.resized else ""
    return f"{count(len(_touched(planned)), 'container')} changed{task}{service}"


def _touched(planned: Planned) -> list[str]:
    """The containers in which something differs, each once."""
    return list(dict.fromkeys(each.container for each in planned.differences if each.container))
