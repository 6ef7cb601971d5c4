"""The page as HTML, from a view of the world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from ecsdeploy.sim.page.markup import Markup, join, tag
from ecsdeploy.sim.page.tasks import timeline
from ecsdeploy.sim.page.view import DeploymentView, Happening, PageView, RevisionRow, ServiceView
from ecsdeploy.sim.page.words import clock_of, grown, short

_SPEEDS = (1, 5, 20, 60, 300)
_GOOD = frozenset({"COMPLETED", "SUCCESSFUL", "ACTIVE", "PRIMARY"})
_BAD = frozenset({"FAILED", "ROLLBACK_FAILED", "STOPPED", "ROLLBACK_SUCCESSFUL"})


def page(view: PageView, *, speed: float, paused: bool) -> Markup:
    """The whole document. Without a script, the browser loads it again every two seconds."""
    reload = tag("noscript", tag("meta", http_equiv="refresh", content="2"))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{view.scenario} · simulated ECS"),
        tag("link", rel="stylesheet", href="/_simulator/page.css"),
        reload,
        tag("script", src="/_simulator/page.js", defer=True),
    )
    body = tag(
        "body",
        tag("header", tag("h1", "Simulated ECS ", tag("small", view.scenario)), tag("p", view.summary), _controls()),
        tag("main", world(view, speed=speed, paused=paused), id="world"),
    )
    return join(Markup("<!doctype html>"), tag("html", head, body, lang="en"))


def _controls() -> Markup:
    """Forms that pause, resume and speed up the clock. They work without a script."""
    speeds = (tag("button", f"x {speed}", name="speed", value=speed) for speed in _SPEEDS)
    return tag(
        "nav",
        _form("pause", tag("button", "Pause")),
        _form("resume", tag("button", "Resume")),
        _form("speed", tag("span", "Speed "), *speeds),
        aria_label="Clock",
    )


def _form(action: str, *children: str) -> Markup:
    return tag("form", *children, method="post", action=f"/_simulator/{action}", class_=action)


def world(view: PageView, *, speed: float, paused: bool) -> Markup:
    """The part that changes. The script fetches it every second."""
    hidden = tag("p", f"and {view.services_hidden} more services") if view.services_hidden else ""
    return tag(
        "div",
        _clock(view, speed, paused),
        *map(_service, view.services),
        hidden,
        _entries("API calls", "calls", view.calls, "Nobody has called yet."),
        _entries("Container logs", "lines", view.lines, "No container has written a line yet."),
        id="moment",
        data_paused="yes" if paused else "no",
        data_speed=f"{speed:g}",
    )


def _clock(view: PageView, speed: float, paused: bool) -> Markup:
    stamp = datetime.fromtimestamp(view.clock, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return tag(
        "p",
        tag("strong", f"{clock_of(view.since)}"),
        tag("span", f"{stamp} UTC"),
        _badge("PAUSED" if paused else f"running x {speed:g}", "wait" if paused else "good"),
        class_="clock",
    )


def _service(view: ServiceView) -> Markup:
    name = f"{view.cluster}/{view.name}"
    return tag(
        "section",
        tag("h2", tag("a", name, href=f"/_simulator?service={quote(name)}"), " ", _status(view.status)),
        _counts(view),
        _rollout(view.rollout) if view.rollout else "",
        _revisions(view.revisions),
        timeline(view),
        _entries("Events", "events", view.events, "Nothing has happened yet."),
    )


def _counts(view: ServiceView) -> Markup:
    counts = {"desired": view.desired, "running": view.running, "pending": view.pending, "healthy": view.healthy}
    bounds = f"at least {view.lower} healthy, at most {view.upper} tasks"
    numbers = (tag("div", tag("dt", name), tag("dd", str(count))) for name, count in counts.items())
    return join(tag("dl", *numbers, class_="counts"), tag("p", bounds, class_="quiet"))


def _rollout(rollout: DeploymentView) -> Markup:
    facts = (tag("li", tag("b", name), " ", text) for name, text in rollout.facts)
    title = f"{rollout.strategy} service deployment, begun at {clock_of(rollout.began)}"
    return tag("div", tag("h3", title, " ", _status(rollout.status)), tag("ul", *facts), class_="rollout")


def _revisions(rows: Sequence[RevisionRow]) -> Markup:
    names = ("Deployment", "Revision", "Rollout", "Desired", "Running", "Pending", "Failed", "Traffic")
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    return tag("table", head, tag("tbody", *(_revision(row, names) for row in rows)))


def _revision(row: RevisionRow, names: Iterable[str]) -> Markup:
    images = (join(image, tag("br")) for image in row.images)
    cells = (
        join(_status(row.status), " ", tag("code", short(row.id), title=row.id)),
        join(tag("b", row.revision), tag("br"), tag("small", *images)),
        _status(row.rollout),
        *(join(str(count)) for count in (row.desired, row.running, row.pending, row.failed)),
        _traffic(row),
    )
    return tag("tr", *(tag("td", cell, data_name=name) for cell, name in zip(cells, names, strict=True)))


def _traffic(row: RevisionRow) -> Markup:
    said = f"{row.share:.3g} % of {row.share_of}"
    test = "" if row.test is None else join(tag("br"), tag("small", f"{row.test:.3g} % of test traffic"))
    bar = tag("svg", tag("rect", width=f"{row.share:.4g}%", height="8"), class_="share", aria_hidden="true")
    return join(bar, tag("small", said), test)


def _status(status: str) -> Markup:
    return _badge(status, "good" if status in _GOOD else "bad" if status in _BAD else "wait")


def _badge(text: str, kind: str) -> Markup:
    return tag("span", text, class_=f"badge {kind}")


def _entries(title: str, kind: str, happenings: Sequence[Happening], otherwise: str) -> Markup:
    """A list of entries, the newest first."""
    shown = tag("ol", *map(_item, happenings)) if happenings else tag("p", otherwise, class_="quiet")
    return tag("section", tag("h3", title), shown, class_=f"told {kind}")


def _item(happening: Happening) -> Markup:
    who = tag("b", happening.who) if happening.who else ""
    bad = "bad" if happening.bad else None
    return tag("li", tag("time", grown(happening.at)), who, tag("span", happening.text), class_=bad)
