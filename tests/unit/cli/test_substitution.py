"""What the flag form puts in the place of `$(...)`, backticks and `$NAME`, and what it refuses to run (D7)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ecsdeploy.model.edits import SetImage, SetTag
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.text import printable
from tests.unit.cli.builders import WEB, Api, ran, surroundings

NEEDS_SHELL = [
    "app:$(date)",
    "app:`date +%s`",
    "app:$(git describe; id)",
    "app:$(git describe | tr a b)",
    "app:$(git describe > x)",
    "app:$(git describe $(id))",
    "app:$(git -c core.pager=id describe)",
    "app:$(git log)",
    "app:`git status`",
    "app:$(git rev-parse 'a\nb')",
    "app:$(cat VERSION)",
    "app:$(< $HOME/VERSION)",
    "app:$(< a; id)",
    "app:${TAG:-1}",
    "app:$$",
    "app:$",
    "app:`",
    "app:$(",
    "app:$((1+1))",
    "app:$()",
    "app:``",
]


@pytest.mark.parametrize("image", NEEDS_SHELL)
def test_d7_whatever_needs_a_shell_is_13_and_names_the_flag(
    image: str, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", refuse)
    run = ran((*WEB, "-i", image), surroundings(tmp_path, {"TAG": "1", "HOME": "/"}))
    assert (run.code, api.accesses) == (13, [])
    assert run.stdout == f"Unable to parse image name: {printable(image)}, check the format and try again\n"
    assert "`--eval-image`" in run.stderr


def test_d7_eval_image_runs_a_shell_and_says_so(api: Api) -> None:
    run = ran(
        (*WEB, "-i", "app:$(printf '%s' a b | tr -d '\\n')-x", "--eval-image"),
        surroundings(variables={"PATH": "/usr/bin:/bin"}),
    )
    assert run.code == 0
    assert "`/bin/sh -c`" in run.stderr
    assert api.deployed.edits == (SetImage(image=ImageRef.parse("app:ab-x")),)


def test_d7_what_a_shell_gives_must_be_legal_too(api: Api) -> None:
    for image, code in (("app:$(exit 3)", 13), ("app:$(echo a b)", 13), ("app:$(", 1)):
        assert ran((*WEB, "-i", image, "--eval-image")).code == code
    assert api.accesses == []


LEAKS = ["hunter2 is secret", "PASSWORD=hunter2\n", "{hunter2}", "hunter2" * 30, "x\x1b[31mhunter2", ""]


@pytest.mark.parametrize("content", LEAKS)
def test_d7_an_error_never_shows_a_file_s_content(content: str, api: Api, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(content)
    run = ran((*WEB, "-i", "app:$(< secret)"), surroundings(tmp_path))
    assert (run.code, api.accesses) == (13, [])
    assert "hunter2" not in run.stdout + run.stderr
    assert "`app:$(< secret)`" in run.stderr


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_d7_a_file_that_cannot_be_read_is_1_and_named(name: str, api: Api, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    run = ran((*WEB, "-i", f"app:$(< {name})"), surroundings(tmp_path))
    assert (run.code, api.accesses) == (1, [])
    assert f"`{name}`" in run.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    for words in (("init", "-q"), ("commit", "-q", "--allow-empty", "-m", "x"), ("tag", "-a", "v1.2", "-m", "x")):
        subprocess.run(["git", *settings, *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    "image", ["app:`git describe`", "app:$(git describe --tags)", "app:$( git describe --match 'v*' )"]
)
def test_d7_git_describe_gives_the_tag(image: str, api: Api, repository: Path) -> None:
    assert ran((*WEB, "-i", image), surroundings(repository, {"PATH": "/usr/bin:/bin"})).code == 0
    assert api.deployed.edits == (SetImage(image=ImageRef.parse("app:v1.2")),)


def test_d7_git_rev_parse_gives_the_tag(api: Api, repository: Path) -> None:
    around = surroundings(repository, {"PATH": "/usr/bin:/bin"})
    assert ran((*WEB, "-to", "$(git rev-parse --short=12 HEAD)"), around).code == 0
    (edit,) = api.deployed.edits
    assert isinstance(edit, SetTag)
    assert len(edit.tag) == 12


def test_d7_git_s_own_failure_is_one_line(api: Api, tmp_path: Path) -> None:
    run = ran((*WEB, "-i", "app:$(git describe)"), surroundings(tmp_path, {"PATH": "/usr/bin:/bin"}))
    assert (run.code, api.accesses) == (1, [])
    assert run.stderr.count("\n") == 1
    assert "`git describe`" in run.stderr


def test_d7_a_missing_git_is_one_line(api: Api, tmp_path: Path) -> None:
    run = ran((*WEB, "-i", "app:$(git describe)"), surroundings(tmp_path, {"PATH": str(tmp_path)}))
    assert (run.code, api.accesses) == (1, [])
    assert "could not be run" in run.stderr
