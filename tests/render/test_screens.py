"""Screens as people see them: `python -m tests.render` writes them anew, to be reviewed."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.render.builders import Story, play
from tests.render.goldens import Goldens
from tests.render.stories import STORIES
from tests.render.task_stories import TASK_STORIES

HERE = Path(__file__).parent


def _goldens(folder: str, stories: Mapping[str, Story], whole: Collection[str]) -> Goldens:
    return Goldens(
        folder=HERE / folder, draw={name: partial(_shown, each) for name, each in stories.items()}, whole=whole
    )


def _shown(story: Story) -> str:
    return str(play(story))


OF_SERVICES = _goldens(
    "screens",
    STORIES,
    whole=(
        *("success", "success-flags", "detached", "dry-run-compared", "rolled-back-by-us"),
        *("rolled-back-by-ecs", "rolled-back-by-ecs-flags"),
    ),
)
OF_TASKS = _goldens("task_screens", TASK_STORIES, whole=("run", "run-flags", "run-failed"))
ALL = [(goldens, name) for goldens in (OF_SERVICES, OF_TASKS) for name in goldens.draw]


@pytest.mark.parametrize(("goldens", "name"), ALL, ids=[name for _, name in ALL])
def test_screen_is_as_reviewed(goldens: Goldens, name: str) -> None:
    assert goldens.kept(name) == goldens.reviewed(name)


@pytest.mark.parametrize("goldens", [OF_SERVICES, OF_TASKS], ids=["services", "tasks"])
def test_every_reviewed_screen_has_its_story(goldens: Goldens) -> None:
    assert goldens.names() == set(goldens.draw)
