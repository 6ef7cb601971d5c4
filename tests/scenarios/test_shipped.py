"""Every shipped scenario, played whole through the ordinary client in virtual time."""

import io
import json

import pytest

from ecsdeploy.cli.commands.checking import play_and_check
from ecsdeploy.cli.commands.simulated import inside
from ecsdeploy.cli.main import main
from ecsdeploy.sim import World, load_scenario, scenario_names
from tests.cli.worlds import surroundings

every_scenario = pytest.mark.parametrize("name", scenario_names())


@every_scenario
def test_a_scenario_holds_what_it_expects(name: str) -> None:
    """One that expects nothing of the exit code and of what runs in the end would prove nothing."""
    lines = play_and_check(load_scenario(name), surroundings())
    assert {line.name for line in lines} >= {"exit_code", "final_image"}
    assert [line for line in lines if not line.held] == []


@every_scenario
def test_the_same_scenario_gives_the_same_json_lines(name: str) -> None:
    first, second = _json_lines(name), _json_lines(name)
    assert first == second
    assert json.loads(first[-1])["type"] == "result"


def _json_lines(name: str) -> list[str]:
    scenario, around = load_scenario(name), surroundings()
    main((*scenario.deploy_args, "--output", "json"), inside(World(scenario), around))
    assert isinstance(around.stdout, io.StringIO)
    return around.stdout.getvalue().splitlines()
