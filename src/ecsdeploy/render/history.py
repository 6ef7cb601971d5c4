"""The releases of a service, one below the other, the newest first; and what differs between two revisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.history import Compared, History, Release, Source, WayBack
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import PastDeployment
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.plan import difference_lines
from ecsdeploy.render.stream import LineStream, Style
from ecsdeploy.render.words import count, duration

_INDENT = 6
_LABELS = 8
_DIGITS = 7
_RESULTS = {
    "SUCCESSFUL": ("✔", "good", "succeeded"),
    "STOPPED": ("✖", "bad", "stopped"),
    "ROLLBACK_SUCCESSFUL": ("✖", "bad", "rolled back"),
    "ROLLBACK_FAILED": ("✖", "bad", "rollback failed"),
    "ROLLBACK_REQUESTED": ("·", "warn", "rolling back"),
    "ROLLBACK_IN_PROGRESS": ("·", "warn", "rolling back"),
    "STOP_REQUESTED": ("·", "warn", "stopping"),
    "PENDING": ("·", "warn", "under way"),
    "IN_PROGRESS": ("·", "warn", "under way"),
    "": (" ", "dim", ""),
}
_UNDONE = ("⚠", "warn", "left again")


def show_history(history: History, stream: LineStream, style: Style) -> None:
    """Write the list to `stream`."""
    for line in _screen(history, style):
        stream.line(line)


def show_compared(compared: Compared, stream: LineStream, style: Style) -> None:
    """Write what differs to `stream`, as a plan shows it."""
    old, new = revision_name(compared.old), revision_name(compared.new)
    stream.line(style.paint("bold", f"{old} → {new} of {_where(compared.place)}"))
    for line in difference_lines(compared.differences, style):
        stream.line(line)
    if not compared.differences:
        stream.line("  = nothing differs")


def result_of(release: Release) -> str:
    """How the release ended, in a word or two. A status that we do not know is shown as it is."""
    return _result(release)[2]


def _screen(history: History, style: Style) -> Iterator[str]:
    first, *rest = wrapped(f"{_headline(history)} of {_where(history.place)}, times in UTC", style.width - 1)
    yield style.paint("bold", f" {first}")
    yield from (f" {line}" for line in rest)
    facts = [_facts(each) for each in history.releases]
    widths = [max((len(each[column]) for each in facts), default=0) for column in range(4)]
    for release, cells in zip(history.releases, facts, strict=True):
        yield from _release(release, cells, widths, style)
    yield from laid_out(_rows(history), style, _LABELS)


def _headline(history: History) -> str:
    if history.source is Source.REVISIONS:
        return f"The newest {count(len(history.releases), 'revision')}"
    what = "release without success" if history.only_failed else "release"
    number = len(history.releases)
    if not number:
        return f"No {what}"
    return f"The newest {what}" if number == 1 else f"The newest {number} {what.replace('release', 'releases', 1)}"


def _where(place: Place) -> str:
    return f"{place.service} @ {place.cluster} ({place.region}, {place.account})"


def _result(release: Release) -> tuple[str, str, str]:
    if release.is_undone:
        return _UNDONE
    status = release.past.status
    return _RESULTS.get(status, ("?", "warn", status.lower().replace("_", " ")))


def _facts(release: Release) -> tuple[str, str, str, str]:
    past = release.past
    took = _seconds(past)
    return (
        _moment(past.created_at),
        revision_name(past.revision) or past.deployment_id,
        result_of(release),
        duration(took) if took is not None else "",
    )


def _seconds(past: PastDeployment) -> float | None:
    return (past.finished_at - past.created_at).total_seconds() if past.finished_at and past.created_at else None


def _moment(time: datetime | None) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}" if time else ""


def _release(release: Release, cells: tuple[str, ...], widths: list[int], style: Style) -> Iterator[str]:
    """The lines about one release. What it brought stands beside the rest if there is room, or else below."""
    glyph, hue, _ = _result(release)
    told = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
    whole = f"{'  '.join(f'{cell:<{width}}' for cell, width in zip(cells, widths, strict=True))}  {_brought(release)}"
    fits = len(whole.rstrip()) + 3 <= style.width
    yield f" {style.paint(hue, glyph)} {(whole if fits else told).rstrip()}"
    beside = () if fits else (_brought(release),)
    for text in (*beside, *_notes(release)):
        yield from (f"{'':{_INDENT}}{line}" for line in wrapped(text, style.width - _INDENT) if line)


def _brought(release: Release) -> str:
    by = f"by {_short_arn(release.by)}" if release.by else ""
    return "  ".join(filter(None, (", ".join(_images(release.past)), by)))


def _images(past: PastDeployment) -> Iterator[str]:
    """The tag of each image, or its digest without one, and the container's name if there are several."""
    for container, image, pulled in past.images:
        named, _, digest = image.partition("@")
        _, colon, tag = named.rpartition("/")[2].partition(":")
        short = (pulled or digest).partition(":")[2][:_DIGITS]
        said = f"{tag} ({short})" if colon and short else tag or short or named
        yield f"{container} {said}" if len(past.images) > 1 else said


def _short_arn(arn: str) -> str:
    """The end of an ARN, such as `assumed-role/ci/build`: the account is nearly always that of the service."""
    return arn.split(":", 5)[-1] if arn.startswith("arn:") else arn


def _notes(release: Release) -> Iterator[str]:
    if release.is_undone:
        yield "It succeeded, and a later release put back an older revision."
    if release.past.reason and not release.past.has_succeeded:
        yield f"ECS: {release.past.reason}"
    if release.is_way_back:
        yield "↩ `ecs-deploy rollback` would release this revision again."


def _rows(history: History) -> Iterator[Labelled]:
    if history.source is Source.REVISIONS:
        yield Labelled(
            "Record", "No releases can be read: these are the active revisions of its family, released or not."
        )
    if history.way_back:
        yield from _way_back(history.way_back, history)
    if history.more:
        yield Labelled("More", f"There are older ones: `-N {len(history.releases) * 2}` shows more.")
    yield from (Labelled("Unread", f"{each}.") for each in history.unread)


def _way_back(way_back: WayBack, history: History) -> Iterator[Labelled]:
    """What `rollback` would do, unless the list marks the release already."""
    if way_back.stops:
        yield Labelled("Rollback", f"`ecs-deploy rollback` would stop {way_back.stops}, which is under way.")
    elif way_back.why:
        yield Labelled("Rollback", f"`ecs-deploy rollback` would do nothing. {way_back.why}.")
    elif not any(each.is_way_back for each in history.releases):
        yield Labelled(
            "Rollback", f"`ecs-deploy rollback` would release {revision_name(way_back.revision)}, an older one."
        )
