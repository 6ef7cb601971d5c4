"""What is wrong with a service, asked through the command line, in virtual time."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.sim import World
from ecsdeploy.sim.state.region import LogStream
from tests.cli.worlds import NEW, WEB, Played, a_world, behaves, fault, later, play, service, shipped, surroundings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "doctor.schema.json").read_text("utf-8"))
DENIED = "AccessDeniedException"


def begun(scenario: str, seconds: float) -> World:
    """The world of a scenario, so many seconds after somebody has begun its release."""
    world = shipped(scenario)
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    world.clock.sleep(seconds)
    return world


def doctor(world: World, *words: str, width: int = 110) -> Played:
    before = len(world.calls)
    played = play(world, ("doctor", *WEB, *words), replace(surroundings(), width=width))
    asked = {call.operation for call in world.calls[before:]}
    assert {name for name in asked if not name.startswith(("Describe", "List", "Get", "BatchGet", "Filter"))} == set()
    return played


def as_object(world: World, *words: str) -> Mapping[str, Any]:
    played = doctor(world, "--output", "json", *words)
    found: Mapping[str, Any] = json.loads(played.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["exit_code"] == played.code
    return found


def stopped_task(world: World) -> str:
    return next(each.id for each in world.region.clusters["prod"].tasks.values() if each.last_status == "STOPPED")


@pytest.mark.parametrize(
    ("scenario", "seconds", "code", "causes"),
    [
        ("good", 0, 0, []),
        ("good", 600, 0, []),
        ("crash-loop", 60, 20, ["E-CONTAINER-EXIT"]),
        ("crash-loop", 600, 20, ["E-CONTAINER-EXIT"]),
        ("no-capacity", 90, 20, ["E-NO-CAPACITY"]),
        ("image-missing", 200, 20, ["E-IMAGE-NOT-FOUND"]),
        ("target-unhealthy", 300, 20, ["E-TARGET-UNHEALTHY"]),
    ],
)
def test_what_is_wrong_now_is_told_with_its_causes(scenario: str, seconds: float, code: int, causes: list[str]) -> None:
    found = as_object(begun(scenario, seconds))
    assert [each["code"] for each in found["causes"]] == causes
    assert (found["exit_code"], found["is_well"]) == (code, code == 0)


@pytest.mark.parametrize("scenario", ["crash-loop", "image-missing", "target-unhealthy", "no-capacity"])
def test_it_is_the_diagnosis_of_status(scenario: str) -> None:
    world = begun(scenario, 100)
    told = json.loads(play(world, ("status", *WEB, "--output", "json")).stdout)
    assert told["causes"] == as_object(world)["causes"]
    assert told["cause"] == next(iter(told["causes"]), None)


def test_a_cause_comes_with_proof_log_and_what_to_type() -> None:
    shown = doctor(begun("crash-loop", 600)).stdout
    assert ' container "app" exits 1 about 4 s after start' in shown
    assert "│ KeyError: 'DATABASE_URL'" in shown
    assert "Next    ecs-deploy logs -c prod -n web --failed --region us-east-1" in shown


def test_each_cause_has_its_log() -> None:
    world = a_world(
        service(desired=4, deployment={"circuit_breaker": "rollback"}),
        behaves(NEW, run="exit", exit_code=3, after=4, logs=["three"], fails=2),
    )
    play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight"))
    found = as_object(world)
    assert [each["log"] for each in found["causes"]] == [["three"]]


def test_a_steady_service_whose_tasks_failed_lately_is_not_well() -> None:
    world = begun("good", 600)
    assert doctor(world).code == 0
    crashing = a_world(service(desired=2), behaves(NEW, run="exit", exit_code=9, after=120, fails=1, logs=["bye"]))
    play(crashing, ("deploy", *WEB, "--image", NEW, "--no-preflight"))
    crashing.clock.sleep(300)
    found = as_object(crashing)
    assert (found["condition"], found["exit_code"], [each["log"] for each in found["causes"]]) == (
        "steady",
        20,
        [["bye"]],
    )
    crashing.clock.sleep(900)
    assert as_object(crashing, "--since", "10m")["is_well"] is True


def test_an_alarm_that_is_on_is_not_well() -> None:
    alarms = {"enable": True, "rollback": False, "alarm_names": ["web-5xx"]}
    world = a_world(service(deployment={"alarms": alarms}), later(30, "alarm", alarm="web-5xx"))
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    world.clock.sleep(35)
    played = doctor(world)
    assert played.code == 20
    assert "the alarm web-5xx is on" in played.stdout


def test_a_task_is_explained_by_itself() -> None:
    world = begun("crash-loop", 60)
    task = stopped_task(world)
    found = as_object(world, "--task", task[:8])
    assert (found["subject"], found["task"]["arn"].endswith(task), found["exit_code"]) == ("task", True, 20)
    assert [each["code"] for each in found["causes"]] == ["E-CONTAINER-EXIT"]
    shown = doctor(world, "--task", task).stdout
    assert f"The task {task} of web:2 failed." in shown
    assert f"ecs-deploy logs -c prod -n web --task {task} --region" in shown


def test_a_task_that_was_replaced_did_not_fail() -> None:
    world = begun("good", 120)
    played = doctor(world, "--task", stopped_task(world))
    assert played.code == 0
    assert "stopped, and that was no failure" in played.stdout


def test_a_preflight_makes_the_checks_of_a_deploy() -> None:
    played = doctor(a_world(), "--preflight")
    assert (played.code, played.lines[0]) == (0, " ✔ Nothing forbids a deploy.")
    assert "role exists" in played.stdout


def test_a_preflight_names_what_would_be_refused() -> None:
    world = shipped("image-missing-in-ecr")
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web:2"
    play(world, ("deploy", *WEB, "--image", image, "--detach", "--no-preflight"))
    found = as_object(world, "--preflight")
    assert (found["subject"], found["exit_code"]) == ("preflight", 20)
    assert [each["code"] for each in found["findings"] if each["blocking"]] == ["C-IMAGE-MISSING"]
    assert doctor(world, "--preflight").lines[0] == " ✖ A deploy would be refused: 1 check."


@pytest.mark.parametrize("operation", ["ListServiceDeployments", "DescribeTaskDefinition"])
def test_what_may_not_be_read_costs_a_line(operation: str) -> None:
    played = doctor(a_world(service(), fault(operation=operation, error=DENIED, times=0)))
    assert played.code == 0
    assert "Unread" in played.stdout
    assert "may not call" in " ".join(played.stdout.split())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--task", "zz"), 26, "No task of `web` has the id `zz`"),
        (("--since", "soon"), 64, "`--since` must be a duration"),
        (("--preflight", "--task", "1"), 64, "`--preflight` has no use for `--task`."),
        (("--task", "1", "--since", "5m"), 64, "`--task` has no use for `--since`."),
    ],
)
def test_bad_input_is_one_sentence(words: tuple[str, ...], code: int, says: str) -> None:
    played = doctor(a_world(), *words)
    assert (played.code, played.stdout) == (code, "")
    assert says in played.stderr


def test_a_service_that_is_not_there_is_named_with_the_nearest() -> None:
    played = play(a_world(), ("doctor", "-c", "prod", "-n", "wbe"))
    assert (played.code, played.stdout) == (26, "")
    assert "Did you mean `web`?" in played.stderr


@pytest.mark.parametrize("width", [40, 80])
def test_prose_stays_within_the_terminal(width: int) -> None:
    wide = [line.split() for line in doctor(begun("crash-loop", 60), width=width).lines if len(line) > width]
    assert [words for words in wide if len(words) > 2 and not {"ecs-deploy", "│"} & {*words}] == []


def test_what_ecs_logged_as_wrong_is_shown_where_the_cluster_has_it_logged() -> None:
    world = begun("crash-loop", 60)
    group = "/aws/vendedlogs/ecs/prod"
    arn = "arn:aws:ecs:us-east-1:123456789012:service/prod/web"
    entries = [
        {"logLevel": "ERROR", "resource": arn, "message": "tasks failed to start"},
        {"logLevel": "INFO", "resource": arn, "message": "deployment began"},
        {"logLevel": "ERROR", "resource": f"{arn}-2", "message": "another service"},
    ]
    assert as_object(world)["actions"] == []
    world.region.action_logs["prod"] = group
    lines = [(world.region.now - 10, json.dumps(each)) for each in entries]
    world.region.log_streams[group, "s"] = LogStream(group, "s", world.region.now, [*lines, (world.region.now, "{")])
    assert [json.loads(each["text"]) for each in as_object(world)["actions"]] == [entries[0]]
    assert 'Action  12:00:50 {"logLevel": "ERROR"' in doctor(world).stdout


def test_action_logs_that_may_not_be_looked_for_cost_a_line() -> None:
    denied = fault(operation="DescribeDeliverySources", error=DENIED, times=0)
    world = a_world(service(), behaves(NEW, run="exit", after=4), denied)
    play(world, ("deploy", *WEB, "--image", NEW, "--no-preflight", "--detach"))
    world.clock.sleep(100)
    played = doctor(world)
    assert played.code == 20
    assert "Unread  action logs: " in played.stdout
