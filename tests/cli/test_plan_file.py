"""`plan --out FILE`, and `deploy --plan FILE`: what was reviewed is what is released, or nothing is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import (
    NEW,
    OLD,
    WEB,
    Played,
    a_world,
    fault,
    play,
    running_images,
    service,
    surroundings,
)

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web"
PLAN = ("plan", *WEB, "--image", NEW)
SECRET = "hunter2-hunter2"


def plan(world: World, folder: Path, *words: str) -> Played:
    return play(world, (*words, "--out", "web.plan"), surroundings(folder))


def deploy(world: World, folder: Path, *words: str) -> Played:
    return play(world, ("deploy", "--plan", "web.plan", *words), surroundings(folder))


def content(folder: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((folder / "web.plan").read_text())
    return parsed


def wrote_nothing(run: Played) -> bool:
    return not (run.requests("RegisterTaskDefinition") or run.requests("UpdateService"))


def test_a_plan_of_images_and_sizes_is_executed_by_itself(tmp_path: Path) -> None:
    world = a_world()
    made = plan(world, tmp_path, *PLAN, "-D", "3", "--alarms", "slow")
    assert (made.code, wrote_nothing(made)) == (0, True)
    assert "The plan is in `web.plan`. `ecs-deploy deploy --plan web.plan` executes it." in made.stderr
    run = deploy(world, tmp_path)
    assert (run.code, running_images(world)) == (0, [NEW]), run.said
    assert (run.updated["desiredCount"], run.updated["deploymentConfiguration"]["alarms"]["alarmNames"]) == (
        3,
        ["slow"],
    )


def test_the_file_is_for_its_owner_and_replaces_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "web.plan").write_text("old")
    plan(a_world(), tmp_path, *PLAN)
    file = tmp_path / "web.plan"
    assert (file.stat().st_mode & 0o777, content(tmp_path)["type"]) == (0o600, "plan")
    assert [each.name for each in tmp_path.iterdir()] == ["web.plan"]


def test_edits_with_values_are_given_again_and_the_file_has_none(tmp_path: Path) -> None:
    world, edit = a_world(), ("--env", f"LEVEL={SECRET}")
    made = plan(world, tmp_path, *PLAN, *edit)
    text = (tmp_path / "web.plan").read_text()
    assert SECRET not in text + made.said
    (mark,) = re.findall(r"environment LEVEL added \((#[0-9a-f]{4})\)", made.stdout)
    assert mark in text
    lacking = deploy(world, tmp_path)
    assert (lacking.code, wrote_nothing(lacking)) == (64, True)
    assert "was made with `--env`, and the file does not hold what it said. Give the same again." in lacking.stderr
    run = deploy(world, tmp_path, *edit)
    assert (run.code, wrote_nothing(run)) == (0, False), run.said
    (planned,) = [event for event in run.events if event["type"] == "planned"]
    assert mark in [each["after"] for each in planned["differences"]]


@pytest.mark.parametrize(
    ("options", "differs"),
    [
        (("--env", "LEVEL=other"), "environment LEVEL of app"),
        (("--env", f"LEVEL={SECRET}", "--env", "MORE=1"), "environment MORE of app"),
        (("--env", f"LEVEL={SECRET}", "--image", f"{OLD}9"), "the image of app, image of app"),
        (("--env", f"LEVEL={SECRET}", "-D", "5"), "desiredCount"),
        (("--env", f"LEVEL={SECRET}", "--wait-until", "registered"), "the steps"),
        (("--env", f"LEVEL={SECRET}", "--before", "app: migrate"), "the steps, the task of --before"),
    ],
)
def test_other_edits_are_refused_by_name(tmp_path: Path, options: tuple[str, ...], differs: str) -> None:
    world = a_world()
    plan(world, tmp_path, *PLAN, "--env", f"LEVEL={SECRET}")
    run = deploy(world, tmp_path, *options)
    assert (run.code, wrote_nothing(run)) == (26, True), run.said
    assert f"is not the one of the plan that `--plan` names. Other than there: {differs}." in run.stderr
    assert SECRET not in run.said


def test_a_service_that_has_gone_on_is_refused(tmp_path: Path) -> None:
    world = a_world()
    plan(world, tmp_path, *PLAN)
    assert play(world, ("deploy", *WEB, "--image", f"{OLD}5")).code == 0
    before = len(world.calls)
    run = deploy(world, tmp_path)
    assert run.code == 26, run.said
    assert "Other than there: the revision that runs, the definition that the edits start from" in run.stderr
    assert not {call.operation for call in world.calls[before:]} & {"RegisterTaskDefinition", "UpdateService"}


def test_it_is_executed_once(tmp_path: Path) -> None:
    world = a_world()
    plan(world, tmp_path, *PLAN)
    assert [deploy(world, tmp_path).code, deploy(world, tmp_path).code] == [0, 26]


def test_another_service_is_refused(tmp_path: Path) -> None:
    world = a_world(service(), service(name="api"))
    plan(world, tmp_path, *PLAN)
    run = deploy(world, tmp_path, "-n", "api")
    assert (run.code, wrote_nothing(run)) == (26, True)
    assert "Other than there: the service," in run.stderr


def test_a_tag_that_has_moved_is_refused(tmp_path: Path) -> None:
    plan(a_world(service(image=f"{REGISTRY}:1")), tmp_path, "plan", *WEB, "--image", f"{REGISTRY}:2")
    marks = content(tmp_path)
    assert "the digest of the image of app" in marks["marks"]
    marks["marks"]["the digest of the image of app"] = "#0000"
    (tmp_path / "web.plan").write_text(json.dumps(marks))
    run = deploy(a_world(service(image=f"{REGISTRY}:1")), tmp_path)
    assert (run.code, wrote_nothing(run)) == (26, True)
    assert "Other than there: the digest of the image of app." in run.stderr


def test_a_digest_that_cannot_be_read_any_more_is_not_the_same(tmp_path: Path) -> None:
    plan(a_world(service(image=f"{REGISTRY}:1")), tmp_path, "plan", *WEB, "--image", f"{REGISTRY}:2")
    denied = fault(operation="BatchGetImage", error="AccessDeniedException")
    run = deploy(a_world(service(image=f"{REGISTRY}:1"), denied), tmp_path)
    assert (run.code, wrote_nothing(run)) == (26, True), run.said


def test_where_it_comes_from_may_differ(tmp_path: Path) -> None:
    world = a_world()
    words = (*PLAN, "--provenance", "--out", "web.plan")
    play(world, words, surroundings(tmp_path, {"GITLAB_CI": "true", "CI_PIPELINE_URL": "https://ci.example.com/1"}))
    another = surroundings(tmp_path, {"GITLAB_CI": "true", "CI_PIPELINE_URL": "https://ci.example.com/2"})
    run = play(world, ("deploy", "--plan", "web.plan"), another)
    assert (run.code, run.registered["tags"]) == (
        0,
        [{"key": "ecs-deploy:run", "value": "https://ci.example.com/2"}],
    ), run.said


def test_a_plan_that_is_blocked_is_not_written(tmp_path: Path) -> None:
    run = plan(a_world(), tmp_path, *PLAN, "--strategy", "BLUE_GREEN")
    assert (run.code, [*tmp_path.iterdir()]) == (26, []), run.said


def test_a_plan_of_a_revision_and_a_forced_one(tmp_path: Path) -> None:
    world = a_world(service(history=[f"{OLD}0"]))
    for words in (("--revision", "web:1"), ("--force-new-deployment",)):
        plan(world, tmp_path, "plan", *WEB, *words)
        assert deploy(world, tmp_path).code == 0


def test_a_dry_run_tells_whether_it_still_fits(tmp_path: Path) -> None:
    world = a_world()
    plan(world, tmp_path, *PLAN)
    assert deploy(world, tmp_path, "--dry-run").code == 0
    refused = deploy(world, tmp_path, "--dry-run", "-D", "7")
    assert (refused.code, wrote_nothing(refused)) == (26, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON."),
        ("[]", "is no plan. `ecs-deploy plan --out FILE` writes one."),
        ('{"type": "plan", "v": 2}', "was written by another version of ecs-deploy. Make the plan with this one."),
        *(
            (json.dumps({"type": "plan", "v": 1} | members), "is not as it was written. Make the plan again.")
            for members in (
                {},
                {"key": "short", "marks": {"a": "#1"}, "options": {}, "again": []},
                {"key": "0" * 32, "marks": {}, "options": {}, "again": []},
                {"key": "0" * 32, "marks": {"a": 1}, "options": {}, "again": []},
                {"key": "0" * 32, "marks": {"a": "#1"}, "options": {"endpoint_url": ["x"]}, "again": []},
                {"key": "0" * 32, "marks": {"a": "#1"}, "options": {"image": "x"}, "again": []},
                {"key": "0" * 32, "marks": {"a": "#1"}, "options": {"image": [1]}, "again": []},
                {"key": "0" * 32, "marks": {"a": "#1"}, "options": {}, "again": "env"},
                {"key": "0" * 32, "marks": {"a": "#1"}, "options": {}, "again": [["env"]]},
            )
        ),
    ],
)
def test_a_file_that_is_no_plan_contacts_nobody(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "web.plan").write_text(text)
    run = deploy(a_world(), tmp_path)
    assert (run.code, run.world.calls) == (64, ())
    assert f"The file of `--plan`, `web.plan`, {said}" in run.stderr


def test_a_file_that_is_not_there_contacts_nobody(tmp_path: Path) -> None:
    run = deploy(a_world(), tmp_path)
    assert (run.code, run.world.calls) == (64, ())
    assert "`web.plan`, cannot be read: No such file or directory." in run.stderr


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    run = play(a_world(), (*PLAN, "--out", "no/web.plan"), surroundings(tmp_path))
    assert (run.code, wrote_nothing(run)) == (64, True)
    assert "The file of `--out`, `no/web.plan`, cannot be written: No such file or directory." in run.stderr


def test_values_are_not_asked_for_and_left_out_at_once(tmp_path: Path) -> None:
    run = plan(a_world(), tmp_path, *PLAN, "--show-values")
    assert (run.code, run.world.calls) == (64, ())
    assert "`--out` writes no values, and `--show-values` asks for them." in run.stderr


def test_a_running_revision_that_cannot_be_read_gives_no_plan_file(tmp_path: Path) -> None:
    definition = {"family": "web", "containerDefinitions": [{"name": "app", "image": NEW, "memory": 128}]}
    (tmp_path / "web.json").write_text(json.dumps(definition))
    denied = fault(operation="DescribeTaskDefinition", error="AccessDeniedException")
    run = plan(a_world(service(), denied), tmp_path, "plan", *WEB, "--base", "web.json", "--no-preflight")
    assert (run.code, (tmp_path / "web.plan").exists()) == (26, False), run.said
    assert "could not be read, so the plan does not say what changes" in run.stderr
