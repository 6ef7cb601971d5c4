"""What runs a family at set times, and how that follows the service; moto plays EventBridge and its Scheduler."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, REVISION, WEB, Played, a_world, fault, play, service
from tests.contract.sim.clients import connect

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "schedules.schema.json").read_text("utf-8"))
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster"
ROLE = "arn:aws:iam::123456789012:role/run"


def a_timetable() -> World:
    """The service runs web:2; a rule and two schedules start web:1, one the newest, one web:1 elsewhere."""
    world = a_world(service(history=["registry.example.com/team/web:0"]), service(cluster="staging", name="api"))
    events, scheduler = connect(world, "events"), connect(world, "scheduler")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    task = {"TaskDefinitionArn": f"{REVISION}:1", "TaskCount": 2}
    events.put_targets(
        Rule="nightly",
        Targets=[
            {"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:123456789012:queue"},
            {"Id": "task", "Arn": f"{CLUSTER}/prod", "RoleArn": ROLE, "EcsParameters": task, "Input": "{}"},
        ],
    )
    schedules = {
        "hourly": (f"{CLUSTER}/prod", f"{REVISION}:1"),
        "weekly": (f"{CLUSTER}/prod", f"{REVISION}:2"),
        "newest": (f"{CLUSTER}/prod", REVISION),
        "elsewhere": (f"{CLUSTER}/staging", f"{REVISION}:1"),
    }
    for name, (cluster, revision) in schedules.items():
        scheduler.create_schedule(
            Name=name,
            ScheduleExpression="rate(1 hour)",
            Description="kept",
            State="DISABLED",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": cluster, "RoleArn": ROLE, "EcsParameters": {"TaskDefinitionArn": revision}},
        )
    return world


def schedules(world: World, *words: str) -> Played:
    return play(world, ("schedules", *WEB, *words))


def rule(world: World) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = connect(world, "events").list_targets_by_rule(Rule="nightly")["Targets"]
    return found


def schedule(world: World, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = connect(world, "scheduler").get_schedule(Name=name)
    return found


def objects(played: Played) -> list[Mapping[str, Any]]:
    found = [json.loads(line) for line in played.lines]
    for each in found:
        Draft202012Validator(SCHEMA).validate(each)
    return found


def test_a_look_says_what_runs_at_which_revision() -> None:
    world = a_timetable()
    played = schedules(world)
    assert (played.code, played.stderr) == (0, "")
    assert played.lines == [
        " web (us-east-1, 123456789012): 5 rules and schedules start its tasks; web @ prod runs web:2.",
        "   Other EventBridge rule `nightly`: web:1",
        "         schedule `hourly`: web:1",
        "   Same  schedule `weekly`: web:2",
        "   Stay  schedule `newest`: web, always its newest revision",
        "         schedule `elsewhere`: web:1, in the cluster staging",
    ]
    assert rule(world)[1]["EcsParameters"]["TaskDefinitionArn"] == f"{REVISION}:1"


def test_they_move_to_the_revision_that_runs_and_keep_the_rest() -> None:
    world = a_timetable()
    queue, task = rule(world)
    hourly = schedule(world, "hourly")
    played = schedules(world, "--to-running", "--yes")
    assert played.code == 0
    assert played.lines[-2:] == [
        "moved EventBridge rule `nightly`: web:1 -> web:2",
        "moved schedule `hourly`: web:1 -> web:2",
    ]
    parameters = {**task["EcsParameters"], "TaskDefinitionArn": f"{REVISION}:2"}
    assert rule(world) == [queue, {**task, "EcsParameters": parameters}]
    after, changed = schedule(world, "hourly"), {"LastModificationDate", "ResponseMetadata", "Target"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in hourly.items() if k not in changed}
    assert after["Target"] == {**hourly["Target"], "EcsParameters": {"TaskDefinitionArn": f"{REVISION}:2"}}
    assert schedule(world, "elsewhere")["Target"]["EcsParameters"]["TaskDefinitionArn"] == f"{REVISION}:1"
    again = schedules(world, "--to-running", "--yes")
    assert (again.code, again.stderr) == (0, "There is nothing to do.\n")


def test_a_dry_run_shows_the_plan_alone() -> None:
    world = a_timetable()
    played = schedules(world, "--to-running", "--dry-run")
    assert (played.code, played.stderr) == (0, "Nothing was changed.\n")
    assert "   Move  EventBridge rule `nightly`: web:1 -> web:2" in played.lines
    assert rule(world)[1]["EcsParameters"]["TaskDefinitionArn"] == f"{REVISION}:1"


def test_json_has_the_plan_each_step_and_the_result() -> None:
    world = a_timetable()
    (looked,) = objects(schedules(world, "--output", "json"))
    assert [each["fate"] for each in looked["starts"]].count("move") == 2
    found = objects(schedules(world, "--to-running", "--yes", "--output", "json"))
    assert [each["type"] for each in found] == ["schedules", "moved", "moved", "result"]
    assert (found[-1]["status"], found[-1]["steps"]) == ("succeeded", 2)


def test_a_deployment_under_way_moves_nothing() -> None:
    world = a_timetable()
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    assert schedules(world, "--to-running", "--yes").code == 27
    assert schedules(world).code == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--to-running",), 64, "Nobody can be asked whether to go on"),
        (("--expect-account", "999999999999"), 26, "999999999999"),
    ],
)
def test_bad_input_is_one_sentence(words: tuple[str, ...], code: int, says: str) -> None:
    played = schedules(a_timetable(), *words)
    assert (played.code, played.stdout, says in played.stderr) == (code, "", True)


def test_what_cannot_be_read_is_not_taken_for_nothing() -> None:
    world = a_world(service(), fault(operation="ListClusters", error="AccessDeniedException", times=0))
    assert (schedules(world).code, schedules(world).stdout) == (26, "")
