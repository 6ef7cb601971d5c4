"""An option that takes one value is given two, or none: a command refuses that; the flag form takes the last."""

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


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("deploy", "--plan"),
        ("deploy", "--expect-account"),
        ("deploy", "--smoke"),
        ("deploy", "--before"),
        ("rollback", "--to"),
        ("status", "-n"),
        ("scale", "--to"),
        ("logs", "--revision"),
    ],
)
def test_an_empty_value_is_refused(name: str, option: str, api: Api, tmp_path: Path) -> None:
    """`--plan "$PLAN"` of a variable that is not set must not release something else."""
    run = ran((name, option, ""), surroundings(tmp_path))
    assert (run.code, api.accesses, run.stdout) == (64, [], "")
    assert run.stderr == f"`{option}` has an empty value. Give it one, or leave the option out.\n"


def test_the_same_value_twice_is_no_matter(api: Api) -> None:
    twice = ("--min", "50", "--min", "50", "-t", "60", "--max", "150")
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
