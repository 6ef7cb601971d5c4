"""The page: it chooses what is shown, and hands it to the template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ecsdeploy.model.events import Finished
from ecsdeploy.model.outcome import Outcome
from ecsdeploy.plan.checks import tick
from ecsdeploy.render.block import GOOD, glyph_of
from ecsdeploy.render.ended import Ended
from ecsdeploy.render.findings import advice, gravity
from ecsdeploy.render.report.chart import Chart, Drawn, chart
from ecsdeploy.render.report.reading import Run, read
from ecsdeploy.render.report.samples import Bounds, Sample, bounds, samples, seconds_of, thinned
from ecsdeploy.render.report.template import filled, moment_of
from ecsdeploy.render.report.told import happenings, logged, moments, shortened, spans, stages
from ecsdeploy.render.stream import Style
from ecsdeploy.render.verdicts import others, success
from ecsdeploy.render.view import View, fold
from ecsdeploy.render.words import count, duration, steps

_WIDE, _NARROW = 960, 356
_MOMENTS, _EVENTS, _ROWS, _LOG = 12, 80, 60, 200
_CAUSES = 3


class NoRun(Exception):
    """Not one line is an event of a run."""


def page(lines: Iterable[str]) -> str:
    """The page about the run in these JSON lines; raises NoRun where there is none."""
    run = read(lines)
    if not run.records:
        raise NoRun
    view = View()
    for record in run.records:
        view = fold(view, record)
    shown = {**_head(run, view), **_course(run, view), "run": run, "view": view}
    return filled("page.html", shown)


def _head(run: Run, view: View) -> Mapping[str, object]:
    """The verdict, what serves now, why, and what to do."""
    finished = run.finished
    outcome = finished.outcome if finished else None
    place = outcome.place if outcome else view.planned.place if view.planned else None
    return {
        **_verdict(run, view, finished),
        "place": place,
        "when": moment_of(run.records[0].time),
        "serves": tuple(_serves(outcome, view)) if outcome else (),
        "outcome": outcome,
        "error": finished.error if finished else None,
        "others": others(outcome.other) if outcome and outcome.other else "",
        "causes": outcome.causes[:_CAUSES] if outcome else (),
        "images": _images(outcome, view),
        "notes": tuple(_notes(run)),
        "took": duration(outcome.duration_seconds if outcome else seconds_of(run, run.records[-1].time)),
        "title": " ".join(filter(None, (place.service or "task", f"in {place.cluster}" if place.cluster else "")))
        if place
        else "run",
    }


def _verdict(run: Run, view: View, finished: Finished | None) -> Mapping[str, object]:
    if finished is None:
        last = moment_of(run.records[-1].time)
        said = (
            f"How this run ended is unknown: its events stop at {last}. It may have been killed, or its file cut off."
        )
        return {
            "kind": "wait",
            "glyph": "?",
            "word": "end unknown",
            "sentence": f"{said} Ask AWS: `ecs-deploy status`.",
        }
    outcome = finished.outcome
    ended = Ended(view=view, finished=finished, at=run.records[-1].time, exit_code=run.exit_code or 0, style=Style())
    status = outcome.verdict.status
    good = status in GOOD
    glyph = "✔" if good else glyph_of(outcome)
    return {
        "kind": "good" if good else "bad" if glyph == "✖" else "wait",
        "glyph": glyph,
        "word": status.value.replace("_", " "),
        "sentence": success(outcome, view) if good else ended.verdict,
    }


def _serves(outcome: Outcome, view: View) -> Iterator[tuple[str, str]]:
    """The revisions that serve now, each with what we know about it; nothing where we do not know."""
    verdict = outcome.verdict
    if verdict.serves:
        yield from ((each.revision, f"{each.running} running") for each in verdict.serves)
    elif verdict.serving:
        yield verdict.serving, ""
    elif verdict.status in GOOD and view.started:
        yield outcome.to_revision, "" if view.to_completion else "and earlier ones, until the deployment ends"


def _images(outcome: Outcome | None, view: View) -> Sequence[tuple[str, str]]:
    if outcome and outcome.images:
        return outcome.images
    return [(each.container, each.after) for each in view.planned.changes] if view.planned else ()


def _notes(run: Run) -> Iterator[str]:
    """What the page does not show, because it could not be read."""
    if run.broken:
        yield f"Left out, because it could not be read: {count(run.broken, 'line')}."
    if run.missing:
        yield f"Missing, by the numbers of the lines: {count(run.missing, 'line')}."
    for kind, times in run.unknown[:5]:
        yield f"Left out, because a newer version of ecs-deploy wrote it: {count(times, 'event')} of the type `{kind}`."
    if run.others:
        yield f"The file has {count(run.others, 'earlier run')}; this page is about the last one."


def _course(run: Run, view: View) -> Mapping[str, object]:
    """How it went: the time line, the moments, the figures, all events, the plan, the logs."""
    found, seconds = samples(run), seconds_of(run, run.records[-1].time)
    limits, points = bounds(run, view.planned), moments(run)
    early, skipped, late = shortened(points, _MOMENTS, _MOMENTS)
    points = (*early, *late)
    drawn = Drawn(
        samples=found,
        bounds=limits,
        spans=tuple(spans(run, seconds)),
        stages=tuple(stages(found, seconds)),
        moments=tuple((each.at, each.kind) for each in points),
        seconds=seconds,
        is_open=run.finished is None,
    )
    return {
        "charts": tuple(_charts(drawn)) if found else (),
        "drawn": drawn,
        "points": points,
        "points_skipped": skipped,
        "figures": shortened(thinned(found), _ROWS, _ROWS),
        "extremes": _extremes(found, limits),
        "events": shortened(happenings(run), _EVENTS, _EVENTS),
        "log": shortened(logged(run), _LOG // 4, _LOG),
        **_plan(view),
    }


def _charts(drawn: Drawn) -> Iterator[Chart]:
    yield chart(drawn, "wide", _WIDE)
    yield chart(drawn, "narrow", _NARROW)


def _extremes(found: Sequence[Sample], limits: Bounds) -> str:
    if not found:
        return ""
    fewest, most = min(each.running for each in found), max(each.running for each in found)
    low = f", and ECS may go down to {limits.lowest:,}" if limits.lowest is not None else ""
    high = f", and ECS may go up to {limits.highest:,}" if limits.highest is not None else ""
    return f"Fewest tasks running when we looked: {fewest:,}{low}. Most: {most:,}{high}."


def _plan(view: View) -> Mapping[str, object]:
    planned = view.planned
    if planned is None:
        return {"steps": (), "differences": (), "findings": (), "held": ()}
    return {
        "steps": tuple(steps(planned)),
        "differences": (*planned.differences, *planned.resized),
        "findings": tuple((gravity(each), advice(each)) for each in planned.findings),
        "held": tuple(filter(None, map(tick, planned.held))),
    }
