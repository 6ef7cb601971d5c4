"""`explain -- FLAGS`: what the bash script would have done with a command line, and what this tool does."""

import re
from pathlib import Path

import pytest

from ecsdeploy.cli.options.table import by_name
from tests.unit.cli.builders import Ran, ran

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "differences.md").read_text(encoding="utf-8")
WEB = ("-c", "prod", "-n", "web", "-i", "team/web:2")


def _explained(*flags: str) -> Ran:
    return ran(("explain", "--", *flags))


def _numbers(run: Ran) -> list[str]:
    assert run.code == 0, run.stderr
    return re.findall(r"differences\.md (D\d+)", run.stdout)


@pytest.mark.parametrize(
    ("flags", "numbers"),
    [
        pytest.param(WEB, ["D1", "D2", "D4"], id="a release"),
        pytest.param(("-c", "a", "-n", "b", "--force-new-deployment"), ["D1"], id="forced"),
        pytest.param((*WEB[:-1], "a@sha256:12"), ["D1", "D2", "D3", "D4"], id="a digest"),
        pytest.param((*WEB[:-1], "a:$(git describe)"), ["D1", "D2", "D7", "D4"], id="a tag of git"),
        pytest.param((*WEB, "-to", "7"), ["D1", "D2", "D3", "D4"], id="a tag alone"),
        pytest.param((*WEB, "-e", "TAG"), ["D1", "D2", "D6", "D4"], id="a tag of a variable"),
        pytest.param((*WEB, "--task-definition-file", "f"), ["D1", "D2", "D4", "D5"], id="a file"),
        pytest.param((*WEB, "-t", "9"), ["D1", "D2", "D4", "D17"], id="a time"),
        pytest.param((*WEB, "--skip-deployments-check"), ["D1", "D2", "D4", "D19"], id="less waiting"),
        pytest.param((*WEB, "-m", "50"), ["D1", "D2", "D4", "D18"], id="a percentage"),
        pytest.param((*WEB, "--enable-rollback"), ["D1", "D2", "D4", "D11"], id="a rollback"),
        pytest.param((*WEB, "--max-definitions", "5"), ["D1", "D2", "D4", "D12"], id="old revisions"),
        pytest.param(("-c", "a", "-d", "b", "-i", "c:1", "--run-task"), ["D2", "D4", "D13"], id="a task"),
        pytest.param((*WEB, "-k", "AKIA", "-s", "x"), ["D1", "D2", "D4", "D8"], id="keys"),
        pytest.param((*WEB, "-a", "arn"), ["D1", "D2", "D4", "D8"], id="a role"),
        pytest.param((*WEB, "--aws-instance-profile"), ["D1", "D2", "D4", "D8"], id="the role of the instance"),
        pytest.param((*WEB, "-v"), ["D1", "D2", "D4", "D14"], id="a log"),
    ],
)
def test_what_differs_for_these_flags_is_told(flags: tuple[str, ...], numbers: list[str]) -> None:
    assert _numbers(_explained(*flags)) == numbers


def test_every_number_is_one_of_the_page() -> None:
    flags = [word for name in by_name() if name not in {"-h", "--help", "--version"} for word in _typed(name)]
    assert [number for number in _numbers(_explained(*flags)) if not re.search(rf"\*\*{number}\.", PAGE)] == []


def _typed(name: str) -> tuple[str, ...]:
    return (name,) if by_name()[name].is_switch else (name, "1")


def test_what_the_script_refuses_is_told_with_its_exit_code() -> None:
    said = _explained("-n", "web", "-i", "a:1").stdout
    assert "It ends with exit code 7: CLUSTER is required." in said
    assert "The same." in said


def test_what_the_script_does_not_notice_is_told() -> None:
    said = " ".join(_explained(*WEB, "--run-task").stdout.split())
    assert "It does not notice this." in said
    assert "The run ends with exit code 3." in said


def test_no_value_is_repeated() -> None:
    run = _explained(*WEB, "-k", "AKIAHUNTER", "-s", "hunter2", "--external-id", "hunter3")
    assert run.code == 0
    assert "hunter" not in (run.stdout + run.stderr).lower()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        pytest.param(("-c", "prod", "--enable-rolback"), "Did you mean `--enable-rollback`?", id="a slip"),
        pytest.param(("-c",), "`-c` needs a value", id="no value"),
    ],
)
def test_what_cannot_be_read_is_64(flags: tuple[str, ...], said: str) -> None:
    run = _explained(*flags)
    assert (run.code, run.stdout) == (64, "")
    assert said in run.stderr
