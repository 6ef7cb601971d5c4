"""Every shipped scenario, played whole through the ordinary client in virtual time."""

import json

import pytest

from ecsdeploy.cli.play.checking import play_and_check
from ecsdeploy.sim import load_scenario, scenario_names
from tests.cli.worlds import surroundings
from tests.others import watched
from tests.others.watched import reason_to_leave_out
from tests.truth.scenario import play

every_scenario = pytest.mark.parametrize("name", scenario_names())


@every_scenario
def test_a_scenario_holds_what_it_expects(name: str) -> None:
    """One that expects nothing of the exit code and of what runs in the end would prove nothing."""
    lines = play_and_check(load_scenario(name), surroundings())
    assert {line.name for line in lines} >= {"exit_code", "final_image"}
    assert [line for line in lines if not line.held] == []


@every_scenario
def test_the_same_scenario_gives_the_same_json_lines_and_a_true_verdict(name: str) -> None:
    """True by the world's own record: see `tests.truth.fates`."""
    first, second = play(load_scenario(name)), play(load_scenario(name))
    assert first.lines == second.lines
    assert json.loads(first.lines[-1])["type"] == "result"
    assert first.right, f"`{first.verdict}` was said, `{first.truth.fate}` is true"


@pytest.mark.parametrize("name", [each for each in scenario_names() if not reason_to_leave_out(load_scenario(each))])
def test_our_watch_after_somebody_else_s_deploy_is_true(name: str) -> None:
    played = watched.play(load_scenario(name))
    assert played.right, f"`{played.verdict}` was said, `{played.truth.fate}` is true"
