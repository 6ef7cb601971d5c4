"""Nothing that others wrote reaches a terminal or a CI runner as a command, whatever the text and the renderer."""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.events import Concluded, Event, Finished, Said
from tests.render.builders import Screen, Story, play
from tests.render.stories import STORIES
from tests.render.task_stories import TASK_STORIES

NASTY = (
    "::error::pwned",
    "/::set-output name=a::b",
    "a\n::add-mask::x",
    "\r::stop-commands::t",
    " ::error::x",
    "word ::debug::y" * 20,
    "##[group]z",
    "##vso[task.complete]",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\u202eevil\u2066",
    "z\u200bero",
    "\ud800",
    "\x00\x07\x08",
    "\u2028::error::x",
    "\u3000::error::x",
    "x" * 5000,
)
RUNNER_COMMAND = re.compile(r"^\s*::|##(\w*)\[")
TELLING = {
    name: (STORIES | TASK_STORIES)[name]
    for name in ("success-warned", "rolled-back-by-ecs", "rollback-failed", "unknown", "run-failed", "not-there")
}

texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=30), min_size=1, max_size=4).map("".join)


def poisoned(value: object, text: str) -> object:
    """The same value, each text in it replaced."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, EcsDeployError):
        return type(value)(text, hint=text)
    if isinstance(value, tuple):
        return tuple(poisoned(each, text) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: poisoned(getattr(value, each.name), text) for each in fields(value)})
    return value


def with_every_text(story: Story, text: str) -> Story:
    timeline = tuple((second, cast("Event", poisoned(event, text))) for second, event in story.timeline)
    return replace(story, timeline=timeline, width=40, color=False)


def every_way(story: Story, text: str) -> Iterator[Screen]:
    told = with_every_text(story, text)
    yield play(told)
    yield play(replace(told, form="flags"))
    yield play(replace(told, output="json"))
    yield play(replace(told, dry_run=True))


def assert_harmless(text: str) -> None:
    for line in text.split("\n"):
        assert not RUNNER_COMMAND.search(line)
        assert {unicodedata.category(char) for char in line}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from (key, *texts_in(member))
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


@pytest.mark.parametrize("story", TELLING.values(), ids=TELLING)
@settings(max_examples=25)
@given(text=texts)
def test_no_text_of_an_event_is_a_command(story: Story, text: str) -> None:
    for screen in every_way(story, text):
        assert_harmless(screen.stdout)
        assert_harmless(screen.stderr)


@settings(max_examples=50)
@given(text=texts)
def test_no_decoded_text_of_a_json_line_is_a_command(text: str) -> None:
    for name in ("rolled-back-by-ecs-json", "not-there-json"):
        screen = next(every_way(STORIES[name], text))
        for line in screen.stdout.splitlines():
            for decoded in texts_in(json.loads(line)):
                assert_harmless(decoded)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_known_attacks_are_harmless_in_every_story(text: str) -> None:
    for story in (STORIES | TASK_STORIES).values():
        screen = play(with_every_text(story, text))
        assert_harmless(screen.stdout)
        assert_harmless(screen.stderr)


def test_a_log_line_is_capped() -> None:
    screen = next(every_way(STORIES["rolled-back-by-ecs"], "x" * 5000))
    logged = [line for line in screen.stderr.splitlines() if "│" in line]
    assert logged
    assert all(len(line) < 250 for line in logged)


@pytest.mark.parametrize("words", ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", 'login failed, "password": "wJalrXUtnFEMI"'])
def test_a_secret_in_the_words_of_others_is_shown_nowhere(words: str) -> None:
    told, text = TELLING["rolled-back-by-ecs"], f"{'x' * 60} {words} and more"
    timeline = tuple(
        (second, cast("Event", poisoned(event, text)) if isinstance(event, Said | Concluded | Finished) else event)
        for second, event in told.timeline
    )
    for output in ("lines", "json"):
        screen = play(replace(told, timeline=timeline, output=output, width=40))
        assert "wJalrXUtnFEMI" not in screen.stdout + screen.stderr
        assert "xxx" in screen.stdout + screen.stderr
