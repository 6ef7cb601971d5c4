"""Ours beside the recorded runs of AWS's own Action: the same is written and put out, and the verdict is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.action.cases import CASES
from tests.action.official import recorded, writes
from tests.action.steps import Step, step

RECORDED = recorded()
each_case = pytest.mark.parametrize("name", CASES)
VERDICTS = {
    "good": (0, "succeeded"),
    "crash loop": (21, "rolled_back"),
    "superseded": (23, "superseded"),
    "run-task": (0, "succeeded"),
    "run-task that fails": (1, "failed"),
    "run-task alone": (0, "succeeded"),
    "no wait": (0, "detached"),
    "register alone": (0, "succeeded"),
    "a new family": (0, "succeeded"),
    "downloaded": (0, "succeeded"),
    "yaml": (0, "succeeded"),
    "count and force": (0, "succeeded"),
    "minutes": (0, "succeeded"),
    "codedeploy": (0, "succeeded"),
    "codedeploy, by default": (0, "succeeded"),
    "volume": (0, "succeeded"),
    "volume without its name": (0, "succeeded"),
    "no such service": (26, "refused"),
}
NOT_TRUE = {"crash loop": "It was rolled back.", "superseded": "Another release replaced it."}
"""Theirs is green there."""
EARLIER = {"no such service"}
"""Ours looks at the service before it registers anything."""


def _played(name: str, folder: Path) -> Step:
    case = CASES[name]
    case.write(folder)
    return step(case.world(), folder, case.inputs)


def test_every_case_is_recorded() -> None:
    assert set(RECORDED) == set(CASES) == set(VERDICTS)


@each_case
def test_the_verdict_is_true(name: str, tmp_path: Path) -> None:
    done, theirs = _played(name, tmp_path), RECORDED[name]
    assert (done.code, done.outputs.get("verdict")) == VERDICTS[name], done.said
    assert done.outputs["exit-code"] == str(done.code)
    assert (theirs.exit_code == 0) == (done.code == 0 or name in NOT_TRUE)


@each_case
def test_the_same_is_written(name: str, tmp_path: Path) -> None:
    ours, theirs = _sent(name, tmp_path), [(each, _comparable(dict(sent))) for each, sent in RECORDED[name].writes]
    if name == "count and force":
        # A revision that is new begins a deployment, forced or not.
        theirs[-1][1].pop("forceNewDeployment")
    assert ours == ([] if name in EARLIER else theirs)


def _sent(name: str, folder: Path) -> list[tuple[str, dict[str, Any]]]:
    done = _played(name, folder)
    return [(operation, _comparable(dict(sent))) for operation, sent in writes(done.played.world)]


def _comparable(sent: dict[str, Any]) -> dict[str, Any]:
    """An AppSpec as its content, without its checksum; without what is a default, or our own description."""
    if "revision" in sent:
        sent["revision"] = json.loads(sent["revision"]["appSpecContent"]["content"])
    ours = str(sent.get("description", "")).startswith("ecs-deploy: ")
    return {name: value for name, value in sent.items() if name != "count" and not (ours and name == "description")}


@each_case
def test_the_same_outputs_have_the_same_values(name: str, tmp_path: Path) -> None:
    done, theirs = _played(name, tmp_path), dict(RECORDED[name].outputs)
    ours = {output: done.outputs[output] for output in theirs if output in done.outputs}
    assert ours == ({} if name in EARLIER else theirs)


def test_nothing_verified_is_a_warning_and_what_is_not_needed_a_notice(tmp_path: Path) -> None:
    unverified, minutes = _played("no wait", tmp_path), _played("minutes", tmp_path)
    assert "::warning title=ecs-deploy::`wait-for-service-stability` is not `true`" in unverified.said
    assert "::notice title=ecs-deploy::`max-retries` is not needed" in minutes.said
    assert "::warning title=ecs-deploy::`wait-for-minutes` is taken as 10" in minutes.said


def test_a_failed_task_touches_no_service(tmp_path: Path) -> None:
    assert [operation for operation, _ in _sent("run-task that fails", tmp_path)] == [
        "RegisterTaskDefinition",
        "RunTask",
    ]
