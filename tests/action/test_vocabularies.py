"""Whose inputs they are, which do not go together, and which nobody reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from action.entry import WHOLE, inputs_of, perform
from action.vocabularies import Vocabulary, unknown_in, vocabulary_of
from ecsdeploy.cli.play.simulated import inside
from tests.action.steps import step
from tests.cli.worlds import NEW, a_world, surroundings


def test_inputs_come_by_name_in_lower_case_and_empty_ones_are_not_given() -> None:
    variables = {"INPUT_CLUSTER": "prod", "INPUT_RUN-TASK-ASSIGN-PUBLIC-IP": "ENABLED", "INPUT_TAG": "", "PATH": "/bin"}
    assert inputs_of(variables) == {"cluster": "prod", "run-task-assign-public-ip": "ENABLED"}
    whole = json.dumps({"cluster": "other", "Service": " web ", "tag": "", "image": None})
    assert inputs_of({**variables, WHOLE: whole}) == {
        "cluster": "other",
        "run-task-assign-public-ip": "ENABLED",
        "service": "web",
    }


@pytest.mark.parametrize("text", ["{", "[]"])
def test_an_object_that_is_none_contacts_nobody(text: str, tmp_path: Path) -> None:
    variables = {WHOLE: text, "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(tmp_path)}
    around = inside(a_world(), surroundings(tmp_path, variables))
    assert perform(around) == 64
    said = around.stderr.getvalue().splitlines()  # type: ignore[attr-defined]
    assert said[1].startswith("::error title=ecs-deploy::The variable `ACTION_INPUTS` holds no JSON object.")
    # A file of outputs that cannot be written is a warning.
    assert said[2].startswith("Warning: the step's outputs `")


@pytest.mark.parametrize(
    ("names", "vocabulary"),
    [
        pytest.param(("cluster", "service", "image"), Vocabulary.OURS, id="ours"),
        pytest.param(("cluster", "service", "task-definition"), Vocabulary.OFFICIAL, id="official"),
        pytest.param(("cluster", "service_name", "image"), Vocabulary.SCRIPT, id="script"),
        pytest.param(("cluster_cmd", "cluster", "image"), Vocabulary.SCRIPT, id="script by a command"),
        pytest.param(("task-definition", "service", "on-failure"), Vocabulary.OFFICIAL, id="official and ours"),
    ],
)
def test_a_name_that_only_one_has_tells_whose_they_are(names: tuple[str, ...], vocabulary: Vocabulary) -> None:
    assert vocabulary_of(dict.fromkeys(names, "x")) is vocabulary


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("service_name", "task-definition"),
        ("cluster_cmd", "service"),
        ("service_name", "on-failure"),
        ("task-definition", "base"),
        ("task-definition", "revision"),
        ("task-definition-arn", "image"),
        ("wait-for-service-stability", "wait-until"),
        ("wait-for-minutes", "timeout"),
        ("enable-ecs-managed-tags", "managed-tags"),
        ("run-task", "tag"),
        ("run-task", "env"),
        ("run-task", "before"),
        ("task-definition-arn", "secrets"),
    ],
)
def test_inputs_that_contradict_each_other_contact_nobody(first: str, second: str, tmp_path: Path) -> None:
    done = step(a_world(), tmp_path, {"cluster": "prod", first: "true", second: "x"})
    assert (done.code, done.played.world.calls) == (64, ())
    (line,) = (each for each in done.said.splitlines() if each.startswith("::error"))
    assert f"The inputs `{first}` and `{second}` do not go together" in line
    assert done.outputs == {"exit-code": "64", "cause": line.partition("::error title=ecs-deploy::")[2]}


def test_an_unknown_input_is_a_warning_that_names_the_nearest(tmp_path: Path) -> None:
    assert list(unknown_in({"clutser": "prod"})) == [
        "`clutser` is no input of this Action, and not read. Did you mean `cluster`?"
    ]
    done = step(a_world(), tmp_path, {"cluster": "prod", "service": "web", "image": NEW, "time-out": "15m"}, whole=True)
    assert done.code == 0, done.said
    assert (
        "::warning title=ecs-deploy::`time-out` is no input of this Action, and not read. Did you mean `timeout`?"
        in (done.said)
    )


def test_a_sentence_is_no_workflow_command(tmp_path: Path) -> None:
    done = step(a_world(), tmp_path, {"x\n::add-mask::a%0A::warning::b": "1", "cluster": "prod"}, whole=True)
    commands = [line for line in done.said.splitlines() if line.lstrip().startswith("::")]
    assert [line.split("::")[1] for line in commands] == ["warning title=ecs-deploy", "error title=ecs-deploy"]
    assert "%250a" in commands[0]
