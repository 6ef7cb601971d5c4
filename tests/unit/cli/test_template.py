"""`--var` fills the places of a file, all of them and no others, before the definition is looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.model.request import FromFile
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

DEPLOY = ("deploy", *WEB)
APP = {"name": "app", "image": "${IMAGE}", "memory": 128, "command": ["serve", "--host={{ HOST }}"]}
LABELS = {"router.<HOST>.rule": "Host(`<HOST>`)"}
TEMPLATE = {"family": "web-{{STAGE}}", "containerDefinitions": [APP | {"dockerLabels": LABELS, "note": None}]}
VALUES = ("--var", f"IMAGE={IMAGE}", "--var", "HOST=a.example.com", "--var", "STAGE=test")


def template(folder: Path, content: object = TEMPLATE) -> tuple[str, str]:
    (folder / "d.json").write_text(json.dumps(content))
    return ("--base", "d.json")


@pytest.mark.parametrize("command", [DEPLOY, ("plan", *WEB), ()], ids=["deploy", "plan", "flag form"])
def test_each_form_of_a_place_is_filled_in_any_text(command: tuple[str, ...], api: Api, tmp_path: Path) -> None:
    assert ran((*command, *template(tmp_path), *VALUES), surroundings(tmp_path)).code == 0
    (request,) = (*api.requests, *api.planned)
    base = getattr(request, "base")  # noqa: B009 - the union's members differ
    assert isinstance(base, FromFile)
    app = base.definition.containers[0].payload
    assert (base.definition.family, app["image"]) == ("web-test", IMAGE)
    assert app["command"] == ["serve", "--host=a.example.com"]
    assert app["dockerLabels"] == {"router.a.example.com.rule": "Host(`a.example.com`)"}


def test_the_scripts_option_for_a_file_takes_them_too(api: Api, tmp_path: Path) -> None:
    template(tmp_path)
    assert ran((*WEB, "--task-definition-file", "d.json", "-i", IMAGE, *VALUES), surroundings(tmp_path)).code == 0
    assert isinstance(api.deployed.base, FromFile)
    assert api.deployed.base.definition.family == "web-test"


def test_a_value_is_not_looked_at_again(api: Api, tmp_path: Path) -> None:
    values = ("--var", "IMAGE=${IMAGE}", "--var", "HOST={{STAGE}}", "--var", "STAGE=a=b")
    assert ran((*DEPLOY, *template(tmp_path), *values), surroundings(tmp_path)).code == 0
    assert isinstance(api.deployed.base, FromFile)
    definition = api.deployed.base.definition
    assert (definition.family, definition.containers[0].image) == ("web-a=b", "${IMAGE}")


def test_without_a_value_places_stay(api: Api, tmp_path: Path) -> None:
    assert ran((*DEPLOY, *template(tmp_path)), surroundings(tmp_path)).code == 0
    assert isinstance(api.deployed.base, FromFile)
    assert api.deployed.base.definition.family == "web-{{STAGE}}"


REFUSED = [
    pytest.param(
        VALUES[:4],
        "The task definition file `d.json` has places that no `--var` fills: `STAGE`. Fill each with"
        " `--var NAME=VALUE`; what is no place is kept with `--var 'STAGE=${STAGE}'`, or as it is written there.",
        id="unfilled",
    ),
    pytest.param(
        (*VALUES, "--var", "HOTS=hunter2"),
        "The task definition file `d.json` has no place for `HOTS`. Did you mean `HOST`?",
        id="unused",
    ),
    pytest.param((*VALUES, "--var", "HOST=hunter2"), "`--var` gives `HOST` twice. Give it once.", id="twice"),
    pytest.param(("--var", "hunter2"), "One `--var` has no name, or no `=`. Write it as `NAME=VALUE`", id="no value"),
    pytest.param(("--var", "=hunter2"), "One `--var` has no name, or no `=`.", id="no name"),
    pytest.param(("--var", ""), "One `--var` has no name, or no `=`.", id="nothing"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_fills_a_place_badly_is_refused(words: tuple[str, ...], message: str, api: Api, tmp_path: Path) -> None:
    found = ran((*DEPLOY, *template(tmp_path), *words), surroundings(tmp_path))
    assert found.code == 64
    assert message in found.stderr
    assert "hunter2" not in found.stdout + found.stderr
    assert api.requests == []


@pytest.mark.parametrize(
    "words",
    [
        (*DEPLOY, "--image", IMAGE),
        (*DEPLOY, "--base", "latest"),
        (*DEPLOY, "--revision", "web:1"),
        (*DEPLOY, "--force-new-deployment"),
        (*WEB, "-i", IMAGE),
        (*WEB, "-i", IMAGE, "--use-latest-task-def"),
        (*WEB, "--revision", "web:1"),
        (*WEB, "--force-new-deployment"),
    ],
    ids=" ".join,
)
def test_only_a_file_has_places(words: tuple[str, ...], api: Api) -> None:
    found = ran((*words, "--var", "A=hunter2"))
    assert found.code in (64, 1, 3)
    assert "`--var`" in found.stderr
    assert "hunter2" not in found.stdout + found.stderr
    assert api.requests == []


def test_a_file_that_is_nested_too_deep_is_refused(api: Api, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"a":' * 900 + '"${A}"' + "}" * 900)
    found = ran((*DEPLOY, "--base", "d.json", "--var", "A=1"), surroundings(tmp_path))
    assert found.code == 64
    assert "is nested too deep" in found.stderr
    assert api.requests == []
