"""A file that `aws ecs describe-task-definition` wrote of the revision in use, changed since: a new definition."""

import json
from pathlib import Path

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, a_world, play, service, surroundings
from tests.unit.sim.builders import call

WRONG = "registry.example.com/team/web:{{ must_env `IMAGE_TAG` }}"


@pytest.fixture
def world() -> World:
    return a_world(service())


def described(world: World, folder: Path, image: str) -> None:
    """What the service runs, with another image, in `base.json`."""
    told = call(world, "DescribeTaskDefinition", taskDefinition="web")
    text = json.dumps(told, default=str)
    assert OLD in text
    (folder / "base.json").write_text(text.replace(OLD, image), encoding="utf-8")


def test_what_was_changed_in_the_file_is_what_would_change(world: World, tmp_path: Path) -> None:
    described(world, tmp_path, NEW)
    played = play(world, ("plan", *WEB, "--base", "base.json", "--exit-code"), surroundings(tmp_path))
    assert played.code == 2, played.stdout
    assert f"    ~ image {OLD} → {NEW}" in played.stdout.splitlines()


def test_it_is_not_taken_for_what_runs_already(world: World, tmp_path: Path) -> None:
    described(world, tmp_path, NEW)
    played = play(world, ("deploy", *WEB, "--base", "base.json", "--skip-unchanged"), surroundings(tmp_path))
    assert (played.code, played.result["status"]) == (0, "succeeded")
    assert played.result["images"] == {"app": NEW}


def test_an_unchanged_one_is(world: World, tmp_path: Path) -> None:
    described(world, tmp_path, OLD)
    played = play(world, ("deploy", *WEB, "--base", "base.json", "--skip-unchanged"), surroundings(tmp_path))
    assert (played.code, played.result["status"]) == (0, "unchanged")


def test_its_templates_are_found(world: World, tmp_path: Path) -> None:
    described(world, tmp_path, WRONG)
    played = play(world, ("plan", *WEB, "--base", "base.json"), surroundings(tmp_path))
    assert played.code == 26
    assert "unfilled placeholders" in played.stderr


def test_registering_it_says_what_the_family_has(world: World, tmp_path: Path) -> None:
    described(world, tmp_path, OLD)
    played = play(world, ("-d", "web", "--base", "base.json", "-i", NEW), surroundings(tmp_path))
    assert played.code == 0
    assert "Current task definition: arn:aws:ecs:us-east-1:123456789012:task-definition/web:1" in played.stdout
