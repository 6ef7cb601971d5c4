"""`--base FILE` alone registers what the file has, and `--run-task` runs one task of it; `--revision` deploys one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, WEB, Played, a_world, behaves, play, service, surroundings

STARTED_BY = "nightly"
ALONE = ("--base", "d.json")
NETWORK = ("--launch-type", "FARGATE", "--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}")
RUN = (*ALONE, "-c", "prod", "--run-task", "--wait-for-success", *NETWORK)
FARGATE = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}


def _played(folder: Path, *words: str, family: str = "web", image: str = NEW, world: World | None = None) -> Played:
    definition = {"family": family, "containerDefinitions": [{"name": "app", "image": image}], **FARGATE}
    (folder / "d.json").write_text(json.dumps(definition))
    return play(world or a_world(), words, surroundings(folder))


def test_a_file_alone_is_registered(tmp_path: Path) -> None:
    run = _played(tmp_path, *ALONE)
    assert (run.code, run.registered["family"], run.requests("UpdateService")) == (0, "web", [])
    assert run.lines[-1] == "Task definition updated successfully"


def test_a_family_may_begin_with_a_file(tmp_path: Path) -> None:
    run = _played(tmp_path, *ALONE, family="new")
    assert (run.code, run.result["to_revision"].rsplit("/", 1)[-1]) == (0, "new:1")


def test_a_task_of_a_file_is_run(tmp_path: Path) -> None:
    run = _played(tmp_path, *RUN, world=a_world(service(), behaves(NEW, run="exit", exit_code=0, after=5)))
    assert (run.code, run.requests("RunTask")[0]["startedBy"]) == (0, "ecs-deploy")


def test_a_word_of_base_names_no_family(tmp_path: Path) -> None:
    assert _played(tmp_path, "--base", "latest").code == 5


def _with_input(folder: Path, text: str) -> Played:
    (folder / "input.json").write_text(text)
    world = a_world(service(), behaves(NEW, run="exit", exit_code=0, after=5))
    return _played(folder, *RUN, "--run-task-input", "input.json", world=world)


def test_members_without_an_option_reach_run_task(tmp_path: Path) -> None:
    members = {
        "overrides": {"containerOverrides": [{"name": "app", "command": ["true"]}]},
        "tags": [{"key": "team", "value": "web"}],
        "startedBy": STARTED_BY,
        "enableECSManagedTags": None,
    }
    run = _with_input(tmp_path, json.dumps(members))
    (sent,) = run.requests("RunTask")
    assert run.code == 0, run.said
    assert {name: sent.get(name) for name in members} == members


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{", "is not JSON", id="no JSON"),
        pytest.param("[]", "holds no JSON object", id="no object"),
        pytest.param('{"count": 3}', "has `count`, but we run one task, once", id="count"),
        pytest.param('{"cluster": "prod"}', "has `cluster`, which has an option. Use `-c`.", id="has an option"),
        pytest.param('{"overides": {}}', "`overides`. Did you mean `overrides`?", id="unknown"),
    ],
)
def test_an_input_that_cannot_be_used_writes_nothing(text: str, said: str, tmp_path: Path) -> None:
    run = _with_input(tmp_path, text)
    assert (run.code, run.world.calls) == (1, ())
    assert said in run.stderr


def test_an_input_that_is_not_there_writes_nothing(tmp_path: Path) -> None:
    run = _played(tmp_path, *RUN, "--run-task-input", "no.json")
    assert (run.code, run.world.calls) == (1, ())
    assert "`no.json`, cannot be read: No such file or directory." in run.stderr


def test_an_input_needs_a_task(tmp_path: Path) -> None:
    assert _played(tmp_path, *ALONE, "--run-task-input", "d.json").code == 11


def test_a_revision_is_deployed_as_it_is(tmp_path: Path) -> None:
    world = a_world()
    registered = _played(tmp_path, *ALONE, world=world).result["to_revision"]
    count = len(world.calls)
    run = play(world, ("deploy", *WEB, "--revision", "web:2"))
    assert (run.code, run.result["status"], run.result["to_revision"]) == (0, "succeeded", registered)
    assert [call.operation for call in world.calls[count:]].count("RegisterTaskDefinition") == 0


def test_the_revision_in_use_is_deployed_again_where_that_is_forced() -> None:
    unforced = play(a_world(), ("deploy", *WEB, "--revision", "web:1"))
    assert (unforced.code, unforced.result["status"], unforced.requests("UpdateService")) == (0, "unchanged", [])
    run = play(a_world(), ("deploy", *WEB, "--revision", "web:1", "--force-new-deployment"))
    assert (run.code, run.result["status"], run.updated["forceNewDeployment"]) == (0, "succeeded", True)


@pytest.mark.parametrize("other", [("-i", NEW), ("--tag", "3"), ("--task-definition-file", "d.json")])
def test_nothing_that_asks_for_a_new_revision_goes_with_one(other: tuple[str, ...], tmp_path: Path) -> None:
    run = _played(tmp_path, *WEB, "--revision", "web:1", *other)
    assert (run.code, run.world.calls) == (1, ())
    assert f"`--revision` deploys a revision as it is, and `{other[0]}` asks for a new one." in run.stderr
