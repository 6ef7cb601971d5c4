"""The screen in README is what the program prints."""

from tests.docs.examples import fences
from tests.docs.pages import ROOT
from tests.unit.cli.builders import ran


def test_the_screen_is_the_end_of_that_demo() -> None:
    screen = next(each.text for each in fences(ROOT / "README.md") if "FAILED" in each.text)
    assert screen in ran(("demo", "--scenario", "crash-loop")).stderr
