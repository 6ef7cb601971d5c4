"""Every shipped scenario of several services, played whole: it holds what it expects, and says the same again."""

import json

import pytest

from ecsdeploy.cli.play.checking import play_and_check
from ecsdeploy.cli.play.simulated import make_world, played_words
from ecsdeploy.sim import load_scenario, several_names
from tests.cli import worlds


@pytest.mark.parametrize("name", several_names())
def test_a_scenario_of_several_services_holds_what_it_expects(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.summary
    lines = play_and_check(scenario, worlds.surroundings())
    assert {line.name for line in lines} >= {"exit_code", "status", "statuses", "final_images"}
    assert [line for line in lines if not line.held] == []


def test_the_same_scenario_says_the_same_again() -> None:
    scenario = load_scenario("several-all-back")
    words = (*played_words(scenario), "--output", "json")
    first, second = (worlds.play(make_world(scenario), words).lines for _ in range(2))
    assert list(map(_without_id, first)) == list(map(_without_id, second))


def _without_id(line: str) -> object:
    """The line without the release's id, which is another one each time."""
    return {name: text for name, text in json.loads(line).items() if name != "release"}
