"""How a service stands, asked through the command line in every condition that the simulator can bring about."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, fault, later, play, service, shipped, surroundings

READS = {"Describe", "List", "Get"}
BALANCED = {"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30, "grace_period": 60}


def begun(scenario: str, seconds: float) -> World:
    """The world of a scenario, so many seconds after somebody has begun its release."""
    world = shipped(scenario)
    play(world, ("deploy", *WEB, "--image", NEW, "--detach", "--no-preflight"))
    world.clock.sleep(seconds)
    return world


def status(world: World, *words: str, width: int = 100) -> Played:
    before = len(world.calls)
    played = play(world, ("status", *WEB, *words), replace(surroundings(), width=width))
    asked = {call.operation for call in world.calls[before:]}
    assert {name for name in asked if not name.startswith(tuple(READS))} == set()
    return played


def as_object(world: World, *words: str) -> Mapping[str, Any]:
    (line,) = status(world, "--output", "json", *words).lines
    found: Mapping[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize(
    ("scenario", "seconds", "condition", "code", "says"),
    [
        ("good", 0, "deploying", 22, " · DEPLOYING web:3: 0/4 running."),
        ("good", 600, "steady", 0, " ✔ STEADY: web:3 runs 4/4 tasks."),
        ("scaled-to-zero", 600, "steady", 0, " is scaled to zero."),
        ("crash-loop", 60, "rolling_back", 22, " · ROLLING BACK to web:1."),
        ("crash-loop", 600, "rolled_back", 21, " ⚠ ROLLED BACK: web:1 runs 4/4 tasks; web:2 was rolled back."),
        ("breaker-stop", 300, "failed", 20, " ✖ FAILED: web:2: 0/4 running, 4 failed; web:1 (4 running) serves."),
        ("deadlock", 60, "stuck", 20, " ✖ STUCK: web:2: 0/3 running, and it makes no progress."),
        ("no-capacity", 90, "deploying", 22, " · DEPLOYING web:2: "),
        ("blue-green-pause-continue", 130, "deploying", 22, "; paused at POST_TEST_TRAFFIC_SHIFT."),
        ("service-deleted", 45, "going", 20, " ✖ GOING: the service is "),
    ],
)
def test_condition_exit_code_and_sentence(scenario: str, seconds: float, condition: str, code: int, says: str) -> None:
    world = begun(scenario, seconds)
    played = status(world, "--exit-code")
    assert played.code == code
    assert says in played.lines[0]
    found = as_object(world)
    assert (found["condition"], found["exit_code"]) == (condition, code)


def test_looking_is_a_success_whatever_is_seen() -> None:
    assert status(begun("breaker-stop", 300)).code == 0


def test_a_service_that_loses_its_tasks_is_unsteady() -> None:
    world = a_world(service(desired=4), later(200, "spot", tasks=2))
    play(world, ("deploy", *WEB, "--image", NEW))
    world.clock.run_until(world.start + 215)
    played = status(world, "--exit-code")
    assert played.lines[0] == " ⚠ UNSTEADY: web:2 runs 2/4 tasks, 2 starting; nothing is being deployed."
    assert played.code == 22


def test_a_failure_is_shown_with_its_cause() -> None:
    shown = status(begun("crash-loop", 600)).stdout
    assert 'container "app" exits 1 about 4 s after start (4 of 4 tasks)' in shown
    assert "E-CONTAINER-EXIT" in shown


def test_a_pause_is_shown_with_the_commands_that_end_it() -> None:
    shown = status(begun("blue-green-pause-continue", 130)).stdout
    assert "AWAITING_ACTION" in shown
    assert "traffic web:2 0 %, web:1 100 %" in shown
    assert "ecs-deploy continue -c prod -n web --rollback --expect-account " in shown


@pytest.mark.parametrize(
    ("breaker", "says"),
    [
        ({}, "breaker on, rollback off Images"),
        (
            {"threshold_configuration": {"type": "COUNT", "value": 5}},
            "breaker on (at 5 failed tasks), rollback off Images",
        ),
        (
            {"threshold_configuration": {"type": "UNBOUNDED_PERCENT", "value": 20}, "reset_on_healthy_task": False},
            "breaker on (at 20 % failed tasks in all), rollback off Images",
        ),
    ],
)
def test_how_the_breaker_counts_is_shown_where_it_is_set(breaker: Mapping[str, object], says: str) -> None:
    world = a_world(service(deployment={"deployment_circuit_breaker": {"enable": True, "rollback": False, **breaker}}))
    assert says in " ".join(play(world, ("status", *WEB)).stdout.split())


def test_early_success_is_shown() -> None:
    assert "· early success" in " ".join(play(shipped("early-success-deferred"), ("status", *WEB)).stdout.split())


def test_targets_and_alarms_are_shown_by_their_state() -> None:
    alarms = {"enable": True, "rollback": True, "alarm_names": ["web-5xx"]}
    world = a_world(service(load_balancer=BALANCED, deployment={"alarms": alarms}), later(30, "alarm", alarm="web-5xx"))
    play(world, ("deploy", *WEB, "--image", NEW, "--detach"))
    world.clock.sleep(25)
    assert "web-5xx OK since 12:00:00" in status(world).stdout
    world.clock.sleep(10)
    shown = status(world).stdout
    assert "Alarms  web-5xx ALARM since 12:00:30: The simulator's scenario says ALARM." in shown
    assert "Targets prod-web  " in shown


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        ("DescribeTaskDefinition", "Unread revision web:1: "),
        ("ListServiceDeployments", "Unread service deployments: "),
        ("DescribeServiceDeployments", "Unread service deployments: "),
        ("DescribeTargetHealth", "Unread targets of prod-web: "),
        ("DescribeAlarms", "Unread alarms: "),
    ],
)
def test_what_may_not_be_read_costs_a_line(operation: str, says: str) -> None:
    alarms = {"enable": True, "rollback": True, "alarm_names": ["web-5xx"]}
    denied = fault(operation=operation, error="AccessDeniedException", times=100)
    played = status(a_world(service(load_balancer=BALANCED, deployment={"alarms": alarms}), denied), "--exit-code")
    assert (played.code, played.lines[0]) == (0, " ✔ STEADY: web:1 runs 2/2 tasks.")
    told = " ".join(played.stdout.split())
    assert says in told
    assert "may not call `" in told


def test_a_service_that_is_not_there_is_an_error() -> None:
    played = play(a_world(), ("status", "-c", "prod", "-n", "nothing"))
    assert (played.code, played.stdout) == (26, "")


def test_a_service_of_another_account_is_not_looked_at_further() -> None:
    played = status(a_world(), "--expect-account", "999999999999")
    assert (played.code, played.stdout) == (26, "")
    assert len(played.world.calls) == 1


@pytest.mark.parametrize("command", ["watch", "stop", "rollback", "continue"])
def test_every_command_holds_to_the_expected_account(command: str) -> None:
    world = begun("blue-green-pause-continue", 130)
    before = len(world.calls)
    assert play(world, (command, *WEB, "--expect-account", "999999999999")).code == 26
    assert [call.operation for call in world.calls[before:]] == ["DescribeServices"]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_prose_stays_within_the_terminal(width: int) -> None:
    shown = status(begun("deadlock", 60), width=width).lines
    wide = [line.split() for line in shown if len(line) > width]
    assert [words for words in wide if len(words) > 2 and "ecs-deploy" not in words] == []


def test_d07_the_log_is_shown_as_a_deployment_shows_it() -> None:
    world = begun("crash-loop", 60)
    played = status(world)
    assert any("│" in line for line in played.lines)
    assert as_object(world)["cause"]["log"]


def test_m09_each_deployment_has_its_images_and_who_released_it() -> None:
    world = begun("good", 0)
    shown = status(world, width=160).stdout
    told = {each["revision"].rsplit("/", 1)[-1]: each for each in as_object(world)["releases"]}
    assert [each["images"]["app"] for each in told.values()] == [NEW, OLD]
    for revision, image in zip(told, (NEW, OLD), strict=True):
        who = told[revision]["registered_by"]
        assert told[revision]["images"] == {"app": image}
        assert who.startswith("arn:aws:")
        assert f"{revision} is app {image}, registered by {who}" in " ".join(shown.split())


def test_m09_a_revision_is_read_once() -> None:
    world = begun("good", 0)
    before = len(world.calls)
    status(world)
    asked = [call.request for call in world.calls[before:] if call.operation == "DescribeTaskDefinition"]
    assert len(asked) == 2
