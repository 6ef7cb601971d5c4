"""What starts tasks of a family at set times or on events, as a screen and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ecsdeploy.model.arn import revision_name, short_name
from ecsdeploy.model.timetables import Fate, Moved, Planned, Start, Timetable
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.objects import object_of
from ecsdeploy.render.stream import LineStream, Style

_LABELS = 5


def show_timetable(timetable: Timetable, stream: LineStream, style: Style, *, moves: bool) -> None:
    """Write what starts tasks of the family; with `moves`, which of them would be moved."""
    place = timetable.place
    number = len(timetable.starts)
    what = f"{number} rules and schedules start" if number > 1 else f"{number or 'no'} rule or schedule starts"
    head = f"{timetable.family} ({place.region}, {place.account}): {what} its tasks"
    serves = f"{place.service} @ {place.cluster} runs {revision_name(timetable.revision)}"
    for line in wrapped(f"{head}; {serves}.", style.width - 1):
        stream.line(f" {line}")
    ordered = sorted(timetable.starts, key=lambda each: [*Fate].index(each.fate))
    for line in laid_out((_row(each, timetable, moves=moves) for each in ordered), style, _LABELS):
        stream.line(line)


def _row(planned: Planned, timetable: Timetable, *, moves: bool) -> Labelled:
    """One start: what it runs, where, and why it stays."""
    now, other = revision_name(planned.start.revision), revision_name(timetable.revision)
    label, what = {
        Fate.MOVE: ("Move", f"{now} -> {other}") if moves else ("Other", now),
        Fate.ALREADY: ("Same", now),
        Fate.NEWEST: ("Stay", f"{now}, always its newest revision"),
        Fate.ELSEWHERE: ("Stay", f"{now}, in the cluster {short_name(planned.start.cluster)}"),
    }[planned.fate]
    return Labelled(label, f"{_name(planned.start)}: {what}")


def _name(start: Start) -> str:
    """A rule or schedule; its bus or group unless that is the default."""
    of = f" of `{start.group}`" if start.group != "default" else ""
    return f"{start.who}{of}"


def timetable_object(timetable: Timetable) -> str:
    """The plan: an object of the type `schedules` (`docs/reference/schedules.schema.json`)."""
    return object_of(
        "schedules",
        timetable.at,
        timetable.place,
        family=timetable.family,
        revision=timetable.revision,
        starts=timetable.starts,
    )


def moved_line(moved: Moved, timetable: Timetable) -> str:
    if moved.left:
        return f"left {_name(moved.start)}: it was changed meanwhile"
    return f"moved {_name(moved.start)}: {revision_name(moved.start.revision)} -> {revision_name(timetable.revision)}"


def moved_object(moved: Moved, timetable: Timetable, at: datetime) -> str:
    """One step: an object of the type `moved`, or `left` if somebody has changed it since the plan."""
    return object_of("left" if moved.left else "moved", at, timetable.place, **dict(_members(moved, timetable)))


def _members(moved: Moved, timetable: Timetable) -> Iterator[tuple[str, object]]:
    yield "start", moved.start
    yield "to_revision", timetable.revision
