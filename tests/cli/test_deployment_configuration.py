"""`--strategy`, `--bake-time`, `--circuit-breaker`, `--alarms`: they change with a release, and go back with it."""

from __future__ import annotations

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.worlds import DEPLOY, NEW, WEB, Played, a_world, behaves, fault, play, service, shipped

CRASHES = behaves(NEW, run="exit", exit_code=1, after=4)
BALANCED = {"health_interval": 10, "healthy_threshold": 2, "deregistration_delay": 30, "grace_period": 60}
NO_STOP = fault(operation="StopServiceDeployment", error="AccessDeniedException")
LINEAR = {"strategy": "LINEAR", "linear_configuration": {"step_percent": 50.0, "step_bake_time_in_minutes": 1}}


def configuration(world: World) -> dict[str, Any]:
    kept: dict[str, Any] = world.region.clusters["prod"].services["web"].settings["deploymentConfiguration"]
    return kept


def sent(run: Played) -> list[Any]:
    return [request.get("deploymentConfiguration") for request in run.requests("UpdateService")]


def test_only_what_is_named_is_sent_and_the_rest_stays() -> None:
    breaker = {"enable": True, "rollback": False, "reset_on_healthy_task": False}
    kept = {"deployment_circuit_breaker": breaker, "early_success_criteria": {"enable": False}}
    world = a_world(service(deployment=kept))
    before = dict(configuration(world))
    run = play(world, (*DEPLOY, "--circuit-breaker", "rollback:5"))
    limit = {"type": "COUNT", "value": 5}
    whole = {"enable": True, "rollback": True, "resetOnHealthyTask": False, "thresholdConfiguration": limit}
    assert (run.code, sent(run)) == (0, [{"deploymentCircuitBreaker": whole}])
    assert configuration(world) == before | {"deploymentCircuitBreaker": whole}


def test_the_plan_shows_each_and_writes_nothing() -> None:
    options = ("--strategy", "BLUE_GREEN", "--bake-time", "5m", "--circuit-breaker", "stop:50%", "--alarms", "slow")
    run = play(a_world(), ("plan", *DEPLOY[1:], *options))
    assert [line.strip() for line in run.lines if "~" in line][2:] == [
        "~ service",
        "~ strategy ROLLING → BLUE_GREEN",
        "~ bakeTimeInMinutes 0 → 5",
        "~ deploymentCircuitBreaker enable false → true",
        '~ alarms alarmNames [] → ["slow"]',
        "~ alarms enable false → true",
        "~ alarms rollback false → true",
    ]
    assert (run.code, sent(run), run.requests("RegisterTaskDefinition")) == (0, [], [])
    assert {"member": "strategy", "how": "changed", "container": "", "name": "", "before": "ROLLING"}.items() <= (
        run.events[0]["resized"][0].items()
    )


def test_a_release_follows_the_strategy_that_it_sets() -> None:
    world = a_world(service(load_balancer=BALANCED, deployment=LINEAR))
    run = play(world, (*DEPLOY, "--strategy", "CANARY", "--bake-time", "1m", "--timeout", "40m"))
    assert (run.code, configuration(world)["strategy"]) == (0, "CANARY"), run.said
    assert {event["traffic"] for event in run.events if event["type"] == "progress"} >= {5.0, 100.0}


@pytest.mark.parametrize("words", [WEB, ("deploy", *WEB)], ids=["the flag form", "the command"])
def test_both_forms_take_them(words: tuple[str, ...]) -> None:
    run = play(a_world(), (*words, "--image", NEW, "--alarms", "none"))
    assert (run.code, sent(run)) == (0, [{"alarms": {"alarmNames": [], "enable": False, "rollback": False}}])


def test_what_ecs_takes_back_we_put_back() -> None:
    world = a_world(service(deployment={"circuit_breaker": "off"}), CRASHES)
    before = dict(configuration(world))
    run = play(world, (*DEPLOY, "--circuit-breaker", "rollback:3", "--on-failure", "rollback", "--no-fail-fast"))
    assert (run.code, configuration(world)) == (21, before), run.said
    assert "W-SIZING-NOT-RESTORED" not in run.said


def test_a_strategy_goes_back_once_the_way_back_has_ended() -> None:
    world = a_world(service(load_balancer=BALANCED, deployment=LINEAR), CRASHES, NO_STOP)
    before = dict(configuration(world))
    options = ("--strategy", "CANARY", "--bake-time", "1m", "--alarms", "slow", "--on-failure", "rollback")
    run = play(world, (*DEPLOY, *options, "--timeout", "40m"))
    assert (run.code, configuration(world)["strategy"]) == (21, "LINEAR"), run.said
    first, back, last = sent(run)
    off = {"alarmNames": [], "enable": False, "rollback": False}
    assert (first["strategy"], back, last["strategy"]) == ("CANARY", {"alarms": off}, "LINEAR")
    assert configuration(world) == before | {"alarms": off}


def test_a_finished_release_that_failed_goes_back_in_one_update() -> None:
    world = a_world(service(load_balancer=BALANCED, deployment=LINEAR), CRASHES)
    options = ("--strategy", "CANARY", "--circuit-breaker", "stop:3", "--on-failure", "rollback", "--no-fail-fast")
    before = dict(configuration(world))
    run = play(world, (*DEPLOY, *options, "--timeout", "40m"))
    assert (run.code, configuration(world)) == (21, before), run.said


@pytest.mark.parametrize(
    ("world", "options", "code"),
    [
        (a_world(service(load_balancer=BALANCED)), ("--strategy", "CANARY"), "C-STRATEGY-BALANCERS"),
        (a_world(), ("--strategy", "BLUE_GREEN"), "C-STRATEGY-BAKE-TIME"),
        (shipped("code-deploy"), ("--circuit-breaker", "stop"), "C-CODEDEPLOY-SIZING"),
    ],
)
def test_what_ecs_would_refuse_is_refused_before_anything_is_written(
    world: World, options: tuple[str, ...], code: str
) -> None:
    run = play(world, (*DEPLOY, *options))
    assert (run.code, run.requests("RegisterTaskDefinition"), sent(run)) == (26, [], []), run.said
    assert any(each["code"] == code for event in run.events for each in event.get("findings", ()))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--bake-time", "5"), "`--bake-time` must be whole minutes, 24 hours at most, not `5`. Write it as `10m`"),
        (("--circuit-breaker", "on"), "`--circuit-breaker` must be `rollback`, `stop` or `off`: `on`."),
    ],
)
def test_bad_input_contacts_nobody(options: tuple[str, ...], said: str) -> None:
    run = play(a_world(), (*DEPLOY, *options))
    assert (run.code, run.world.calls) == (64, ())
    assert said in run.stderr


def test_a_forced_deployment_changes_none() -> None:
    run = play(a_world(), ("deploy", *WEB, "--force-new-deployment", "--bake-time", "5m"))
    assert (run.code, run.world.calls) == (64, ())
    assert "changes nothing but the revision, and `--bake-time` the deployment configuration." in run.stderr


def test_a_plan_to_paste_repeats_them() -> None:
    run = play(shipped("crash-loop"), (*DEPLOY, "--circuit-breaker", "stop:5"))
    assert "--circuit-breaker stop:5" in run.stderr
