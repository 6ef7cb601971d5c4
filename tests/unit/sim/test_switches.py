"""The open points of the documentation: each switch, thrown."""

from typing import Any

import pytest

from ecsdeploy.sim import Switches, World, parse_scenario
from tests.unit.sim.builders import REPOSITORY, Refused, call, deploy, described, events, image, seconds, the_service
from tests.unit.sim.strategies import at_stage, record, running, service, until

CRASHES = image('run = "exit"\nafter = 4')
CANARY = 'strategy = "CANARY", circuit_breaker = "rollback"'


def _world(deployment: str, more: str = "", **switches: Any) -> World:
    balanced = "strategy" in deployment
    text = f'[[services]]\ncluster = "prod"\nname = "web"\nimage = "{REPOSITORY}:1"\n'
    scenario = parse_scenario(f"{text}{service(deployment, balanced=balanced)}\n{more}")
    return World(scenario, switches=Switches(**switches))


@pytest.mark.parametrize(
    "stage", ["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]
)
def test_the_stage_before_production_traffic_shifts_is_called(stage: str) -> None:
    w = _world(CANARY, pre_production_stage=stage)
    deploy(w)
    until(w, at_stage("PRE_PRODUCTION_TRAFFIC_SHIFT"))
    assert record(w)["lifecycleStage"] == stage


def test_the_breaker_may_be_for_rolling_alone() -> None:
    w = _world(CANARY, CRASHES, breaker_outside_rolling=False)
    deploy(w)
    w.clock.sleep(3600)
    assert record(w)["status"] == "IN_PROGRESS"
    assert record(w)["deploymentCircuitBreaker"]["status"] == "DISABLED"


def test_a_superseded_deployment_says_what_the_switch_says() -> None:
    w = _world("", superseded_reason="Because.")
    deploy(w)
    deploy(w, "3")
    assert record(w, age=1)["statusReason"] == "Because."


def test_a_failed_deployment_may_be_draining_during_the_rollback() -> None:
    w = _world('circuit_breaker = "rollback"', CRASHES, failed_status="DRAINING")
    failed = deploy(w)
    until(w, lambda w: record(w)["status"] == "ROLLBACK_IN_PROGRESS")
    assert {d["id"]: d["status"] for d in described(w)["deployments"]}[failed.id] == "DRAINING"
    w.settle()
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_abort_is_refused_unless_it_may_stop() -> None:
    for abort in ("refuse", "stop"):
        w = _world("", abort=abort)
        old, new = the_service(w).primary, deploy(w)
        w.clock.sleep(10)
        arn = record(w)["serviceDeploymentArn"]
        if abort == "refuse":
            with pytest.raises(Refused, match="UnsupportedFeatureException"):
                call(w, "StopServiceDeployment", serviceDeploymentArn=arn, stopType="ABORT")
            continue
        call(w, "StopServiceDeployment", serviceDeploymentArn=arn, stopType="ABORT")
        w.settle()
        assert (record(w)["status"], new.rollout_state) == ("STOPPED", "FAILED")
        assert running(old) == 2


def test_the_first_task_may_have_to_fix_the_digests_before_the_others_start() -> None:
    w = _world("", digest_rule="first-task")
    deploy(w)
    w.settle()
    started = [(at, text) for at, text in events(w) if "has started" in text]
    assert [text.split(" tasks")[0] for _, text in started] == ["has started 1", "has started 1"]
    assert started[0][0] == 5.0
    assert record(w)["status"] == "SUCCESSFUL"


def test_three_tasks_that_know_no_digest_fail_a_deployment_with_a_breaker_whatever_its_threshold() -> None:
    breaker = '{ enable = true, rollback = true, threshold_configuration = { type = "COUNT", value = 50 } }'
    missing = image('pull = "not-found"')
    w = _world(f"deployment_circuit_breaker = {breaker}", missing, digest_rule="first-task")
    failed = deploy(w)
    w.settle()
    assert failed.launches == 3
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_without_a_breaker_three_failures_go_on_without_digests() -> None:
    w = _world("", image('pull = "not-found"\nfails = 3'), digest_rule="first-task")
    deploy(w)
    w.settle()
    counts = [text.split()[2] for _, text in events(w) if "has started" in text]
    assert counts == ["1", "1", "1", "2"]
    assert record(w)["status"] == "SUCCESSFUL"


def test_stopping_tasks_may_leave_their_place_at_once() -> None:
    ended = {}
    for counts in (True, False):
        w = _world("minimum_healthy_percent = 0, maximum_percent = 100", stopping_counts=counts)
        deploy(w)
        w.settle()
        ended[counts] = seconds(w)
    assert ended[True] - ended[False] > 20


def test_a_deployment_is_attached_when_the_switch_says() -> None:
    w = _world("", attached_after=7.0)
    deploy(w)
    w.clock.sleep(6)
    assert "currentServiceDeployment" not in described(w)
    w.clock.sleep(1)
    assert "currentServiceDeployment" in described(w)


def test_switches_are_the_defaults_unless_given() -> None:
    assert World(parse_scenario(SIMPLE)).region.switches == Switches()


SIMPLE = f'[[services]]\ncluster = "prod"\nname = "web"\nimage = "{REPOSITORY}:1"\n'
