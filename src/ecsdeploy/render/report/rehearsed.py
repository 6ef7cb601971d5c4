"""The page about a rehearsed release: a prediction, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from statistics import median

from ecsdeploy.model.events import Counts
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.rehearsal import Moment, Play, Rehearsal, Turn
from ecsdeploy.model.values import value
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.rehearsal import course_of, ending, how, verdict
from ecsdeploy.render.report.chart import Chart, Drawn, chart
from ecsdeploy.render.report.samples import Bounds, Sample, thinned
from ecsdeploy.render.report.template import filled, moment_of
from ecsdeploy.render.report.told import shortened, stages
from ecsdeploy.render.words import count, duration

_WIDE, _NARROW = 960, 356
_MOMENTS, _ROWS, _TURNS = 12, 60, 6
_KINDS: Mapping[Turn, str] = {Turn.REACHED: "good", Turn.PAUSED: "wait", Turn.ROLLING_BACK: "bad"}


@value(frozen=True, slots=True, kw_only=True)
class Shown:
    """A play as the page shows it: its drawings, its moments, and what serves when."""

    play: Play
    told: str
    ends: str
    good: bool
    charts: tuple[Chart, ...]
    points: tuple[tuple[Moment, str], ...]
    points_skipped: int
    figures: tuple[tuple[Sample, ...], int, tuple[Sample, ...]]
    extremes: str
    serving: str


def rehearsal_page(rehearsal: Rehearsal, exit_code: int) -> str:
    """The page; `exit_code` is that of `rehearse`."""
    good, place = rehearsal.plays[0], rehearsal.place
    is_well = good.status is Status.SUCCEEDED and not rehearsal.is_blocked
    return filled(
        "rehearsal.html",
        {
            "kind": "good" if is_well else "bad",
            "glyph": "✔" if is_well else "✖",
            "word": f"prediction: {_word(rehearsal)}",
            "title": f"{place.service} in {place.cluster}",
            "sentence": f"This is a prediction of a simulator. Nothing was released. {_sentence(rehearsal)}",
            "place": place,
            "when": f"read {moment_of(rehearsal.at)}",
            "exit_code": exit_code,
            "rehearsal": rehearsal,
            "plays": tuple(_shown(rehearsal, each) for each in rehearsal.plays),
            "findings": tuple((gravity(each), advice(each)) for each in rehearsal.findings),
            "median": median(rehearsal.took) if rehearsal.took else None,
        },
    )


def _word(rehearsal: Rehearsal) -> str:
    if rehearsal.is_blocked:
        return "would be refused"
    good = rehearsal.plays[0]
    return "would succeed" if good.status is Status.SUCCEEDED else f"would end as {how(good)}"


def _sentence(rehearsal: Rehearsal) -> str:
    if rehearsal.is_blocked:
        return verdict(rehearsal)
    return f"{_capital(ending(rehearsal.plays[0]))}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(rehearsal: Rehearsal, play: Play) -> Shown:
    found, seconds = tuple(_samples(play)), _looked_at(play)
    early, skipped, late = shortened(play.moments, _MOMENTS, _MOMENTS)
    points = tuple((each, _kind(play, each)) for each in (*early, *late))
    shifts = any(each.traffic is not None for each in found)
    limits = rehearsal.bounds
    drawn = Drawn(
        samples=found,
        bounds=Bounds() if shifts else Bounds(lowest=limits.lowest, highest=limits.highest),
        spans=(),
        stages=tuple(stages(found, seconds)),
        moments=tuple((each.at, kind) for each, kind in points),
        seconds=seconds,
        is_open=False,
    )
    return Shown(
        play=play,
        told=_capital(course_of(play)),
        ends=how(play),
        good=play.status is Status.SUCCEEDED,
        charts=(chart(drawn, f"wide-{play.fault}", _WIDE), chart(drawn, f"narrow-{play.fault}", _NARROW)),
        points=points,
        points_skipped=skipped,
        figures=shortened(thinned(found), _ROWS, _ROWS),
        extremes=f"Fewest healthy tasks: {play.lowest:,}. Most tasks: {play.highest:,}.",
        serving=_serving(play, seconds),
    )


def _samples(play: Play) -> Iterator[Sample]:
    """As the drawing has them: healthy tasks run, and the others of each time are starting or stopping."""
    for each in play.samples:
        new = Counts(running=each.new, pending=each.total - each.healthy)
        yield Sample(at=each.at, new=new, old=Counts(running=each.old), stage=each.stage, traffic=each.traffic)


def _looked_at(play: Play) -> float:
    return max(play.seconds, play.settled_seconds or 0, play.samples[-1].at, *(each.at for each in play.moments))


def _kind(play: Play, moment: Moment) -> str:
    if moment.kind is Turn.VERDICT:
        return "good" if play.status is Status.SUCCEEDED else "bad"
    return _KINDS.get(moment.kind, "plain")


def _serving(play: Play, end: float) -> str:
    """What serves, one after the other, each with for how long."""
    starts = [(serves, next(group).at) for serves, group in groupby(play.samples, key=lambda each: each.serves)]
    spans = [(serves, until - at) for (serves, at), (_, until) in pairwise([*starts, ("", end)])]
    lasting = [(serves, seconds) for serves, seconds in spans[:-1] if seconds]
    return _listed(
        [*(f"{serves} for {duration(seconds)}" for serves, seconds in lasting), f"{spans[-1][0]} to the end"]
    )


def _listed(turns: Sequence[str]) -> str:
    early, left, late = shortened(turns, _TURNS // 2, _TURNS // 2)
    return ", ".join((*early, *([count(left, "more turn")] if left else []), *late))
