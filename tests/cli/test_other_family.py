"""`-d FAMILY` beside a file, and a family that does not exist."""

import json
from pathlib import Path

import pytest

from tests.cli.worlds import NEW, OLD, a_world, play, surroundings


def _file(folder: Path, family: str, **members: object) -> tuple[str, ...]:
    definition = {"family": family, "containerDefinitions": [{"name": "app", "image": OLD, "memory": 64} | members]}
    (folder / "d.json").write_text(json.dumps(definition))
    return ("--task-definition-file", "d.json")


def test_p13_the_current_definition_is_an_arn_beside_a_file_too(tmp_path: Path) -> None:
    run = play(a_world(), ("-d", "web", "-i", NEW, *_file(tmp_path, "web")), surroundings(tmp_path))
    assert run.code == 0
    (line,) = (each for each in run.lines if each.startswith("Current task definition:"))
    assert line.endswith(":123456789012:task-definition/web:1")
    assert "The file is of the family" not in run.stderr


def test_p13_a_file_of_another_family_is_said(tmp_path: Path) -> None:
    run = play(a_world(), ("-d", "web", "-i", NEW, *_file(tmp_path, "api")), surroundings(tmp_path))
    assert (run.code, run.registered["family"]) == (0, "api")
    assert "The file is for the family api, not for web: the new revision belongs to api." in run.stderr


@pytest.mark.parametrize("file", [True, False], ids=["with a file", "without"])
def test_p13_a_family_that_does_not_exist_is_254(file: bool, tmp_path: Path) -> None:
    words = _file(tmp_path, "web") if file else ()
    run = play(a_world(), ("-d", "webb", "-i", NEW, *words), surroundings(tmp_path))
    assert (run.code, run.requests("RegisterTaskDefinition")) == (254, [])
    assert "AWS does not know task definition `webb`" in run.stderr


@pytest.mark.parametrize("words", [("--dry-run",), ()], ids=["plan", "deploy"])
def test_p01_a_member_of_a_wrong_kind_is_refused_in_the_plan_too(words: tuple[str, ...], tmp_path: Path) -> None:
    file = _file(tmp_path, "web", essential="yes")
    run = play(a_world(), ("-c", "prod", "-n", "web", "-i", NEW, *file, *words), surroundings(tmp_path))
    assert (run.code, run.requests("RegisterTaskDefinition")) == (1, [])
    assert "`containerDefinitions[0].essential` must be true or false" in run.stderr
