"""What is wrong with a service, as one screen: the verdict, then each cause with its proof, log and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from ecsdeploy.model.arn import group_name, revision_name
from ecsdeploy.model.checkup import Checkup, Subject
from ecsdeploy.model.report import Report
from ecsdeploy.model.service import Task
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.block import cause_of
from ecsdeploy.render.commands import doctor_commands
from ecsdeploy.render.conditions import headline
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.status import AT_EASE
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import clock, count

_LABELS = 7
_LONGEST = 400
"""Characters of an action that are shown."""
_SIGNS = {True: ("✔", "good"), False: ("✖", "bad")}


def show_checkup(checkup: Checkup, stream: LineStream, style: Style) -> None:
    """Write the screen."""
    glyph, hue = _SIGNS[checkup.is_well]
    first, *rest = wrapped(_verdict(checkup), style.width - 3)
    stream.line(style.paint(hue, f" {glyph} {first}"))
    for line in (*rest, *wrapped(_where(checkup), style.width - 3)):
        stream.line(f"   {line}")
    for line in laid_out(_rows(checkup, style), style, _LABELS):
        stream.line(line)


def _verdict(checkup: Checkup) -> str:
    match checkup.subject:
        case Subject.PREFLIGHT:
            refused = sum(each.blocking for each in checkup.findings)
            return (
                "Nothing forbids a deploy."
                if checkup.is_well
                else f"A deploy would be refused: {count(refused, 'check')}."
            )
        case Subject.TASK:
            return _of_task(checkup.task, checkup) if checkup.task else ""
        case Subject.SERVICE:
            told = headline(checkup.report) if checkup.report else ""
            if checkup.causes or checkup.is_well:
                return told
            return f"{told} {_NO_CAUSE}" if not _around(checkup.report) else told


_NO_CAUSE = "No cause can be seen."


def _of_task(task: Task, checkup: Checkup) -> str:
    """What became of the task, in one sentence."""
    name = f"The task {task.id} of {revision_name(task.task_definition)}"
    if checkup.causes:
        return f"{name} failed."
    if task.has_stopped:
        why = f": {task.stopped_reason}" if task.stopped_reason else ""
        return f"{name} stopped, and that was no failure{why.rstrip('.')}."
    health = f", {task.health}" if task.health != "UNKNOWN" else ""
    return f"{name} is {task.status}{health}."


def _where(checkup: Checkup) -> str:
    place, at = checkup.place, checkup.at.astimezone(UTC)
    return f"{place.service} @ {place.cluster} ({place.region}, {place.account}), {at:%Y-%m-%d %H:%M:%S} UTC"


def _rows(checkup: Checkup, style: Style) -> Iterator[Labelled]:
    for each in checkup.causes:
        yield from cause_of(each)
    yield from _around(checkup.report)
    yield from (Labelled("Action", f"{clock(each.at)} {_cut(each.text)}") for each in checkup.actions)
    for found in checkup.findings:
        yield Labelled(gravity(found).capitalize(), advice(found))
    held = ", ".join(text for each in checkup.held if (text := tick(each)))
    if held:
        yield Labelled("Well", f"{held}.")
    yield from (Labelled("Unread", f"{each}.") for each in checkup.unread)
    if not checkup.is_well:
        yield from (Labelled("Next", each, whole=True) for each in doctor_commands(checkup, style.again))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _around(report: Report | None) -> tuple[Labelled, ...]:
    """Alarms that are on, and targets that fail their checks."""
    if report is None:
        return ()
    alarms = [f"the alarm {each.name} is on: {each.reason}" for each in report.alarms if each.state == "ALARM"]
    targets = [
        f"target {each.target} of {group_name(group.target_group)} is {each.state}: {each.reason} {each.description}"
        for group in report.targets
        for each in group.targets
        if each.state not in AT_EASE
    ]
    return tuple(Labelled("Also", f"{each.rstrip(' :.')}.") for each in (*alarms, *targets))
