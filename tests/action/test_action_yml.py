"""What `action.yml` declares is what the entry reads, and a schema of GitHub's holds for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from action.entry import WHOLE
from action.outputs import outputs_of
from action.vocabularies import OFFICIAL, OURS, SCRIPT

ROOT = Path(__file__).parents[2]
DECLARED = YAML(typ="safe").load(ROOT / "action.yml")
OURS_OUT = ("verdict", "exit-code", "cause-code", "cause", "from-revision", "to-revision", "deployment-id", "report")


def test_each_input_that_is_read_is_declared_and_no_other() -> None:
    assert {name.lower() for name in DECLARED["inputs"]} == {*OURS, *OFFICIAL, *SCRIPT}
    assert all(each["description"] for each in DECLARED["inputs"].values())
    assert not any(each.get("required") or "default" in each for each in DECLARED["inputs"].values())


def test_each_output_is_that_of_the_step() -> None:
    assert set(DECLARED["outputs"]) == {*OURS_OUT, *outputs_of((), 0)}
    for name, each in DECLARED["outputs"].items():
        assert each["value"] == f"${{{{ steps.release.outputs.{name} }}}}"


def test_inputs_reach_the_program_through_its_environment_alone() -> None:
    (step,) = DECLARED["runs"]["steps"]
    assert step["env"] == {WHOLE: "${{ toJSON(inputs) }}"}
    assert step["run"] == 'exec "$GITHUB_ACTION_PATH/action/run"'


def test_github_s_schema_holds() -> None:
    words = [
        str(Path(sys.executable).with_name("check-jsonschema")),
        "--builtin-schema",
        "vendor.github-actions",
        "action.yml",
    ]
    checked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
