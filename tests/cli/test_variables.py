"""Releases that change variables and secrets, from the command line to the revision that runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, behaves, play, service, surroundings

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:web/db-AbCdEf"
PLAIN = [{"name": "LEVEL", "value": "info"}, {"name": "REGION", "value": "us-east-1"}]
LABELS = {"com.example.team": "shop"}


def world(*parts: str, **members: Any) -> World:
    app = {"name": "app", "image": OLD, "memory": 128, "environment": PLAIN, "dockerLabels": LABELS, **members}
    side = {"name": "side", "image": "registry.example.com/infra/side:1", "memory": 64, "essential": False}
    definition = {"family": "web", "containerDefinitions": [app, side]}
    return a_world(service(launch_type="EC2", task_definition=definition), *parts)


def app_of(played: Played) -> dict[str, Any]:
    first: dict[str, Any] = played.registered["containerDefinitions"][0]
    return first


def test_a_deploy_that_changes_only_a_variable() -> None:
    played = play(world(), ("deploy", *WEB, "--env", "LEVEL=debug"))
    assert played.code == 0
    assert app_of(played)["environment"] == [{"name": "LEVEL", "value": "debug"}, PLAIN[1]]
    assert (app_of(played)["image"], app_of(played)["dockerLabels"]) == (OLD, LABELS)
    assert played.registered["containerDefinitions"][1]["name"] == "side"
    assert "deploy web:1 -> new revision (LEVEL) " in played.stderr
    assert played.result["status"] == "succeeded"


def test_the_flag_form_does_the_same() -> None:
    played = play(world(), (*WEB, "--env", "LEVEL=debug"))
    assert played.code == 0
    assert app_of(played)["environment"][0] == {"name": "LEVEL", "value": "debug"}
    assert "Using image name" not in played.stdout
    assert "Current task definition" in played.stdout


@pytest.mark.parametrize("how", [("--image", NEW), ("--tag", "2"), ("--image", f"app={NEW}")], ids=lambda each: each[0])
def test_a_variable_and_an_image_are_one_revision(how: tuple[str, ...]) -> None:
    played = play(world(), ("deploy", *WEB, *how, "--env", "LEVEL=debug", "--unset-env", "REGION"))
    assert played.code == 0
    assert app_of(played)["image"] == NEW
    assert app_of(played)["environment"] == [{"name": "LEVEL", "value": "debug"}]


def test_the_edits_are_made_in_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(
        '{"family": "web", "containerDefinitions": [{"name": "app", "image": "%s", "memory": 128}]}' % NEW  # noqa: UP031
    )
    (tmp_path / "web.env").write_text("LEVEL=debug\n")
    words = ("--base", "d.json", "--env-file", "app=web.env", "--secret", "DB=/web/db")
    played = play(world(), ("deploy", *WEB, *words), surroundings(tmp_path))
    assert played.code == 0
    assert app_of(played)["environment"] == [{"name": "LEVEL", "value": "debug"}]
    assert app_of(played)["secrets"] == [{"name": "DB", "valueFrom": "/web/db"}]


def test_a_plan_shows_fingerprints_and_writes_nothing() -> None:
    words = ("--env", "LEVEL=debug", "--env", "NEW=brand new", "--unset-env", "REGION", "--secret", f"DB={SECRET}")
    played = play(world(), ("plan", *WEB, *words))
    assert played.code == 0
    assert "~ environment LEVEL changed (#" in played.stdout
    assert "+ environment NEW added (#" in played.stdout
    assert "- environment REGION removed (it was #" in played.stdout
    assert "+ secrets DB added (#" in played.stdout
    assert "brand new" not in played.said + str(played.events)
    assert played.requests("RegisterTaskDefinition") == []


def test_a_plan_shows_values_where_that_is_asked_for() -> None:
    played = play(world(), ("plan", *WEB, "--env", "LEVEL=debug", "--show-values"))
    assert "~ environment LEVEL info → debug" in played.stdout


def test_an_edit_that_changes_nothing_says_so_and_is_no_change() -> None:
    played = play(world(), ("plan", *WEB, "--env", "LEVEL=info", "--exit-code"))
    assert played.code == 0
    assert "The edit of `LEVEL` in container `app` changes nothing: it has that value already." in played.stdout
    assert play(world(), ("plan", *WEB, "--env", "LEVEL=debug", "--exit-code")).code == 2
    skipped = play(world(), ("deploy", *WEB, "--env", "LEVEL=info", "--skip-unchanged"))
    assert (skipped.code, skipped.result["status"]) == (0, "unchanged")


@pytest.mark.parametrize(
    ("edit", "code", "message"),
    [
        (
            ("--env", "ap:LEVEL=hunter2"),
            64,
            "No container is called `ap` in the task definition `web`. Did you",
        ),
        (("--env", "DB=hunter2"), 26, "`--unset-secret app:DB`"),
        (("--unset-env", "LEVL"), 26, "The container `app` has no variable `LEVL`. Did you mean `LEVEL`?"),
        (("--image", NEW, "--env", "A=hunter2", "--unset-secret", "NO"), 26, "has no secret `NO`"),
    ],
    ids=["container", "secret", "name", "the last one"],
)
def test_what_cannot_be_edited_is_refused_before_anything_is_written(
    edit: tuple[str, ...], code: int, message: str
) -> None:
    played = play(world(secrets=[{"name": "DB", "valueFrom": "/web/db"}]), ("deploy", *WEB, *edit))
    assert played.code == code
    assert message in played.stderr
    assert "hunter2" not in played.said + str(played.events)
    assert played.result["status"] == "refused"
    assert played.requests("RegisterTaskDefinition") == []


ONE, OTHER = "cAnary-1a2b3c", "hunter-9z8y7x6w5v"


def shown(secret: str, output: str, folder: Path) -> str:
    folder.mkdir()
    (folder / "web.env").write_text(f"FROM_FILE=x\nAPI_TOKEN='{secret}'\n")
    logs = [f"cannot log in with {secret}", f"token={secret}"]
    words = ("--env", f"DB_PASSWORD={secret}", "--env-file", "web.env", "--image", NEW)
    plain = ("--env", f"URL=postgres://web:{secret}@db.example.com/web", "--secret", "DB_KEY=/web/key")
    job = {"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output"}
    around = surroundings(folder, {"GITHUB_ACTIONS": "true", **{k: str(folder / v) for k, v in job.items()}})
    files = ("--debug-file", "log.txt", "--junit", "release.xml")
    crash = behaves(NEW, run="exit", exit_code=1, after=4, logs=logs)
    played = play(
        world(crash), ("deploy", *WEB, *words, *plain, *files, "--output", output), replace(around, simulated=False)
    )
    assert played.code == 20
    written = [path.read_text() for path in sorted(folder.iterdir()) if path.name != "web.env"]
    return "\n".join((played.said, *map(str, played.events), *written))


@pytest.mark.parametrize("output", ["lines", "json"])
def test_a_value_that_was_given_is_shown_nowhere(output: str, tmp_path: Path) -> None:
    told = shown(ONE, output, tmp_path / "one")
    assert ONE not in told
    assert "DB_PASSWORD" in told
    assert "`--secret app:DB_PASSWORD=arn:aws:...` keeps it out" in told
    assert OTHER not in shown(OTHER, output, tmp_path / "other")


def test_a_command_to_paste_does_not_repeat_a_plan_without_the_values() -> None:
    crash = behaves(NEW, run="exit", exit_code=1, after=4)
    played = play(world(crash), ("deploy", *WEB, "--image", NEW, "--env", "LEVEL=debug"))
    assert played.code == 20
    assert "ecs-deploy plan" not in played.stderr
