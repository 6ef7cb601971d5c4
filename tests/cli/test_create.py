"""The command `create`: a new service from two files, followed like a deploy, in virtual time."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import CRASHES, NEW, Played, a_world, fault, play, service, surroundings
from tests.unit.sim.builders import call

DEFINITION = {
    "family": "api",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "registry.example.com/team/web:1", "essential": True}],
}
SERVICE: dict[str, Any] = {
    "desiredCount": 2,
    "launchType": "FARGATE",
    "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}},
    "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
    "platformVersion": None,
}
NAMES = ("-c", "prod", "-n", "api")
FILES = ("--service-file", "service.json", "--base", "definition.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "service.json").write_text(json.dumps(SERVICE))
    (tmp_path / "definition.json").write_text(json.dumps(DEFINITION))
    return tmp_path


def create(folder: Path, world: World, *words: str) -> Played:
    return play(world, ("create", *words), replace(surroundings(), cwd=folder))


def written(played: Played) -> list[str]:
    return [name for name in ("RegisterTaskDefinition", "CreateService") if played.requests(name)]


def test_the_service_is_created_with_the_edits_and_followed(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--image", NEW, "--env", "LEVEL=debug")
    assert played.code == 0
    (sent,) = played.requests("CreateService")
    assert sent.pop("clientToken")  # type: ignore[attr-defined]
    assert sent == {
        **{name: member for name, member in SERVICE.items() if member is not None},
        "cluster": "prod",
        "serviceName": "api",
        "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/api:1",
    }
    (container,) = played.registered["containerDefinitions"]
    assert (container["image"], container["environment"]) == (NEW, [{"name": "LEVEL", "value": "debug"}])
    assert (played.result["status"], played.result["service"], played.result["account"]) == (
        "succeeded",
        "api",
        "123456789012",
    )
    assert "api:1 2/2 running" in played.stderr


def test_the_plan_says_where_the_service_will_be(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--dry-run", "--output", "json")
    assert played.events[0]["place"] == {
        "cluster": "prod",
        "service": "api",
        "region": "us-east-1",
        "account": "123456789012",
    }


def test_a_size_that_fargate_does_not_have_is_refused_before_a_write(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--task-cpu", "300")
    assert (played.code, written(played)) == (26, [])
    assert "Fargate has no size of `300` CPU units with `512` MiB" in " ".join(played.stderr.split())


def test_a_member_that_nobody_knows_is_warned_of_in_the_words_of_the_service(folder: Path) -> None:
    (folder / "service.json").write_text(json.dumps({**SERVICE, "enableExecuteComand": True}))
    played = create(folder, a_world(), *NAMES, *FILES, "--dry-run")
    said = " ".join(played.said.split())
    assert "does not know `enableExecuteComand` of the service" in said
    assert "ECS may ignore what it does not know." in said


def test_a_service_whose_tasks_crash_has_failed(folder: Path) -> None:
    played = create(folder, a_world(service(), CRASHES), *NAMES, *FILES, "--image", NEW)
    assert (played.code, played.result["status"]) == (20, "failed")
    assert played.result["cause"]["code"] == "E-CONTAINER-EXIT"
    assert (played.result["from_revision"], "rollback" in played.stderr.partition("FAILED")[2]) == ("", False)


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--dry-run")
    assert (played.code, written(played)) == (0, [])
    assert "create the service with the new revision" in played.said


def test_a_service_that_exists_is_refused_and_one_that_was_deleted_is_not(folder: Path) -> None:
    world = a_world()
    first = create(folder, world, "-c", "prod", "-n", "web", *FILES)
    assert (first.code, written(first)) == (26, [])
    assert "The service `web` exists in `prod`: it runs web:1." in first.stderr
    call(world, "DeleteService", cluster="prod", service="web", force=True)
    going = create(folder, world, "-c", "prod", "-n", "web", *FILES)
    assert (going.code, "it is being deleted" in going.stderr) == (26, True)
    world.clock.sleep(600)
    assert create(folder, world, "-c", "prod", "-n", "web", *FILES).code == 0


def test_a_lost_reply_creates_one_service(folder: Path) -> None:
    world = a_world(service(), fault(operation="CreateService", error="reset-after"))
    played = create(folder, world, *NAMES, *FILES)
    assert (played.code, len({each["clientToken"] for each in played.requests("CreateService")})) == (0, 1)


def test_a_lost_reply_before_a_refusal_is_unknown(folder: Path) -> None:
    lost = fault(operation="CreateService", error="reset-after")
    denied = fault(operation="CreateService", error="AccessDeniedException", after=1, times=0)
    played = create(folder, a_world(service(), lost, denied), *NAMES, *FILES)
    assert (played.code, played.result["status"]) == (24, "unknown")


def test_detached_it_does_not_wait(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--detach")
    assert (played.code, played.result["status"]) == (0, "detached")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((*NAMES, "--base", "definition.json"), 64, "`--service-file FILE` is missing."),
        ((*NAMES, "--service-file", "service.json"), 64, "`--base FILE` is missing."),
        ((*NAMES, "--service-file", "no.json", "--base", "definition.json"), 64, "The service file `no.json` cannot"),
        (("-n", "api", *FILES), 64, "No cluster is named."),
        (("-c", "nowhere", "-n", "api", *FILES), 26, "The cluster `nowhere` does not exist"),
        ((*NAMES, *FILES, "--env", "nosuch:A=b"), 64, "nosuch"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    folder: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    played = create(folder, a_world(), *words)
    assert (played.code, written(played)) == (code, [])
    assert says in played.stderr


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"desiredCount": None}, "has no `desiredCount`"),
        ({"serviceName": "web"}, "has another `serviceName` than `-n` names"),
        ({"cluster": "staging"}, "has another `cluster` than `-c` names"),
        ({"desiredCount": "two"}, "`desiredCount` must be"),
    ],
)
def test_a_file_that_is_wrong_is_named(folder: Path, members: dict[str, object], says: str) -> None:
    (folder / "service.json").write_text(json.dumps(SERVICE | members))
    played = create(folder, a_world(), *NAMES, *FILES)
    assert (played.code, written(played)) == (64, [])
    assert says in played.stderr


def test_a_member_that_nothing_knows_is_sent_with_a_warning(folder: Path) -> None:
    (folder / "service.json").write_text(json.dumps(SERVICE | {"notInTheSdkYet": True}))
    played = create(folder, a_world(), *NAMES, *FILES)
    assert "`notInTheSdkYet`" in played.stderr
    assert played.requests("CreateService")[0]["notInTheSdkYet"] is True


def test_in_another_account_than_expected_nothing_is_written(folder: Path) -> None:
    played = create(folder, a_world(), *NAMES, *FILES, "--expect-account", "999999999999")
    assert (played.code, written(played)) == (26, [])
    assert "999999999999" in played.stderr
    assert create(folder, a_world(), *NAMES, *FILES, "--expect-account", "123456789012").code == 0
