"""`schema` prints the published JSON Schemas."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.unit.cli.builders import ran

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PUBLISHED = {path.name.removesuffix(".schema.json"): path for path in FOLDER.glob("*.schema.json")}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_each_published_schema_is_printed_as_it_is(name: str) -> None:
    run = ran(("schema", name))
    assert (run.code, run.stderr) == (0, "")
    assert json.loads(run.stdout) == json.loads(PUBLISHED[name].read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(json.loads(run.stdout))


def test_without_a_name_they_are_listed_with_their_titles() -> None:
    run = ran(("schema",))
    assert run.code == 0
    assert [line.split()[0] for line in run.stdout.splitlines()] == sorted(PUBLISHED)
    assert "ecs-deploy config show --output json" in run.stdout


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(("histroy",), "`histroy` is not the name of a schema. Did you mean `history`?", id="a slip"),
        pytest.param(("xyzzy",), "There are `cluster-status`, ", id="nothing near"),
        pytest.param(("history", "doctor"), "prints one schema, not 2. Name one of them.", id="two"),
    ],
)
def test_what_is_asked_wrong_is_64(names: tuple[str, ...], said: str) -> None:
    run = ran(("schema", *names))
    assert (run.code, run.stdout) == (64, "")
    assert said in run.stderr
