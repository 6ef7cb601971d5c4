"""Releases that change commands, sizes, roles and the whole of the variables, from the command line to the revision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, a_world, behaves, play, service

PLAIN = [{"name": "LEVEL", "value": "info"}, {"name": "REGION", "value": "us-east-1"}]


def world(*parts: str, launch_type: str = "EC2", task: dict[str, Any] | None = None, **members: Any) -> World:
    app = {"name": "app", "image": OLD, "memory": 128, "environment": PLAIN, **members}
    side = {"name": "side", "image": "registry.example.com/infra/side:1", "memory": 64, "essential": False}
    definition = {"family": "web", "containerDefinitions": [app, side], **(task or {})}
    return a_world(service(launch_type=launch_type, task_definition=definition), *parts)


FARGATE = {"cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}


def test_several_edits_are_one_revision() -> None:
    words = ("--command", "serve --port 80", "--cpu", "0.25 vCPU", "--memory", "side=96", "--task-role", "team")
    played = play(world(), ("deploy", *WEB, *words, "--replace-env", "--env", "LEVEL=debug"))
    assert played.code == 0
    app, side = played.registered["containerDefinitions"]
    assert (app["command"], app["cpu"], app["memory"]) == (["serve", "--port", "80"], 256, 128)
    assert app["environment"] == [{"name": "LEVEL", "value": "debug"}]
    assert (app["image"], side["memory"]) == (OLD, 96)
    assert played.registered["taskRoleArn"] == "arn:aws:iam::123456789012:role/team"


def test_the_flag_form_does_the_same() -> None:
    played = play(world(), (*WEB, "-i", NEW, "--entrypoint", "/init", "--replace-env"))
    assert played.code == 0
    app = played.registered["containerDefinitions"][0]
    assert (app["image"], app["entryPoint"], app["environment"]) == (NEW, ["/init"], [])


def test_a_plan_shows_each_and_of_a_command_a_fingerprint() -> None:
    words = ("--command", "serve --token hunter2", "--cpu", "256", "--task-role", "team", "--replace-env")
    played = play(world(cpu=128), ("plan", *WEB, *words, "--exit-code"))
    assert played.code == 2
    assert "+ command added (#" in played.stdout
    assert "~ cpu 128 → 256" in played.stdout
    assert "+ taskRoleArn added (arn:aws:iam::123456789012:role/team)" in played.stdout
    assert "- environment LEVEL removed (it was #" in played.stdout
    assert "hunter2" not in played.said + str(played.events)
    (planned,) = (each for each in played.events if each["type"] == "planned")
    assert {each["member"] for each in planned["differences"]} == {"command", "cpu", "environment", "taskRoleArn"}
    assert played.requests("RegisterTaskDefinition") == []


def test_an_edit_that_changes_nothing_says_so_and_is_no_change() -> None:
    words = ("--cpu", "128", "--task-memory", "1 GB", "--task-role", "none")
    played = play(world(cpu=128, task={"memory": "1024"}), ("plan", *WEB, *words, "--exit-code"))
    assert played.code == 0
    assert "The option `--cpu` changes nothing in container `app`." in played.stdout
    assert "The option `--task-memory` changes nothing in the task." in played.stdout
    assert "The option `--task-role` changes nothing in the task." in played.stdout


def test_a_size_that_fargate_does_not_have_is_refused_before_a_write() -> None:
    fargate = world(launch_type="FARGATE", task=FARGATE)
    played = play(fargate, ("deploy", *WEB, "--task-cpu", "0.25 vCPU", "--task-memory", "8 GB"))
    assert played.code == 26
    assert "Fargate has no size of `256` CPU units with `8192` MiB of memory." in played.stderr
    assert played.requests("RegisterTaskDefinition") == []
    good = play(
        world(launch_type="FARGATE", task=FARGATE), ("deploy", *WEB, "--task-cpu", "512", "--task-memory", "2 GB")
    )
    assert good.code == 0
    assert (good.registered["cpu"], good.registered["memory"]) == ("512", "2048")


@pytest.mark.parametrize("words", [("--cpu", "ap=1"), ("--replace-env", "ap"), ("--image", f"ap={NEW}")])
def test_an_unknown_container_is_named_with_the_nearest_and_nothing_is_written(words: tuple[str, ...]) -> None:
    played = play(world(), ("deploy", *WEB, *words))
    assert played.code == 64
    assert "No container is called `ap` in the task definition `web`. Did you mean `app`?" in played.stderr
    assert played.requests("RegisterTaskDefinition") == []


def test_a_secret_in_a_command_is_shown_nowhere() -> None:
    crash = behaves(OLD, run="exit", exit_code=1, after=4, logs=["no such token: hunter-9z8y7x6w5v"])
    played = play(world(crash), ("deploy", *WEB, "--command", "serve --token hunter-9z8y7x6w5v", "--output", "json"))
    assert played.code == 20
    assert "hunter-9z8y7x6w5v" not in played.said + str(played.events)


def patch(*operations: Mapping[str, object]) -> tuple[str, str]:
    return ("--patch", json.dumps(operations))


def test_a_patch_changes_anything_else() -> None:
    operation = {"op": "add", "path": "/containerDefinitions/app/readonlyRootFilesystem", "value": True}
    planned = play(world(), ("plan", *WEB, *patch(operation)))
    assert "+ readonlyRootFilesystem added (true)" in planned.stdout
    played = play(world(), ("deploy", *WEB, *patch(operation)))
    assert played.code == 0
    assert played.registered["containerDefinitions"][0]["readonlyRootFilesystem"] is True


@pytest.mark.parametrize(
    ("operation", "code", "message"),
    [
        (
            {"op": "remove", "path": "/containerDefinitions/ap/cpu"},
            26,
            "Operation 1 of `--patch` fails: `remove` at `/containerDefinitions/ap/cpu`",
        ),
        (
            {"op": "add", "path": "/containerDefinitions/app/cpu", "value": "much"},
            64,
            "`containerDefinitions[0].cpu` must be an integer",
        ),
        ({"op": "remove", "path": "/family"}, 26, "The task definition has no `family`."),
    ],
    ids=["nowhere", "of another kind", "no family"],
)
def test_a_patch_that_cannot_be_made_writes_nothing(operation: dict[str, object], code: int, message: str) -> None:
    played = play(world(), ("deploy", *WEB, *patch(operation)))
    assert played.code == code
    assert message in played.stderr
    assert played.requests("RegisterTaskDefinition") == []


def test_a_member_that_nothing_knows_is_sent_with_a_warning() -> None:
    operation = {"op": "add", "path": "/containerDefinitions/app/readOnlyRoot", "value": True}
    planned = play(world(), ("plan", *WEB, *patch(operation)))
    assert planned.code == 0
    assert "does not know `containerDefinitions[0].readOnlyRoot` of the definition, and sends it as it is." in (
        " ".join(planned.stdout.split())
    )
    played = play(world(), ("deploy", *WEB, *patch(operation)))
    assert played.registered["containerDefinitions"][0]["readOnlyRoot"] is True


def test_a_secret_in_a_patch_is_shown_nowhere() -> None:
    variable = {"name": "DB_PASSWORD", "value": "hunter-9z8y7x6w5v"}
    crash = behaves(OLD, run="exit", exit_code=1, after=4, logs=["no such password: hunter-9z8y7x6w5v"])
    operation = {"op": "add", "path": "/containerDefinitions/app/environment/-", "value": variable}
    played = play(world(crash), ("deploy", *WEB, *patch(operation), "--output", "json"))
    assert played.code == 20
    assert "hunter-9z8y7x6w5v" not in played.said + str(played.events)
