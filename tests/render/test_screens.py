"""Whole screens, as people see them: `python -m tests.render.test_screens` writes them anew, to be reviewed."""

from pathlib import Path

import pytest

from tests.render.builders import Story, play
from tests.render.stories import STORIES
from tests.render.task_stories import TASK_STORIES

SCREENS = Path(__file__).parent / "screens"
ALL = STORIES | TASK_STORIES


@pytest.mark.parametrize(("name", "story"), ALL.items(), ids=ALL)
def test_screen_is_as_reviewed(name: str, story: Story) -> None:
    assert str(play(story)) == (SCREENS / f"{name}.txt").read_text(encoding="utf-8")


def test_every_reviewed_screen_has_its_story() -> None:
    assert {path.stem for path in SCREENS.iterdir()} == set(ALL)


if __name__ == "__main__":
    for each, told in ALL.items():
        (SCREENS / f"{each}.txt").write_text(str(play(told)), encoding="utf-8")
