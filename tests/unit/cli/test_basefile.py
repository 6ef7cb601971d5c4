"""`--task-definition-file` (D5)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.cli.files.basefile import read_base
from ecsdeploy.model.request import FromFile
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.cli.builders import IMAGE, WEB, Api, ran, surroundings

APP = {"name": "app", "image": "x", "memory": 128}
BARE = {"family": "web", "containerDefinitions": [APP], "brandNewField": {"a": [1]}}
TAGS = [{"key": "team", "value": "a"}]
SKELETON = BARE | {"taskRoleArn": "", "executionRoleArn": "", "cpu": "", "volumes": [], "tags": TAGS}

FORMS = [
    pytest.param(BARE, BARE, (), id="bare"),
    pytest.param({"taskDefinition": BARE}, BARE, (), id="wrapped"),
    pytest.param({"taskDefinition": BARE, "tags": TAGS}, BARE, (("team", "a"),), id="wrapped with tags beside it"),
    pytest.param(SKELETON, BARE | {"volumes": []}, (("team", "a"),), id="skeleton"),
    pytest.param(BARE | {"volumes": None, "executionRoleArn": None}, BARE, (), id="nulls"),
    pytest.param(
        BARE | {"containerDefinitions": [APP | {"command": None, "environment": [None, {"name": "A", "value": ""}]}]},
        BARE | {"containerDefinitions": [APP | {"environment": [{"name": "A", "value": ""}]}]},
        (),
        id="nulls within, and an empty value that is meant",
    ),
    pytest.param({"taskDefinition": BARE, "tags": None}, BARE, (), id="null tags"),
]


@pytest.mark.parametrize(("content", "payload", "tags"), FORMS)
def test_d5_each_form_gives_the_definition(
    content: object, payload: dict[str, object], tags: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    (tmp_path / "d.json").write_text(json.dumps(content), encoding="utf-8-sig")
    definition = TaskDefinition(payload=payload, tags=tags)
    assert read_base("d.json", tmp_path) == FromFile(path="d.json", definition=definition)


WRONG = [
    pytest.param("", "is not JSON", id="empty"),
    pytest.param("{", "is not JSON: line 1, column 2: expecting property name", id="broken"),
    pytest.param(
        '{"family": "web",\n "a', "line 2, column 2: unterminated string starting at. Is the file complete?", id="cut"
    ),
    pytest.param(
        '{"family": "web"', "line 1, column 17: expecting ',' delimiter. Is the file complete?", id="cut early"
    ),
    pytest.param('{"a": 1 "b": 2}', "line 1, column 9: expecting ',' delimiter.\n", id="no comma"),
    pytest.param("[]", "holds no JSON object", id="a list"),
    pytest.param('{"family": NaN}', "is not JSON", id="NaN"),
    pytest.param("[" * 60_000, "is not JSON", id="deep"),
    pytest.param('{"a":' * 900 + "1" + "}" * 900, "is nested too deep", id="nested"),
    pytest.param('{"taskDefinition": "web:1"}', "`taskDefinition`", id="wrapped text"),
    pytest.param(json.dumps({"containerDefinitions": [APP]}), "no `family`", id="no family"),
    pytest.param(json.dumps({"family": "web"}), "no `containerDefinitions`", id="no containers"),
    pytest.param(json.dumps(BARE | {"containerDefinitions": [None]}), "no container in its", id="null container"),
    pytest.param(json.dumps(BARE | {"containerDefinitions": "x"}), "that are not a list", id="text for containers"),
    pytest.param(json.dumps(BARE | {"containerDefinitions": APP}), "that are not a list", id="one container"),
    pytest.param(json.dumps(BARE | {"containerDefinitions": ["x"]}), "that is not an object", id="text for one"),
    pytest.param(json.dumps(BARE | {"family": 5}), "`family` that is not a text", id="family as a number"),
    pytest.param(json.dumps(BARE | {"containerDefinitions": [{}]}), "without a `name`", id="nameless container"),
    pytest.param(json.dumps(BARE | {"tags": {"a": "b"}}), "`tags`", id="tags as an object"),
    pytest.param(json.dumps(BARE | {"x": "y" * 66_000}), "as compact JSON, and ECS takes 65536", id="large"),
    pytest.param(json.dumps(BARE) + " " * 2_000_000, "larger than 1 MiB", id="very large"),
]


@pytest.mark.parametrize(("text", "what"), WRONG)
def test_d5_an_unusable_file_is_1_in_one_line(text: str, what: str, api: Api, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(text)
    run = ran((*WEB, "-i", IMAGE, "--task-definition-file", "d.json"), surroundings(tmp_path))
    assert (run.code, run.stdout, api.accesses) == (1, "", [])
    assert run.stderr.startswith("The task definition file `d.json` ")
    assert what in run.stderr
    assert run.stderr.count("\n") == 1


def test_d5_a_missing_file_is_1_in_one_line(api: Api, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for name in ("missing.json", "folder", "bytes"):
        run = ran((*WEB, "-i", IMAGE, "--task-definition-file", name), surroundings(tmp_path))
        assert (run.code, run.stdout, api.accesses) == (1, "", [])
        assert f"`{name}`" in run.stderr
        assert run.stderr.count("\n") == 1


def test_a_file_is_the_base_of_the_edits(api: Api, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps(BARE))
    words = ("--task-definition-file", "d.json", "--use-latest-task-def")
    assert ran((*WEB, "-i", IMAGE, *words), surroundings(tmp_path)).code == 0
    assert api.deployed.base == FromFile(path="d.json", definition=TaskDefinition(payload=BARE))


def test_p07_the_limit_is_of_compact_json_without_nulls(api: Api, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps(BARE | {"volumes": None}, indent=40) + " " * 70_000)
    run = ran((*WEB, "-i", IMAGE, "--task-definition-file", "d.json"), surroundings(tmp_path))
    assert run.code == 0
