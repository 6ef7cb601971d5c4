"""`schema` prints the published JSON Schemas."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.commands import COMMANDS, load
from tests.unit.cli.builders import ran

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PUBLISHED = {path.name.removesuffix(".schema.json"): path for path in FOLDER.glob("*.schema.json")}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_each_published_schema_is_printed_as_it_is(name: str) -> None:
    run = ran(("schema", name))
    assert (run.code, run.stderr) == (0, "")
    assert json.loads(run.stdout) == json.loads(PUBLISHED[name].read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(json.loads(run.stdout))


OF_COMMANDS: Mapping[str, Sequence[str]] = {
    "events": ("deploy", "apply", "plan", "run", "watch", "rollback", "stop", "continue", "create", "demo"),
    "status": ("status",),
    "cluster-status": ("status",),
    "plan": ("plan",),
    "record": ("deploy",),
    "release": ("apply",),
    "rehearse": ("rehearse",),
    **{
        name: (name,) for name in ("history", "logs", "doctor", "exec", "scale", "schedules", "prune", "init", "config")
    },
}
"""Which commands print, write or read what each schema describes."""


def test_every_command_that_prints_json_has_a_published_schema() -> None:
    printing = {name for name in COMMANDS for option in load(name).options if "json" in option.words}
    assert OF_COMMANDS.keys() == PUBLISHED.keys()
    assert printing - {name for names in OF_COMMANDS.values() for name in names} == set()


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_test_holds_real_output_to_each_of_them(name: str) -> None:
    """Each is loaded by the tests of its command, which validate what the command prints."""
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert any(f"{name}.schema.json" in text or f'_closed("{name}")' in text for text in texts)


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
