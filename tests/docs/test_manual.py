"""The man pages and the scripts for completion say what the tables say, and the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.exits import ExitCode, ScriptExit
from tests.docs.test_claims import BY_COMMAND, FLAGS
from tools.manual import write

PAGES = {"ecs-deploy.1": FLAGS} | {f"ecs-deploy-{name}.1": names for name, names in BY_COMMAND.items()}


@pytest.fixture(autouse=True)
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    write(tmp_path / "first")
    return tmp_path / "first"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_sources_make_the_same_files(written: Path, tmp_path: Path) -> None:
    write(tmp_path / "second")
    assert contents(written) == contents(tmp_path / "second")


def test_there_is_a_page_of_each_command_and_a_script_of_each_shell(written: Path) -> None:
    scripts = {"completion/ecs-deploy", "completion/_ecs-deploy", "completion/ecs-deploy.fish"}
    assert set(contents(written)) == {f"man/man1/{name}" for name in PAGES} | scripts


@pytest.mark.parametrize(("name", "options"), PAGES.items(), ids=PAGES)
def test_a_page_has_every_option_and_exit_code(name: str, options: set[str], written: Path) -> None:
    page = (written / "man" / "man1" / name).read_text(encoding="utf-8")
    assert '"2026-09-21"' in page
    assert "\b" not in page
    assert sorted(each for each in options if each.replace("-", r"\-") not in page) == []
    codes = ScriptExit if name == "ecs-deploy.1" else ExitCode
    assert [code for code in codes if f"\\fB{code.value}\\fP" not in page] == []


def test_the_first_page_names_the_others(written: Path) -> None:
    page = (written / "man" / "man1" / "ecs-deploy.1").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"ecs-deploy-{name}(1)" not in page] == []


def test_no_line_of_a_text_is_taken_for_a_request(written: Path) -> None:
    known = {".TH", ".SH", ".TP", ".PP", ".B", ".nf", ".fi", ".br"}
    for path in (written / "man" / "man1").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert {line.split()[0] for line in lines if line.startswith((".", "'"))} <= known
