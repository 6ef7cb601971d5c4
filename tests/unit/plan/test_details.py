"""What the reads before a release add to its plan: the images as they are stored, and how long it takes."""

from dataclasses import replace

import pytest

from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.steps import Finding, Plan, Usual
from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.plan.facts import with_details

APP = ImageChange(container="app", before="app:1", after="app:2")
SIDE = ImageChange(container="side", before="side:1", after="side:2")
PLAN = Plan(steps=(), base="web:1", changes=(APP, SIDE), findings=(Finding(code="C-BUSY"),))
STORED = StoredImage(digest="sha256:2", platforms=("linux/amd64", "linux/arm64"))


def test_an_image_that_its_registry_told_of_has_digest_and_platforms() -> None:
    told = with_details(PLAN, {"app:2": STORED, "side:1": STORED}, ())
    found = replace(APP, digest="sha256:2", platforms=("linux/amd64", "linux/arm64"))
    assert told == replace(PLAN, changes=(found, SIDE))


def test_an_image_that_is_not_there_stays_as_it_was_asked_for() -> None:
    assert with_details(PLAN, {"app:2": None}, ()) == PLAN


@pytest.mark.parametrize(
    ("durations", "usual"),
    [
        pytest.param([], None, id="none"),
        pytest.param([70.5], Usual(seconds=70.5, of=1), id="one"),
        pytest.param([300.0, 60.0], Usual(seconds=300.0, of=2), id="two: the longer one"),
        pytest.param([900.0, 60.0, 80.0], Usual(seconds=80.0, of=3), id="one that took long says little"),
        pytest.param([4.0, 3.0, 2.0, 1.0], Usual(seconds=3.0, of=4), id="four"),
        pytest.param([9.0, 1.0, 7.0, 3.0, 5.0], Usual(seconds=5.0, of=5), id="five"),
    ],
)
def test_a_release_takes_as_long_as_the_one_in_the_middle(durations: list[float], usual: Usual | None) -> None:
    assert with_details(PLAN, {}, durations).usual == usual
