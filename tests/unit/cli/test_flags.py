"""How the flag form's words are read (D15)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecsdeploy import __version__
from ecsdeploy.cli.exits import ScriptError
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import OPTIONS, SHARED
from ecsdeploy.cli.script.flags import read_flags
from ecsdeploy.errors import UsageError
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

READ = [
    pytest.param(("-c", "prod"), {"cluster": ("prod",)}, id="short"),
    pytest.param(("--cluster", "prod"), {"cluster": ("prod",)}, id="long"),
    pytest.param(("--cluster=prod",), {"cluster": ("prod",)}, id="attached"),
    pytest.param(("--image=a=b:1",), {"image": ("a=b:1",)}, id="attached with an equals sign"),
    pytest.param(("--image=",), {"image": ("",)}, id="attached and empty"),
    pytest.param(("-c", "a", "-c", "b"), {"cluster": ("a", "b")}, id="repeated"),
    pytest.param(("", "-c", "a", ""), {"cluster": ("a",)}, id="empty arguments are skipped"),
    pytest.param(("-c", ""), {"cluster": ("",)}, id="an empty value is one"),
    pytest.param(("-D", "-1"), {"desired_count": ("-1",)}, id="a value may begin with a dash"),
    pytest.param(("-to", "7"), {"tag": ("7",)}, id="-to is one word"),
    pytest.param(("--dry-run", "-v"), {"dry_run": ("true",), "verbose": ("true",)}, id="switches"),
    pytest.param(("--version", "--wat"), {"version": ("true",)}, id="nothing is read after --version"),
    pytest.param(("-h", "--wat"), {"help": ("true",)}, id="nothing is read after -h"),
]


@pytest.mark.parametrize(("words", "values"), READ)
def test_words_are_read(words: tuple[str, ...], values: dict[str, tuple[str, ...]]) -> None:
    assert read_flags(words).values == values


@pytest.mark.parametrize(
    "option", [each for each in OPTIONS if each.metavar and not each.bare], ids=lambda option: option.key
)
def test_d15_a_missing_value_is_named(option: Option) -> None:
    for name in option.spellings:
        with pytest.raises(UsageError, match=f"^`{name}` needs a value: ") as raised:
            read_flags((name,))
        assert not isinstance(raised.value, ScriptError)


@pytest.mark.parametrize("name", [name for option in SHARED for name in option.names if name.startswith("--")])
def test_d15_every_long_option_of_deploy_is_an_option_here(name: str) -> None:
    assert read_flags((name, "")).values


@pytest.mark.parametrize("word", ["--wat", "-x", "-c=prod", "-cprod", "web", "--max-definition", "-", "--", "—cluster"])
def test_an_unknown_option_is_3_with_the_usage(word: str, api: Api) -> None:
    run = ran((*WEB, "-i", IMAGE, word))
    assert run.code == 3
    assert run.stdout.startswith("Usage: ecs-deploy -c CLUSTER")
    assert f"`{word.partition('=')[0] if word.startswith('--') else word}`" in run.stderr
    assert api.accesses == []


def test_a_misspelt_option_names_the_nearest() -> None:
    assert "Did you mean `--max-definitions`?" in ran((*WEB, "--max-definition", "5")).stderr


def test_a_switch_takes_no_value() -> None:
    run = ran((*WEB, "--dry-run=yes"))
    assert (run.code, run.stdout) == (1, "")
    assert "`--dry-run`" in run.stderr


def test_no_arguments_show_the_usage_with_3() -> None:
    run = ran(())
    assert (run.code, run.stderr) == (3, "")
    assert run.stdout.startswith("Usage: ")


@pytest.mark.parametrize("name", ["-h", "--help"])
def test_d15_help_is_0_and_on_stdout(name: str) -> None:
    run = ran((name,))
    assert (run.code, run.stderr) == (0, "")
    for option in OPTIONS:
        assert all(spelling in run.stdout for spelling in option.spellings)
    for command in ("deploy", "demo", "sim"):
        assert f"\n  {command} " in run.stdout
    assert "For example:" in run.stdout


def test_version_is_the_bare_number() -> None:
    assert ran(("-c", "prod", "--version", "--wat")).stdout == f"{__version__}\n"


def test_help_fits_a_hundred_columns_but_for_what_cannot_be_broken() -> None:
    wide = [line for line in ran(("--help",)).stdout.splitlines() if len(line) > 100]
    assert all("awsvpcConfiguration" in line for line in wide)


def test_help_fits_a_narrow_terminal() -> None:
    around = replace(surroundings(), stdout_is_terminal=True, width=60)
    wide = [line for line in ran(("--help",), around).stdout.splitlines() if len(line) > 60]
    assert [line for line in wide if not line.startswith(("  -", "  ecs-deploy "))] == []


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (("help",), ("--help",)),
        (("help", "deploy"), ("deploy", "--help")),
        (("version",), ("--version",)),
    ],
)
def test_help_and_version_are_words_too(words: tuple[str, ...], same: tuple[str, ...]) -> None:
    assert ran(words) == ran(same)
    assert ran(words).code == 0


def test_help_about_what_is_not_a_command_names_the_nearest() -> None:
    run = ran(("help", "deplyo"))
    assert (run.code, run.stderr) == (64, "`deplyo` is not a command of `ecs-deploy`. Did you mean `deploy`?\n")
