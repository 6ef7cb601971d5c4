"""The screens of `status`: `python -m tests.render` writes them anew, to be reviewed."""

import io
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from ecsdeploy.model.report import Report
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.objects import status_object
from ecsdeploy.render.status import show_status
from ecsdeploy.render.stream import LineStream, Style
from tests.render.goldens import Goldens
from tests.render.status_stories import DEPLOYING, PAUSED, STATUS_STORIES, STEADY

WIDTHS = {"": 100, "-40-columns": 40, "-80-columns": 80, "-200-columns": 200}
WIDE = {
    f"{name}{suffix}": (report, width) for name, report in STATUS_STORIES.items() for suffix, width in WIDTHS.items()
}
ALL = {name: shown for name, shown in WIDE.items() if name in STATUS_STORIES or name.startswith(("paused", "steady"))}


def screen(report: Report, width: int, *, encoding: str = "utf-8", color: bool = False) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    show_status(cleaned(report, Secrets()), LineStream(stream), Style(width=width, color=color))
    return raw.getvalue().decode(encoding)


GOLDENS = Goldens(
    folder=Path(__file__).parent / "status_screens",
    draw={name: partial(screen, *shown) for name, shown in ALL.items()},
    whole=("steady", "rolling-back", "failed"),
)


@pytest.mark.parametrize("name", ALL)
def test_screen_is_as_reviewed(name: str) -> None:
    assert GOLDENS.kept(name) == GOLDENS.reviewed(name)


def test_every_reviewed_screen_has_its_story() -> None:
    assert GOLDENS.names() == set(ALL)


@pytest.mark.parametrize("report", STATUS_STORIES.values(), ids=STATUS_STORIES)
def test_a_screen_without_utf_8_has_nothing_escaped(report: Report) -> None:
    shown = screen(report, 80, encoding="ascii")
    assert "\\u" not in shown
    assert "\\x" not in shown


def test_colour_marks_the_verdict_alone_and_the_labels() -> None:
    first, *rest = screen(STEADY, 100, color=True).splitlines()
    assert first.startswith("\x1b[32m")
    assert all("\x1b[2m" in line or "\x1b" not in line for line in rest)


def test_what_others_wrote_is_cleaned() -> None:
    event = replace(STEADY.service.events[0], message="\x1b[2J::error::pwned\nmore")
    report = replace(STEADY, service=replace(STEADY.service, events=(event,)), images=(("app", "a\x07b"),))
    shown = screen(report, 200)
    assert not {"\x1b", "\x07"} & set(shown)
    assert "::error::" not in shown
    assert "\\u001b" not in status_object(cleaned(report, Secrets()), 0)


def test_an_object_has_the_members_that_scripts_rely_on() -> None:
    found = json.loads(status_object(PAUSED, 22))
    assert list(found)[:9] == ["v", "type", "time", "exit_code", "cluster", "service", "region", "account", "condition"]
    assert set(found) - {*list(found)[:9]} == {
        "causes",
        "facts",
        "images",
        "newest",
        "releases",
        "targets",
        "alarms",
        "scaling",
        "history",
        "cause",
        "unread",
    }
    assert (found["type"], found["service"], found["condition"], found["exit_code"]) == (
        "status",
        "web",
        "deploying",
        22,
    )
    assert found["images"] == {"app": "acme/web:b82e40d", "otel": "otel/collector:1"}
    assert found["newest"]["hooks"][0]["status"] == "AWAITING_ACTION"
    assert found["facts"]["deployments"][0]["running"] == DEPLOYING.service.deployments[0].running
