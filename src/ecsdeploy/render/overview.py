"""The services of a cluster on one screen: how many are in which condition, then a line for each, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from ecsdeploy.model.overview import Overview, ServiceCondition
from ecsdeploy.model.report import Condition
from ecsdeploy.render.commands import cluster_link, look_at
from ecsdeploy.render.conditions import heading, sentence
from ecsdeploy.render.labelled import Labelled, laid_out, wrapped
from ecsdeploy.render.status import GLYPHS
from ecsdeploy.render.stream import LineStream, Style

_SHARE = 3
_UNKNOWN = ("?", "warn")


def show_overview(overview: Overview, stream: LineStream, style: Style) -> None:
    """Write the screen to `stream`."""
    for line in _screen(overview, style):
        stream.line(line)


def _screen(overview: Overview, style: Style) -> Iterator[str]:
    glyph, name = _glyph(overview)
    first, *rest = wrapped(heading(overview), style.width - 3)
    yield style.paint(name, f" {glyph} {first}")
    yield from (f"   {line}" for line in (*rest, *wrapped(_where(overview), style.width - 3)))
    facts = [*_facts(overview), *_beside(overview, style)]
    # A very long name may stick out of its column, so that the texts beside the others keep their room.
    names = min(max((len(each.label) for each in facts), default=0), style.width // _SHARE)
    yield from laid_out(facts, style, names)


def _glyph(overview: Overview) -> tuple[str, str]:
    """The glyph and style of the worst condition; never those of STEADY if we do not know all services."""
    if overview.worst is None or (overview.worst is Condition.STEADY and not overview.is_whole):
        return _UNKNOWN if not overview.is_whole else GLYPHS[Condition.STEADY]
    return GLYPHS[overview.worst]


def _where(overview: Overview) -> str:
    account = ", ".join(filter(None, (overview.region, overview.account)))
    placed = f"{overview.cluster} ({account})" if account else overview.cluster
    return f"{placed}, {overview.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _facts(overview: Overview) -> Iterator[Labelled]:
    """The services, the worst first. Those that we could not ask stand before those that are steady."""
    unwell = [each for each in overview.services if each.condition is not Condition.STEADY]
    yield from (fact for each in unwell for fact in _service(each))
    for lost in overview.unasked:
        yield from (
            Labelled(f"{_UNKNOWN[0]} {name}", f"UNKNOWN: it could not be asked: {lost.why}.") for name in lost.services
        )
    yield from (fact for each in overview.services[len(unwell) :] for fact in _service(each))


def _service(each: ServiceCondition) -> Iterator[Labelled]:
    label = f"{GLYPHS[each.condition][0]} {each.service.name}"
    yield Labelled(label, sentence(each.condition, each.service))
    if each.reason:
        yield Labelled(label, f"ECS: {each.reason}")


def _beside(overview: Overview, style: Style) -> Iterator[Labelled]:
    if overview.unlisted:
        yield Labelled("Unread", f"the rest of the list of services: {overview.unlisted}.")
    if overview.services and overview.worst is not Condition.STEADY:
        yield Labelled("Next", look_at(overview, style.again), whole=True)
    if link := cluster_link(overview):
        yield Labelled("Link", link, whole=True)
