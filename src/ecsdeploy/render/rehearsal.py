"""A rehearsed release, as one screen: how it would end, its time line, its tasks, its faults, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from statistics import median

from ecsdeploy.model.outcome import Status
from ecsdeploy.model.rehearsal import Play, Rehearsal
from ecsdeploy.render.findings import finding, gravity
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.objects import object_of
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count, duration

_LABELS = 8
_SERVES = {
    "old": "the old version serves",
    "new": "the new version serves",
    "both": "both versions serve",
    "nothing": "nothing serves",
}


def show_rehearsal(rehearsal: Rehearsal, stream: LineStream, style: Style) -> None:
    """Write the screen."""
    good = rehearsal.plays[0]
    is_well = good.status is Status.SUCCEEDED and not rehearsal.is_blocked
    glyph, hue = ("✔", "good") if is_well else ("✖", "bad")
    first, *rest = wrapped(verdict(rehearsal), style.width - 3)
    stream.line(style.paint(hue, f" {glyph} {first}"))
    for line in (*rest, *wrapped(_where(rehearsal), style.width - 3)):
        stream.line(f"   {line}")
    for line in laid_out(_rows(rehearsal), style, _LABELS):
        stream.line(line)


def rehearsal_object(rehearsal: Rehearsal, exit_code: int) -> str:
    """The rehearsal as one JSON object of the type `rehearsal`; its schema is `docs/reference/rehearse.schema.json`."""
    return object_of(
        "rehearsal",
        rehearsal.at,
        rehearsal.place,
        exit_code=exit_code,
        bounds=rehearsal.bounds,
        timeout_seconds=rehearsal.timeout_seconds,
        images=dict(rehearsal.images),
        findings=rehearsal.findings,
        traps=rehearsal.traps,
        limits=rehearsal.limits,
        plays=rehearsal.plays,
        skipped=rehearsal.skipped,
        took=rehearsal.took,
        premises=rehearsal.premises.quantities,
        assumed=rehearsal.premises.assumed,
        unread=rehearsal.unread,
    )


def verdict(rehearsal: Rehearsal) -> str:
    """How the deploy would end, in a sentence or two."""
    good = rehearsal.plays[0]
    if rehearsal.is_blocked:
        refused = count(sum(each.blocking for each in rehearsal.findings), "check")
        return f"The deploy would be refused: {refused}. Without them, {ending(good)}."
    return f"Rehearsed: {ending(good)}."


def how(play: Play) -> str:
    """How the deploy would end, in a word or two."""
    return play.status.value.replace("_", " ")


def ending(play: Play) -> str:
    """How the deploy would end, as the end of a sentence."""
    if play.status is Status.SUCCEEDED:
        return f"it would succeed after {duration(play.seconds)}"
    why = f": {play.reason.rstrip('.')}" if play.reason else ""
    return f"it would end as {how(play)} after {duration(play.seconds)}{why}"


def _where(rehearsal: Rehearsal) -> str:
    place, at = rehearsal.place, rehearsal.at.astimezone(UTC)
    where = f"{place.service} @ {place.cluster} ({place.region}, {place.account})"
    return f"{where}, read {at:%Y-%m-%d %H:%M:%S} UTC and played in the simulator. Nothing was written."


def _rows(rehearsal: Rehearsal) -> Iterator[Labelled]:
    good, bounds = rehearsal.plays[0], rehearsal.bounds
    yield from (Labelled(gravity(each).capitalize(), finding(each)) for each in rehearsal.findings)
    yield from (Labelled("Trap", each) for each in rehearsal.traps)
    yield from (Labelled("Course", f"{duration(each.at):>7}  {each.what}") for each in good.moments)
    yield Labelled("Healthy", f"{good.lowest} at least; the service's own bound is {bounds.lowest} of {bounds.desired}")
    each = " for each version" if good.highest > bounds.highest else ""
    yield Labelled("Tasks", f"{good.highest} at most; the service's own bound is {bounds.highest}{each}")
    yield from (Labelled("Limits", each) for each in rehearsal.limits)
    if rehearsal.took:
        took = f"{count(len(rehearsal.took), 'release')} of it took {duration(median(rehearsal.took))} (the median)"
        yield Labelled("Before", took)
    yield from (Labelled("Fault", f"{play.fault}: {play.means}: {course_of(play)}") for play in rehearsal.plays[1:])
    yield from (Labelled("Spared", f"{skip.fault}: {skip.why}") for skip in rehearsal.skipped)
    rests = rehearsal.premises
    yield from (Labelled("Rests on", f"{each.seconds:g} s {each.what}: {each.source}") for each in rests.quantities)
    yield from (Labelled("Assumed", each) for each in rests.assumed)
    yield from (Labelled("Not read", each) for each in rehearsal.unread)


def course_of(play: Play) -> str:
    """How the deploy would end, and who would serve, in a few sentences that begin in small letters."""
    ends = "" if play.settled_seconds is not None else " An hour later ECS has not ended it."
    return f"{ending(play)}.{ends} {' '.join(_meanwhile(play))}"


def _meanwhile(play: Play) -> Iterator[str]:
    """Who served, and for how long."""
    had_new = play.serves == "old" and play.new_seconds > 0
    served = f", after the new one served for {duration(play.new_seconds)}" if had_new else ""
    yield f"In the end {_SERVES[play.serves]}{served};"
    yield f"{play.lowest} tasks are healthy at least,"
    yield f"{play.highest} exist at most."
    if play.down_seconds:
        yield f"No task is healthy for {duration(play.down_seconds)}."
    elif play.below_seconds:
        yield f"The service is below its own bound for {duration(play.below_seconds)}."
