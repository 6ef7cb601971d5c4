"""When a ROLLING deployment is done: bake time, alarms, early success."""

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.deployments.completion import required
from ecsdeploy.sim.ground.switches import Switches
from tests.unit.sim.builders import call, deploy, described, events, image, seconds, the_service, update, world
from tests.unit.sim.strategies import every_event, record, service, until

ALARMS = 'alarms = { enable = true, rollback = true, alarm_names = ["x", "y"] }'
# The stop of the old tasks in a rollout of good tasks without checks; completion follows 9 s later.
STOPPED, COMPLETED = 70.6, 79.6


def _early(cleanup: str, percent: int = 50, more: str = "") -> str:
    criteria = f'{{ enable = true, healthy_percent = {percent}, source_service_revision_cleanup = "{cleanup}" }}'
    return f"minimum_healthy_percent = 50, early_success_criteria = {criteria}{more}"


def _rings(name: str, at: float, do: str = "alarm") -> str:
    return f'[[at]]\ntime = {at}\ndo = "{do}"\nalarm = "{name}"\n'


def _rolling(deployment: str, more: str = "", *, desired: int = 2) -> World:
    w = world(service(deployment, desired=desired, balanced=False), more)
    deploy(w)
    return w


def _finished_at(w: World) -> float:
    w.settle()
    return next(at for at, text in events(w) if "deployment completed" in text)


def test_a_bake_time_is_waited_for_once_the_old_tasks_are_gone() -> None:
    w = _rolling("bake_time_in_minutes = 3")
    until(w, lambda w: seconds(w) >= COMPLETED)
    assert described(w)["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    assert _finished_at(w) == pytest.approx(COMPLETED + 180)


def test_a_deployment_that_watches_alarms_bakes_less_than_five_minutes() -> None:
    assert _finished_at(_rolling(ALARMS)) == pytest.approx(COMPLETED + 240)


def test_the_configured_bake_time_takes_the_place_of_the_computed_one() -> None:
    assert _finished_at(_rolling(f"{ALARMS}, bake_time_in_minutes = 1")) == pytest.approx(COMPLETED + 60)


def test_alarms_that_are_configured_and_not_enabled_change_nothing() -> None:
    w = _rolling('alarms = { enable = false, rollback = false, alarm_names = ["x"] }', _rings("x", 30))
    assert _finished_at(w) == COMPLETED
    assert record(w)["alarms"] == {"status": "DISABLED"}


@pytest.mark.parametrize("at", [30, 200], ids=["rolling", "baking"])
def test_an_alarm_rolls_back_within_a_poll(at: float) -> None:
    w = _rolling(ALARMS, _rings("y", at))
    until(w, lambda w: record(w)["status"] == "ROLLBACK_IN_PROGRESS")
    assert at < seconds(w) <= at + 21
    w.settle()
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"
    assert record(w)["alarms"] == {"status": "TRIGGERED", "alarmNames": ["x", "y"], "triggeredAlarmNames": ["y"]}
    assert the_service(w).definition.number == 1
    assert any(text.endswith("deployment failed: alarm detected.") for _, text in events(w))


def test_an_alarm_without_rollback_fails_the_deployment_and_goes_nowhere() -> None:
    w = _rolling('alarms = { enable = true, rollback = false, alarm_names = ["x"] }', _rings("x", 30))
    w.settle()
    assert record(w)["status"] == "STOPPED"
    assert record(w)["statusReason"] == "Service deployment stopped because of one or more active alarms."
    assert described(w)["deployments"][0]["rolloutState"] == "FAILED"


def test_an_alarm_that_rings_at_the_start_is_ignored_however_often_it_rings() -> None:
    w = _rolling(ALARMS, _rings("x", 0) + _rings("x", 20, "ok") + _rings("y", 40))
    assert _finished_at(w) == COMPLETED
    assert record(w)["alarms"]["status"] == "DISABLED"


def test_an_alarm_that_clears_between_two_polls_was_never_seen() -> None:
    w = _rolling(ALARMS, _rings("x", 23) + _rings("x", 40, "ok"))
    w.settle()
    assert (record(w)["status"], record(w)["alarms"]["status"]) == ("SUCCESSFUL", "MONITORING_COMPLETE")


def test_the_first_mechanism_that_fails_decides_alone() -> None:
    w = _rolling(f'{ALARMS}, circuit_breaker = "rollback"', _rings("x", 30) + image('run = "exit"\nafter = 4'))
    w.settle()
    assert record(w)["rollback"]["reason"].endswith("because of one or more active alarms.")
    assert record(w)["deploymentCircuitBreaker"]["status"] == "MONITORING_COMPLETE"


def test_a_rollback_bakes_no_more() -> None:
    w = _rolling(ALARMS, _rings("x", 100))
    until(w, lambda w: record(w)["status"] == "ROLLBACK_IN_PROGRESS")
    began = seconds(w)
    w.settle()
    assert seconds(w) - began < 100


def test_whether_a_rolling_deployment_bakes_without_alarms_is_a_switch() -> None:
    w = world(service("bake_time_in_minutes = 3", balanced=False))
    w.region.switches = Switches(rolling_bake="alarms-only")
    deploy(w)
    assert _finished_at(w) == COMPLETED


@pytest.mark.parametrize(
    ("desired", "percent", "expected"), [(2, 50, 1), (3, 50, 2), (10, 80, 8), (100, 90, 90), (10, 0, 1), (0, 50, 0)]
)
def test_required_tasks_are_rounded_up_and_one_at_least(desired: int, percent: int, expected: int) -> None:
    assert required(desired, percent) == expected


SLOW = image('run = "never-starts"\nfails = 2')


def test_early_success_takes_the_required_tasks_and_starts_the_rest_afterwards() -> None:
    w = _rolling(_early("BLOCKING"), SLOW, desired=4)
    until(w, lambda w: record(w)["status"] == "SUCCESSFUL")
    assert described(w)["runningCount"] < 4
    assert described(w)["deployments"][0]["rolloutState"] == "COMPLETED"
    w.clock.sleep(300)
    assert described(w)["runningCount"] == 4
    assert events(w)[-1][1] == "has reached a steady state."


def test_blocking_waits_for_the_old_tasks_and_deferred_does_not() -> None:
    drains = "load_balancer = { health_interval = 10, deregistration_delay = 300 }"
    ended = {}
    for cleanup in ("BLOCKING", "DEFERRED"):
        w = world(f"desired = 2\n{drains}\ndeployment = {{ {_early(cleanup, 100)} }}")
        deploy(w)
        until(w, lambda w: record(w)["status"] == "SUCCESSFUL")
        ended[cleanup] = seconds(w)
        assert len(described(w)["deployments"]) == (1 if cleanup == "BLOCKING" else 2)
        w.clock.sleep(600)
        assert len(described(w)["deployments"]) == 1
    assert ended["BLOCKING"] - ended["DEFERRED"] > 200


def test_counts_are_frozen_by_an_early_success() -> None:
    w = _rolling(_early("BLOCKING"), SLOW, desired=4)
    until(w, lambda w: record(w)["status"] == "SUCCESSFUL")
    frozen = record(w)["targetServiceRevision"]
    w.clock.sleep(300)
    assert record(w)["targetServiceRevision"] == frozen
    assert frozen["runningTaskCount"] < described(w)["runningCount"] == 4


def test_counts_are_live_otherwise() -> None:
    w = _rolling("bake_time_in_minutes = 0")
    w.settle()
    update(w, desiredCount=3)
    w.clock.sleep(120)
    assert record(w)["targetServiceRevision"]["runningTaskCount"] == 3


def test_nothing_rolls_back_after_an_early_success() -> None:
    w = _rolling(_early("DEFERRED", more=f', circuit_breaker = "rollback", {ALARMS}'), SLOW, desired=4)
    until(w, lambda w: record(w)["status"] == "SUCCESSFUL")
    w.region.alarms["x"].state = "ALARM"
    w.clock.sleep(3600)
    assert record(w)["status"] == "SUCCESSFUL"
    assert the_service(w).definition.number == 2


def test_an_early_success_bakes_too() -> None:
    plain, baked = _rolling(_early("DEFERRED")), _rolling(_early("DEFERRED", more=", bake_time_in_minutes = 2"))
    assert _finished_at(baked) - _finished_at(plain) == pytest.approx(120)


def test_a_rollback_of_a_deployment_with_early_success_goes_all_the_way() -> None:
    w = _rolling(_early("DEFERRED", more=', circuit_breaker = "rollback"'), image('run = "exit"\nafter = 4'))
    for _ in every_event(w):
        pass
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"
    assert [d["runningCount"] for d in described(w)["deployments"]] == [2]


def test_early_success_ends_a_stop_request_with_a_conflict() -> None:
    w = _rolling(_early("DEFERRED"))
    until(w, lambda w: record(w)["status"] == "SUCCESSFUL")
    with pytest.raises(Exception, match="ConflictException"):
        call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
