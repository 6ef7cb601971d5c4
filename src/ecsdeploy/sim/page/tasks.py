"""The timeline of a service's tasks: a row for each, as SVG and in words."""

from __future__ import annotations

from ecsdeploy.sim.page.markup import Markup, join, tag
from ecsdeploy.sim.page.timeline import Segment, TaskRow
from ecsdeploy.sim.page.view import ServiceView
from ecsdeploy.sim.page.words import clock_of, lasted, short

_STATES = (
    "PROVISIONING",
    "PENDING",
    "PULLING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
)
_HEIGHT, _BASELINE = 20, 14
# The width of a letter and of a margin, in per cent of the axis on a desktop. On a phone they are twice as wide.
_LETTER, _MARGIN = 0.95, 1.2


def timeline(view: ServiceView) -> Markup:
    hidden = tag("p", f"and {view.tasks_hidden} more tasks", class_="quiet") if view.tasks_hidden else ""
    return tag(
        "section",
        tag("h3", "Tasks"),
        _axis(view),
        tag("ol", *map(_row, view.tasks)),
        hidden,
        _legend(),
        class_="tasks",
    )


def _axis(view: ServiceView) -> Markup:
    labels = (tag("text", clock_of(tick.at), x=f"{tick.place}%", y=_BASELINE) for tick in view.ticks)
    return tag("svg", *labels, class_="axis", height=_HEIGHT, aria_hidden="true")


def _row(row: TaskRow) -> Markup:
    words = ", ".join(f"{segment.state} {lasted(segment.seconds)}" for segment in row.segments)
    drawing = tag(
        "svg",
        tag("title", words),
        *map(_segment, row.segments),
        class_="life",
        height=_HEIGHT,
        role="img",
        aria_label=words,
    )
    health = join(" ", tag("small", row.health)) if row.health else ""
    note = tag("p", row.note, class_="note") if row.note else ""
    name = join(tag("code", short(row.id), title=row.id), " ", tag("small", row.revision))
    return tag("li", tag("p", name, " ", tag("b", row.state), health, class_="who"), drawing, note)


def _segment(segment: Segment) -> Markup:
    """An SVG inside the SVG, so that its label is cut off at its edge. A label that does not fit is left out."""
    shape = tag("rect", width="100%", height="100%", class_=f"state {segment.state.lower()}")
    needs = len(segment.state) * _LETTER + _MARGIN
    tight = "tight" if segment.width < 2.2 * needs else None
    label = tag("text", segment.state, x=5, y=_BASELINE, class_=tight) if segment.width >= needs else ""
    return tag("svg", shape, label, x=f"{segment.place}%", width=f"{segment.width:.2f}%", height=_HEIGHT)


def _legend() -> Markup:
    keys = (tag("li", _swatch(state), " ", state) for state in _STATES)
    return tag("ul", *keys, class_="legend", aria_hidden="true")


def _swatch(state: str) -> Markup:
    shape = tag("rect", width="100%", height="100%", class_=f"state {state.lower()}")
    return tag("svg", shape, width=12, height=12)
