"""`--volume-configurations`: how volumes are configured at launch changes with a release, and goes back with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, WEB, Played, a_world, behaves, fault, play, service, shipped, surroundings

ROLE = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
DATA = {"name": "data", "managedEBSVolume": {"roleArn": ROLE, "sizeInGiB": 20, "volumeType": "gp3"}}
DEPLOY = ("deploy", *WEB, "--base", "definition.json", "--volume-configurations", "volumes.json")
DEFINITION = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": NEW, "essential": True}],
    "volumes": [{"name": "data", "configuredAtLaunch": True}],
}


def _released(folder: Path, world: World, *options: str, volumes: object = (DATA,)) -> Played:
    (folder / "definition.json").write_text(json.dumps(DEFINITION))
    (folder / "volumes.json").write_text(volumes if isinstance(volumes, str) else json.dumps(volumes))
    return play(world, (*DEPLOY, *options), surroundings(folder))


def test_what_the_file_has_is_sent(tmp_path: Path) -> None:
    run = _released(tmp_path, a_world())
    assert (run.code, run.updated["volumeConfigurations"]) == (0, [DATA]), run.said


def test_the_plan_shows_it(tmp_path: Path) -> None:
    run = _released(tmp_path, a_world(), "--dry-run")
    assert "+ volumeConfigurations data added ({" in run.said


def test_a_plan_to_paste_repeats_it(tmp_path: Path) -> None:
    (tmp_path / "volumes.json").write_text("[]")
    run = play(
        shipped("crash-loop"),
        ("deploy", *WEB, "--image", NEW, "--volume-configurations", "volumes.json"),
        surroundings(tmp_path),
    )
    assert "--volume-configurations volumes.json" in run.stderr


def test_what_is_not_asked_for_is_left_alone() -> None:
    updated = play(a_world(), ("deploy", *WEB, "--image", NEW)).updated
    assert updated.get("volumeConfigurations") is None


def test_a_definition_that_lacks_the_volume_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    run = _released(tmp_path, a_world(), volumes=[DATA | {"name": "other"}])
    assert (run.code, run.requests("RegisterTaskDefinition")) == (26, [])
    assert "configures the volume `other` at launch" in run.said
    assert "The volume `data` of the definition is configured at launch" in run.said


def test_our_rollback_puts_them_back(tmp_path: Path) -> None:
    world = a_world(
        service(),
        behaves(NEW, run="exit", exit_code=1, after=4),
        fault(operation="StopServiceDeployment", error="AccessDeniedException"),
    )
    run = _released(tmp_path, world, "--on-failure", "rollback")
    assert (run.code, run.requests("UpdateService")[-1]["volumeConfigurations"]) == (21, []), run.said


def test_what_ecs_takes_back_it_takes_back_with_the_volumes(tmp_path: Path) -> None:
    run = _released(tmp_path, shipped("crash-loop"), "--on-failure", "rollback", "--min", "50")
    sent = [request.get("volumeConfigurations") for request in run.requests("UpdateService")]
    assert (run.code, sent) == (21, [[DATA], None]), run.said
    assert "W-SIZING-NOT-RESTORED" not in run.said


@pytest.mark.parametrize(
    ("volumes", "said"),
    [
        pytest.param("{", "is not JSON.", id="no JSON"),
        pytest.param({}, "holds no list of objects.", id="no list"),
        pytest.param(["data"], "holds no list of objects.", id="no objects"),
        pytest.param([{"name": "data"}], "has a volume without `name` or `managedEBSVolume`.", id="nothing configured"),
        pytest.param([DATA | {"size": 1}], "has a member that UpdateService does not know: `size`.", id="a member"),
        pytest.param(
            [{"name": "data", "managedEBSVolume": {"roleArn": ROLE, "sizeInGib": 1}}],
            "has a member that UpdateService does not know: `sizeInGib`. Did you mean `sizeInGiB`?",
            id="a member of it",
        ),
        pytest.param(
            [{"name": "data", "managedEBSVolume": {}}], "has a volume without `roleArn`. It is the role", id="no role"
        ),
        pytest.param(
            [{"name": "data", "managedEBSVolume": {"roleArn": ROLE, "sizeInGiB": "20"}}],
            "has a `sizeInGiB` that is not a whole number.",
            id="a kind",
        ),
    ],
)
def test_a_file_that_cannot_be_used_contacts_nobody(volumes: object, said: str, tmp_path: Path) -> None:
    run = _released(tmp_path, a_world(), volumes=volumes)
    assert (run.code, run.world.calls) == (64, ())
    assert f"The file of `--volume-configurations`, `volumes.json`, {said}" in run.stderr


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    run = play(
        a_world(), ("deploy", *WEB, "--image", NEW, "--volume-configurations", "no.json"), surroundings(tmp_path)
    )
    assert (run.code, run.world.calls) == (64, ())
    assert "`no.json`, cannot be read: No such file or directory." in run.stderr


def test_a_forced_deployment_changes_none(tmp_path: Path) -> None:
    (tmp_path / "volumes.json").write_text("[]")
    options = ("--force-new-deployment", "--volume-configurations", "volumes.json")
    run = play(a_world(), ("deploy", *WEB, *options), surroundings(tmp_path))
    assert (run.code, run.world.calls) == (64, ())
    assert "`--force-new-deployment` changes nothing but the revision, and `--volume-configurations`" in run.stderr
