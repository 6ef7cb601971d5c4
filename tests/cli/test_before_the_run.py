"""What a CI job is told of a command line that ends before its run has begun: one error, the outputs, the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.cli.main import main
from tests.cli.test_github_job import read_outputs
from tests.cli.test_junit import cases, suite_of
from tests.cli.worlds import DEPLOY, NEW, RELEASE, WEB, Played, a_world, play, surroundings

JUNIT = ("--junit", "release.xml")


def _played(folder: Path, *words: str, **variables: str) -> Played:
    told = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(folder / "output"), **variables}
    played = play(a_world(), words, surroundings(folder, told))
    assert played.world.calls == ()
    return played


def _errors(played: Played) -> list[str]:
    return [line for line in played.said.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("deploy", *WEB), 64, "Nothing to deploy is named.", id="nothing to deploy"),
        pytest.param((*DEPLOY, "--imgae", "a"), 64, "`--imgae` is not an option of `ecs-deploy deploy`.", id="option"),
        pytest.param((*DEPLOY, "-t", "soon"), 64, "`--timeout` must be a duration, not `soon`.", id="a value"),
        pytest.param(("depoly", *WEB), 64, "`depoly` is not a command of `ecs-deploy`.", id="no such command"),
        pytest.param((*RELEASE, "-t", "soon"), 1, "`-t` must be a positive whole number", id="the flag form"),
        pytest.param((*RELEASE, "--imgae", "a"), 3, "`--imgae` is not an option of the flag form.", id="its options"),
        pytest.param(("-n", "web", "-i", NEW), 7, "CLUSTER is required.", id="its contract"),
        pytest.param((), 3, "Usage: ecs-deploy", id="nothing at all"),
        pytest.param((*DEPLOY, "--base", "no.json"), 64, "`no.json`", id="a file"),
    ],
)
def test_an_error_before_the_run_is_one_annotation(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    played = _played(tmp_path, *words)
    assert played.code == code
    (command,) = _errors(played)
    assert command in played.stderr.splitlines()
    assert command.startswith("::error title=ecs-deploy::")
    assert said in command
    outputs = read_outputs((tmp_path / "output").read_text(encoding="utf-8"))
    assert outputs["exit-code"] == str(code)
    assert said in outputs["cause"]


def test_another_system_gets_no_annotation_and_a_success_no_outputs(tmp_path: Path) -> None:
    assert _errors(_played(tmp_path, "deploy", *WEB, GITHUB_ACTIONS="")) == []
    (tmp_path / "output").unlink()
    assert _errors(_played(tmp_path, "--version")) == []
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("deploy", *WEB, *JUNIT), id="understood"),
        pytest.param((*DEPLOY, *JUNIT, "--imgae", "a"), id="before what is not"),
        pytest.param((*DEPLOY, "--imgae", "a", "--junit=release.xml"), id="after what is not"),
        pytest.param((*RELEASE, "-t", "soon", *JUNIT), id="in the flag form"),
        pytest.param((*RELEASE, "--imgae", "a", *JUNIT), id="in the flag form after what is not"),
    ],
)
def test_a_report_that_was_asked_for_says_why_there_was_no_run(words: tuple[str, ...], tmp_path: Path) -> None:
    played = _played(tmp_path, *words)
    suite = suite_of(tmp_path / "release.xml")
    assert cases(suite) == {"checks command line": ("error",)}
    assert (suite.attrib["name"], suite.attrib["errors"]) == ("ecs-deploy", "1")
    (error,) = suite.iter("error")
    assert error.text
    assert error.text in played.stderr


def test_a_report_is_asked_for_by_a_variable_or_the_file_too(tmp_path: Path) -> None:
    _played(tmp_path, *DEPLOY, "--imgae", "a", ECS_DEPLOY_JUNIT="variable.xml")
    assert suite_of(tmp_path / "variable.xml")
    (tmp_path / "ecs-deploy.toml").write_text('junit = "file.xml"')
    _played(tmp_path, "deploy", *WEB)
    assert suite_of(tmp_path / "file.xml")


@pytest.mark.parametrize("words", [("status", *WEB, "--junit", "x.xml"), ("status", "--imgae"), ("explain", "X")])
def test_a_command_that_has_no_report_writes_none(words: tuple[str, ...], tmp_path: Path) -> None:
    played = _played(tmp_path, *words, ECS_DEPLOY_JUNIT="variable.xml")
    assert (played.code, len(_errors(played))) == (64, 1)
    assert [each.name for each in tmp_path.iterdir()] == ["output"]


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    played = _played(tmp_path, "deploy", *WEB, "--junit", "no/such.xml")
    assert played.code == 64
    assert "The report of `--junit`, `no/such.xml`, cannot be written: No such file or directory." in played.stderr


def test_a_run_that_told_its_error_is_not_told_again(tmp_path: Path) -> None:
    around = surroundings(tmp_path, {"GITHUB_ACTIONS": "true", "AWS_CONFIG_FILE": str(tmp_path / "none")})
    assert main((*DEPLOY, *JUNIT), around) == 26
    said = around.stderr.getvalue()  # type: ignore[attr-defined]
    assert said.count("::error title=ecs-deploy%3A web (prod)::REFUSED.") == said.count("::error") == 1
    assert cases(suite_of(tmp_path / "release.xml")) == {"watch deployment": ("error",)}


def test_a_secret_in_the_sentence_is_in_no_place(tmp_path: Path) -> None:
    secret = "wJalrXUtnFEMIK7MDENG/bPxRfiCYEXAMPLEKEY"
    files = {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(tmp_path / "output"), "AWS_SECRET_ACCESS_KEY": secret}
    around = surroundings(tmp_path, files)
    assert main((*DEPLOY, "-t", secret, *JUNIT), around) == 64
    told = around.stderr.getvalue()  # type: ignore[attr-defined]
    told += "".join(each.read_text(encoding="utf-8") for each in tmp_path.iterdir())
    assert "::error" in told
    assert secret not in told
