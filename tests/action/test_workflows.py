"""The workflows of the page about the Action are played: those of others differ from theirs in `uses:` alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim import scenario as scenarios
from tests.action.cases import CASES, definition
from tests.action.official import recorded
from tests.action.steps import Step, step
from tests.action.test_beside_official import VERDICTS
from tests.cli.worlds import NEW
from tests.docs.examples import fences
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "how-to" / "use-the-github-action.md"
WORKFLOWS = [fence.text for fence in fences(PAGE) if fence.language == "yaml"]
OFFICIAL, SCRIPT, OURS = range(3)
THEIRS = {
    OFFICIAL: "aws-actions/amazon-ecs-deploy-task-definition@v2",
    SCRIPT: "silinternational/ecs-deploy@master",
}
ENDS = [
    pytest.param("good", "succeeded", "", id="good"),
    pytest.param("crash-loop", "rolled_back", "E-CONTAINER-EXIT", id="crash loop"),
    pytest.param("superseded", "superseded", "", id="superseded"),
]
TASK = {
    "run-task": "true",
    "wait-for-task-stopped": "true",
    "run-task-subnets": "subnet-1",
    "run-task-container-overrides": '[{"name": "app", "command": ["true"]}]',
}
ROWS = {
    "the release works": "good",
    "every new task crashes, and ECS rolls back": "crash loop",
    "another release replaces it": "superseded",
    "`run-task` runs a task that fails": "run-task that fails",
    "the service does not exist": "no such service",
}


def _step_of(workflow: str) -> Mapping[str, Any]:
    (job,) = YAML(typ="safe").load(workflow)["jobs"].values()
    (ours,) = (each for each in job["steps"] if each.get("uses", "").startswith("OWNER/ecs-deploy@"))
    return dict(ours)


def _inputs(workflow: str) -> dict[str, str]:
    given = {name: str(value) for name, value in _step_of(workflow)["with"].items()}
    return {name: re.sub(r"\$\{\{ secrets\.\w+ \}\}", "example", value) for name, value in given.items()}


def _world(name: str) -> World:
    """A shipped scenario, with the names of the page."""
    text = (Path(scenarios.__file__).parents[1] / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    renamed = text.replace('cluster = "prod"', 'cluster = "my-cluster"')
    return World(parse_scenario(re.sub(r'(name|service) = "web"', r'\1 = "my-service"', renamed)))


def _played(number: int, scenario: str, folder: Path, more: Mapping[str, str] | None = None) -> Step:
    (folder / "task-definition.json").write_text(json.dumps(definition(NEW)), encoding="utf-8")
    return step(_world(scenario), folder, _inputs(WORKFLOWS[number]) | dict(more or {}), whole=True)


@pytest.mark.parametrize("number", [OFFICIAL, SCRIPT, OURS], ids=["official", "script", "ours"])
@pytest.mark.parametrize(("scenario", "verdict", "cause"), ENDS)
def test_a_workflow_tells_the_truth(number: int, scenario: str, verdict: str, cause: str, tmp_path: Path) -> None:
    done = _played(number, scenario, tmp_path)
    assert (done.outputs["verdict"], done.outputs.get("cause-code", "")) == (verdict, cause), done.said
    assert (done.code == 0) == (verdict == "succeeded")


def test_a_workflow_runs_a_task_before_it_releases(tmp_path: Path) -> None:
    done = _played(OFFICIAL, "good", tmp_path, TASK)
    (task,) = json.loads(done.outputs["run-task-arn"])
    assert (done.code, task.split(":")[5].split("/")[:2]) == (0, ["task", "my-cluster"]), done.said
    assert [call.operation for call in done.played.world.calls if call.operation in {"RunTask", "UpdateService"}] == [
        "RunTask",
        "UpdateService",
    ]


@pytest.mark.parametrize("number", THEIRS)
def test_the_line_that_changes_is_named(number: int) -> None:
    lines = [line.strip() for line in WORKFLOWS[number].splitlines()]
    at = lines.index(f"# was: {THEIRS[number]}")
    assert lines[at + 1] == f"- uses: {_step_of(WORKFLOWS[number])['uses']}"


@pytest.mark.parametrize("number", [OFFICIAL, SCRIPT, OURS], ids=["official", "script", "ours"])
def test_github_s_schema_holds(number: int, tmp_path: Path) -> None:
    file = tmp_path / "workflow.yml"
    file.write_text(WORKFLOWS[number], encoding="utf-8")
    words = [
        str(Path(sys.executable).with_name("check-jsonschema")),
        "--builtin-schema",
        "vendor.github-workflows",
        str(file),
    ]
    checked = subprocess.run(words, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("row", "case"), ROWS.items())
def test_the_table_of_the_page_is_what_was_recorded_and_played(row: str, case: str, tmp_path: Path) -> None:
    (line,) = (each for each in PAGE.read_text(encoding="utf-8").splitlines() if each.startswith(f"| {row} |"))
    _, theirs, ours, code = (cell.strip() for cell in line.strip("|").split("|"))
    CASES[case].write(tmp_path)
    done = step(CASES[case].world(), tmp_path, CASES[case].inputs)
    assert theirs.split(",")[0] == ("red" if recorded()[case].exit_code else "green")
    assert ours.startswith(f"{'red' if done.code else 'green'}, `{VERDICTS[case][1]}`")
    assert code.strip("`") == done.outputs.get("cause-code", "")
