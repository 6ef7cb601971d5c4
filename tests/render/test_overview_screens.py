"""A cluster's status: `python -m tests.render` writes them anew, to be reviewed."""

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from ecsdeploy.model.overview import Overview, ServiceCondition, Unasked
from ecsdeploy.model.report import Condition
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.model.service import Service
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.overview import show_overview
from ecsdeploy.render.stream import LineStream, Style
from tests.render.goldens import Goldens
from tests.render.status_stories import DEPLOYING, FAILED, STEADY


def named(name: str, condition: Condition, service: Service, reason: str = "") -> ServiceCondition:
    return ServiceCondition(service=replace(service, name=name, events=()), condition=condition, reason=reason)


WELL = Overview(
    cluster="prod",
    region="eu-west-1",
    account="111122223333",
    at=STEADY.at,
    services=(named("api", Condition.STEADY, STEADY.service), named("web", Condition.STEADY, STEADY.service)),
)
MIXED = replace(
    WELL,
    services=(
        named("web", Condition.FAILED, FAILED.service, "ECS deployment circuit breaker: tasks failed to start."),
        named(
            "a-service-with-a-name-that-is-longer-than-others",
            Condition.UNSTEADY,
            replace(STEADY.service, running=7, pending=1),
            "was unable to place a task because no container instance met all of its requirements.",
        ),
        named("api", Condition.DEPLOYING, DEPLOYING.service),
        *WELL.services,
    ),
)
PARTLY = replace(
    WELL,
    unasked=(Unasked(services=("cron", "mail"), why="The caller may not call `ecs:DescribeServices`"),),
    unlisted="AWS refuses more calls for now",
)
STORIES = {"well": WELL, "mixed": MIXED, "partly": PARTLY, "nothing": replace(WELL, services=(), region="", account="")}
WIDTHS = {"": 110, "-40-columns": 40}
ALL = {f"{name}{suffix}": (story, width) for name, story in STORIES.items() for suffix, width in WIDTHS.items()}


def screen(overview: Overview, width: int, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    show_overview(cleaned(overview, Secrets()), LineStream(stream), Style(width=width))
    return raw.getvalue().decode(encoding)


GOLDENS = Goldens(
    folder=Path(__file__).parent / "overview_screens",
    draw={name: partial(screen, *shown) for name, shown in ALL.items()},
    whole=("mixed",),
)


@pytest.mark.parametrize("name", ALL)
def test_m09_screen_is_as_reviewed(name: str) -> None:
    assert GOLDENS.kept(name) == GOLDENS.reviewed(name)


def test_every_reviewed_screen_has_its_story() -> None:
    assert GOLDENS.names() == set(ALL)


@pytest.mark.parametrize("overview", STORIES.values(), ids=STORIES)
def test_a_screen_without_utf_8_has_nothing_escaped(overview: Overview) -> None:
    assert "\\" not in screen(overview, 80, "ascii")


def test_what_others_wrote_is_cleaned() -> None:
    hostile = replace(WELL.services[0], condition=Condition.UNSTEADY, reason="\x1b[2J::error::pwned\nmore")
    shown = screen(replace(WELL, services=(hostile,)), 110)
    assert "\x1b" not in shown
    assert "::error::" not in shown
