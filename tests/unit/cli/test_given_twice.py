"""An option that takes one value is given two: a command refuses both, the flag form takes the last and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS, load
from ecsdeploy.cli.options.option import Option
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

ONE = [
    pytest.param(name, option, id=f"{name} {option.names[0]}")
    for name in COMMANDS
    for option in load(name).options
    if option.metavar and not option.many
]


def _words(name: str, option: Option) -> tuple[str, ...]:
    """A first and a second value; neither is looked at, as it cannot be known which one is meant."""
    return (name, option.names[-1], "one", option.names[0], "two")


@pytest.mark.parametrize(("name", "option"), ONE)
def test_a_command_takes_no_two_values_of_one(name: str, option: Option, api: Api, tmp_path: Path) -> None:
    run = ran(_words(name, option), surroundings(tmp_path))
    assert (run.code, api.accesses, run.stdout) == (64, [], "")
    told = "with different values" if option.secret else "`one`, `two`"
    assert run.stderr.startswith(f"`{option.names[0]}` is given several times"), run.stderr
    assert told in run.stderr
    assert ("one`" in run.stderr) is not option.secret


def test_the_same_value_twice_and_an_empty_one_are_no_matter(api: Api) -> None:
    twice = ("--min", "50", "--min", "50", "-t", "", "-t", "60", "--max", "150", "--max=")
    run = ran(("deploy", *WEB, "--image", IMAGE, *twice))
    assert run.code == 0, run.stderr
    request = api.deployed
    assert (request.sizing.minimum_healthy_percent, request.sizing.maximum_percent) == (50, 150)
    assert request.budget.seconds == 60


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-t", "60", "--timeout", "90"), "`--timeout` is given several times, and only the last counts: `90`"),
        (("-m", "50", "-m", "60", "-m", "50"), "`-m` is given several times, and only the last counts: `50`"),
        (("-to", "3", "-to", "4"), "`-to` is given several times, and only the last counts: `4`, and not `3`."),
    ],
)
def test_the_flag_form_takes_the_last_and_names_the_others(words: tuple[str, ...], said: str, api: Api) -> None:
    run = ran((*WEB, "-i", "ignore" if "-to" in words else IMAGE, *words))
    assert (run.code, run.stderr.count("\n")) == (0, 1)
    assert run.stderr.startswith(f"Warning: {said}")


def test_the_flag_form_names_no_secret(api: Api) -> None:
    keys = ("-k", "AKIAONE", "-k", "AKIATWO", "-s", "secret-one", "-s", "secret-two")
    run = ran((*WEB, "-i", IMAGE, *keys))
    assert run.code == 0
    for name in ("-k", "-s"):
        assert f"Warning: `{name}` is given several times, and only the last counts.\n" in run.stderr
    assert "one" not in run.stderr.lower().replace("only", "")
