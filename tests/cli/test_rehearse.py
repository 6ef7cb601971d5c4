"""A release rehearsed on a live service, and then made: the prediction is held against what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.rehearsal.faults import FAULTS
from ecsdeploy.sim import World
from tests.cli.worlds import (
    CRASHES,
    DEPLOY,
    NEW,
    OLD,
    WEB,
    Played,
    a_world,
    behaves,
    fault,
    play,
    service,
    shipped,
    surroundings,
    table,
)

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "rehearse.schema.json").read_text("utf-8"))
RELEASE = (*WEB, "--image", NEW)
BREAKER = {"circuit_breaker": "rollback"}
PATIENT = ("--timeout", "40m")


def rehearse(world: World, *words: str) -> Played:
    before = len(world.calls)
    played = play(world, ("rehearse", *RELEASE, *words), replace(surroundings(), width=110))
    asked = {call.operation for call in world.calls[before:]}
    assert {name for name in asked if not name.startswith(("Describe", "List", "Get", "BatchGet"))} == set()
    return played


def as_object(world: World, *words: str) -> Mapping[str, Any]:
    played = rehearse(world, *words, "--output", "json")
    found: Mapping[str, Any] = json.loads(played.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert found["exit_code"] == played.code
    return found


def fault_of(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    (one,) = [each for each in found["plays"] if each["fault"] == name]
    return dict(one)


BALANCED = {"health_interval": 15, "healthy_threshold": 2, "deregistration_delay": 45, "grace_period": 60}
LINEAR = {"strategy": "LINEAR", "linear_configuration": {"step_percent": 25.0, "step_bake_time_in_minutes": 2}}
BY_CODEDEPLOY = service(desired=3, load_balancer=BALANCED, controller="CODE_DEPLOY")
WORLDS = {
    "by-codedeploy": (BY_CODEDEPLOY,),
    "rolling": (service(desired=4),),
    "balanced": (service(desired=3, load_balancer=BALANCED),),
    "one-by-one": (service(desired=4, deployment={"minimum_healthy_percent": 50, "maximum_percent": 100}),),
    "with-an-outage": (service(desired=1, deployment={"minimum_healthy_percent": 0, "maximum_percent": 100}),),
    "slow-images": (service(desired=2), behaves(OLD, pull_seconds=90), behaves(NEW, pull_seconds=90)),
    "on-instances": (service(desired=3, launch_type="EC2"),),
    "linear": (service(desired=2, load_balancer=BALANCED, deployment=LINEAR),),
    "bakes": (service(desired=2, deployment={"bake_time_in_minutes": 6}),),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_release_goes_as_it_was_rehearsed(name: str) -> None:
    world = a_world(*WORLDS[name])
    if name == "slow-images":
        # The tasks of the first state came up at the usual pace.
        play(world, ("deploy", *WEB, "--image", OLD))
    told = as_object(world, *PATIENT)
    good = told["plays"][0]
    service_there = world.region.clusters["prod"].services["web"]
    service_there.lowest_healthy = service_there.desired
    made = play(world, (*DEPLOY, *PATIENT))
    assert (made.code, told["exit_code"], good["status"]) == (0, 0, "succeeded")
    assert made.result["duration_seconds"] == pytest.approx(good["seconds"], abs=15)
    assert service_there.lowest_healthy == good["lowest"]


def by_codedeploy(*parts: str) -> World:
    return a_world(BY_CODEDEPLOY, *parts)


FAILURES = {
    "crash-loop": (behaves(NEW, run="exit", exit_code=1, after=4),),
    "image-missing": (behaves(NEW, pull="not-found"),),
    "target-unhealthy": (behaves(NEW, run="target-unhealthy"),),
    "out-of-memory": (behaves(NEW, run="oom", after=20),),
    "no-capacity": (table("[limits]", {"capacity_tasks": 3}),),
    "first-tasks-fail": (behaves(NEW, run="exit", after=10, fails=2),),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_fault_does_what_it_was_rehearsed_to_do(name: str) -> None:
    world = a_world(service(desired=3, load_balancer=BALANCED, deployment=BREAKER), *FAILURES[name])
    told = fault_of(as_object(world, "--fault", name), name)
    made = play(world, (*DEPLOY, "--no-preflight"))
    assert told["status"] == made.result["status"]
    assert made.result["duration_seconds"] == pytest.approx(told["seconds"], abs=15)
    assert world.region.clusters["prod"].services["web"].lowest_healthy == told["lowest"]
    cause = made.result["cause"]
    assert told["reason"] == (cause["summary"] if cause else "")


def test_each_fault_is_played_or_is_said_to_spare_the_service() -> None:
    hook = {"hook_target_arn": "arn:aws:lambda:us-east-1:123456789012:function:smoke"}
    hooks = [
        hook | {"role_arn": "arn:aws:iam::123456789012:role/hooks", "lifecycle_stages": ["POST_SCALE_UP"]},
        {
            "target_type": "PAUSE",
            "lifecycle_stages": ["POST_TEST_TRAFFIC_SHIFT"],
            "timeout_configuration": {"timeout_in_minutes": 10, "action": "ROLLBACK"},
        },
    ]
    alarms = {"enable": True, "rollback": True, "alarm_names": ["web-5xx"]}
    deployment = {"strategy": "BLUE_GREEN", "bake_time_in_minutes": 1, "lifecycle_hooks": hooks, "alarms": alarms}
    containers = [{"name": "app", "image": OLD, "health_check": True}]
    whole = as_object(
        a_world(service(containers=containers, load_balancer=BALANCED, deployment=deployment | BREAKER)),
        "--fault",
        "all",
    )
    assert whole["skipped"] == []
    ends = {each["fault"]: (each["status"], each["serves"]) for each in whole["plays"]}
    assert ends == {
        "none": ("succeeded", "new"),
        "crash-loop": ("rolled_back", "old"),
        "crash-later": ("succeeded", "nothing"),
        "first-tasks-fail": ("succeeded", "new"),
        "image-missing": ("rolled_back", "old"),
        "init-error": ("rolled_back", "old"),
        "out-of-memory": ("rolled_back", "old"),
        "exec-format": ("rolled_back", "old"),
        "never-starts": ("rolled_back", "old"),
        "slow-start": ("succeeded", "new"),
        "unhealthy": ("rolled_back", "old"),
        "target-unhealthy": ("rolled_back", "old"),
        "no-capacity": ("timed_out", "old"),
        "alarm": ("rolled_back", "old"),
        "hook-failed": ("rolled_back", "old"),
        "hook-mute": ("timed_out", "old"),
        "pause-unanswered": ("rolled_back", "old"),
    }


def test_a_fault_that_cannot_befall_the_service_is_not_played() -> None:
    spared = ("unhealthy", "target-unhealthy", "alarm", "hook-failed", "hook-mute", "pause-unanswered")
    found = as_object(a_world(service()), *(f"--fault={each}" for each in spared))
    assert [each["fault"] for each in found["skipped"]] == list(spared)
    assert [each["fault"] for each in found["plays"]] == ["none"]


def test_what_no_breaker_ends_is_told_to_go_on() -> None:
    shown = rehearse(a_world(service()), "--fault", "crash-loop").stdout
    assert "An hour later ECS has not ended it." in " ".join(shown.split())


def test_a_deadlock_is_found_and_would_be_refused() -> None:
    world = a_world(service(desired=1, deployment={"minimum_healthy_percent": 100, "maximum_percent": 100}))
    found = as_object(world)
    assert (found["exit_code"], found["plays"][0]["status"]) == (26, "timed_out")
    assert [each["code"] for each in found["findings"] if each["blocking"]] == ["C-DEADLOCK"]
    assert found["traps"][0].startswith("Deadlock: 1 of 1 tasks must stay healthy and at most 1 may exist")
    assert "✖ The deploy would be refused: 1 check." in rehearse(world).stdout


def test_a_time_limit_that_is_too_short_is_a_trap_with_the_time_that_it_takes() -> None:
    found = as_object(a_world(service()), "--timeout", "30s")
    takes = found["plays"][0]["settled_seconds"]
    assert found["exit_code"] == 22
    assert found["traps"] == [f"The time limit (`--timeout`) is 30 s, and the release takes {round(takes)} s."]


def test_an_outage_without_a_fault_is_a_trap() -> None:
    found = as_object(a_world(*WORLDS["with-an-outage"]))
    down = found["plays"][0]["down_seconds"]
    assert down > 20
    assert found["traps"] == [f"No task is healthy for {round(down)} s, although nothing fails."]


def test_the_options_of_the_deploy_count() -> None:
    found = as_object(a_world(service(desired=2)), "--desired-count", "6", "--min", "50", "--max", "150")
    assert found["bounds"] == {"desired": 6, "lowest": 3, "highest": 9}
    assert found["plays"][0]["highest"] <= 9
    baked = as_object(a_world(service()), "--bake-time", "5m")["plays"][0]
    assert baked["seconds"] > 360


def test_what_could_not_be_read_is_named_and_assumed() -> None:
    denied = [fault(operation=name, error="AccessDeniedException", times=0) for name in ("ListTasks", "DescribeTasks")]
    groups = [fault(operation=name, error="AccessDenied", times=0) for name in ("DescribeTargetGroups",)]
    found = as_object(a_world(service(load_balancer=BALANCED), *denied, *groups))
    assumed = {each["what"]: each["seconds"] for each in found["premises"] if each["assumed"]}
    assert assumed == {"to start a task": 30.0, "between two checks of a target": 30.0}
    assert any(each.startswith("tasks that run: ") for each in found["unread"])


def test_a_service_that_cannot_be_played_is_refused_without_a_guess() -> None:
    refused = rehearse(shipped("code-deploy-refused"))
    assert refused.code == 26
    why = "cannot be rehearsed. CodeDeploy cannot deploy it as it is: `plan` says why."
    assert why in " ".join(refused.stderr.split())
    assert refused.stdout == ""


def test_a_fault_under_codedeploy_does_what_it_was_rehearsed_to_do() -> None:
    told = fault_of(as_object(by_codedeploy(), "--fault", "crash-loop", "--fault", "alarm"), "crash-loop")
    made = play(by_codedeploy(CRASHES), (*DEPLOY, "--no-preflight"))
    assert (told["status"], told["serves"]) == (made.result["status"], "old")
    assert made.result["duration_seconds"] == pytest.approx(told["seconds"], abs=15)
    assert {each["traffic"] for each in told["samples"]} == {0}
    assert told["moments"][-1]["what"] == "stage Rollback"


def test_the_page_has_every_fault_in_its_words() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "rehearse-a-release.md").read_text("utf-8")
    assert [line for line in page.splitlines() if line.startswith("| `")] == [
        f"| `{name}` | {each.means} |" for name, each in FAULTS.items()
    ]


def test_a_fault_that_does_not_exist_is_named_with_the_nearest() -> None:
    refused = rehearse(a_world(service()), "--fault", "crash-lop")
    assert refused.code == 64
    assert "There is no fault `crash-lop`. Did you mean `crash-loop`?" in refused.stderr


def test_no_value_of_a_variable_reaches_the_simulator_or_the_screen() -> None:
    containers = [{"name": "app", "image": OLD, "environment": {"TOKEN": "xyzzy-plugh"}}]
    played = rehearse(a_world(service(containers=containers)), "--env", "PASSWORD=open-sesame-1", "--output", "json")
    assert played.code == 0
    assert "xyzzy-plugh" not in played.said
    assert "open-sesame-1" not in played.said


def test_half_an_hour_is_rehearsed_in_two_seconds_of_cpu() -> None:
    deployment = {
        "strategy": "CANARY",
        "canary_configuration": {"canary_percent": 10.0, "canary_bake_time_in_minutes": 28},
    }
    world = a_world(service(desired=10, load_balancer=BALANCED, deployment=deployment))
    began = process_time()
    found = as_object(world, *PATIENT)
    assert process_time() - began < 2
    assert found["plays"][0]["seconds"] > 1600
