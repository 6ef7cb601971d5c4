"""BLUE_GREEN, LINEAR and CANARY: stages, weights, tasks, rollback, superseding."""

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.service import Task
from tests.unit.sim.builders import Refused, call, deploy, described, events, image, seconds, the_service, update, world
from tests.unit.sim.strategies import (
    at_stage,
    blue_green,
    course,
    every_event,
    history,
    record,
    running,
    service,
    stages,
    until,
    weights,
)

CANARY = 'strategy = "CANARY", bake_time_in_minutes = 1'
CANARY_10 = f"{CANARY}, canary_configuration = {{ canary_percent = 10.0, canary_bake_time_in_minutes = 2 }}"
LINEAR = 'strategy = "LINEAR", linear_configuration = { step_percent = 40.0, step_bake_time_in_minutes = 1 }'
CRASHES = image('run = "exit"\nafter = 4')


def test_blue_green_goes_through_every_stage_once() -> None:
    w = blue_green()
    deploy(w)
    assert stages(w) == [
        "PRE_SCALE_UP",
        "SCALE_UP",
        "POST_SCALE_UP",
        "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRE_PRODUCTION_TRAFFIC_SHIFT",
        "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT",
        "BAKE_TIME",
        "CLEAN_UP",
    ]
    assert record(w)["status"] == "SUCCESSFUL"
    assert record(w)["lifecycleStage"] == "CLEAN_UP"


def test_test_traffic_moves_before_production_traffic_and_both_move_at_once() -> None:
    w = blue_green()
    deploy(w)
    seen = [(test, production) for _, test, production in history(w)]
    assert list(dict.fromkeys(seen)) == [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)]


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [(LINEAR, [0.0, 40.0, 80.0, 100.0]), (CANARY_10, [0.0, 10.0, 100.0])],
    ids=["linear", "canary"],
)
def test_production_traffic_moves_step_by_step(deployment: str, expected: list[float]) -> None:
    w = world(service(deployment))
    deploy(w)
    assert list(dict.fromkeys(production for _, _, production in history(w))) == expected


def test_a_step_bakes_before_the_next_and_the_last_one_does_not() -> None:
    w = world(service(CANARY_10))
    deploy(w)
    until(w, lambda w: weights(w)[1] == 10.0)
    began = seconds(w)
    until(w, lambda w: weights(w)[1] == 100.0)
    assert 120 <= seconds(w) - began < 140
    until(w, at_stage("POST_PRODUCTION_TRAFFIC_SHIFT"))
    assert seconds(w) - began < 140


def test_listener_rules_carry_the_weights_of_the_revisions() -> None:
    w = world(service(CANARY_10))
    deploy(w)
    until(w, lambda w: weights(w)[1] == 10.0)
    (balancer,) = the_service(w).settings["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    blue, green = balancer["targetGroupArn"], advanced["alternateTargetGroupArn"]
    assert w.region.rules[advanced["productionListenerRule"]].weights == {green: 10.0, blue: 90.0}
    assert w.region.rules[advanced["testListenerRule"]].weights == {green: 100.0, blue: 0.0}


def test_the_new_revision_stands_behind_the_other_target_group_and_the_next_behind_the_first_again() -> None:
    w = blue_green()
    (balancer,) = the_service(w).settings["loadBalancers"]
    first, other = balancer["targetGroupArn"], balancer["advancedConfiguration"]["alternateTargetGroupArn"]
    for tag, expected in (("2", other), ("3", first)):
        deploy(w, tag)
        w.settle()
        assert {target.group.arn for task in the_service(w).tasks for target in task.targets} == {expected}
        arn = the_service(w).primary.revision.arn
        revision = call(w, "DescribeServiceRevisions", serviceRevisionArns=[arn])["serviceRevisions"][0]
        assert revision["resolvedConfiguration"]["loadBalancers"][0]["targetGroupArn"] == expected


def test_both_revisions_run_in_full_until_the_old_one_is_cleaned_up() -> None:
    w = blue_green()
    deploy(w)
    until(w, at_stage("BAKE_TIME"))
    new, old = described(w)["deployments"]
    assert (new["status"], new["rolloutState"], new["runningCount"]) == ("PRIMARY", "IN_PROGRESS", 2)
    assert (old["status"], old["rolloutState"], old["runningCount"]) == ("ACTIVE", "COMPLETED", 2)
    assert described(w)["runningCount"] == 4
    w.settle()
    assert described(w)["runningCount"] == 2


def test_a_changed_desired_count_reaches_both_revisions() -> None:
    w = blue_green()
    new = deploy(w)
    until(w, at_stage("BAKE_TIME"))
    old = the_service(w).sources[0]
    update(w, desiredCount=3)
    w.clock.sleep(120)
    assert (running(new), running(old)) == (3, 3)
    w.settle()
    assert running(new) == 3


def test_a_dead_task_of_either_revision_is_replaced_in_its_own() -> None:
    w = blue_green()
    new = deploy(w)
    until(w, at_stage("BAKE_TIME"))
    old = the_service(w).sources[0]
    for deployment in (old, new):
        call(w, "StopTask", cluster="prod", task=deployment.tasks[0].arn)
    w.clock.sleep(120)
    assert (running(new), running(old)) == (2, 2)


def test_without_a_load_balancer_there_is_no_weight_to_see() -> None:
    w = world(service('strategy = "BLUE_GREEN", bake_time_in_minutes = 1', balanced=False))
    deploy(w)
    until(w, at_stage("BAKE_TIME"))
    assert "requestedProductionTrafficWeight" not in record(w)["targetServiceRevision"]
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"


def test_a_network_load_balancer_takes_ten_minutes_more_for_each_shift() -> None:
    def shift_seconds(listener: str) -> float:
        w = blue_green()
        (balancer,) = the_service(w).settings["loadBalancers"]
        advanced = balancer["advancedConfiguration"]
        rules = {"productionListenerRule": f"{listener}/1/2", "testListenerRule": f"{listener}/1/3"}
        update(w, loadBalancers=[{**balancer, "advancedConfiguration": {**advanced, **rules}}])
        until(w, at_stage("TEST_TRAFFIC_SHIFT"))
        began = seconds(w)
        until(w, at_stage("POST_TEST_TRAFFIC_SHIFT"))
        return seconds(w) - began

    prefix = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    applications, networks = f"{prefix}:listener-rule/app/x/0", f"{prefix}:listener/net/x"
    assert shift_seconds(networks) - shift_seconds(applications) == pytest.approx(600)


def test_a_rollback_takes_the_weights_back_in_reverse_and_ends_where_it_began() -> None:
    w = world(service(f'{CANARY_10}, alarms = {{ enable = true, rollback = true, alarm_names = ["x"] }}'))
    old, new = the_service(w).primary, deploy(w)
    until(w, lambda w: weights(w)[1] == 10.0)
    w.region.alarms["x"].state = "ALARM"
    seen = history(w)
    back = [(stage, test, production) for stage, test, production in seen if record(w)["rollback"]][-5:]
    assert ("TEST_TRAFFIC_SHIFT", 100.0, 0.0) in back
    assert back[-1] == ("CLEAN_UP", 0.0, 0.0)
    assert the_service(w).primary is old
    assert new.rollout_state == "FAILED"
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"
    assert record(w)["statusReason"] == "Service deployment rolled back because of one or more active alarms."


def test_a_rollback_before_any_traffic_has_moved_only_cleans_up() -> None:
    w = world(service(f'{CANARY}, circuit_breaker = "rollback"'), CRASHES)
    deploy(w)
    assert stages(w) == ["PRE_SCALE_UP", "SCALE_UP", "CLEAN_UP"]
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"
    assert record(w)["deploymentCircuitBreaker"]["status"] == "TRIGGERED"


def test_the_breaker_without_rollback_leaves_the_old_revision_serving() -> None:
    w = world(service(f'{CANARY}, circuit_breaker = "stop"'), CRASHES)
    old, new = the_service(w).primary, deploy(w)
    w.settle()
    assert (record(w)["status"], new.rollout_state) == ("STOPPED", "FAILED")
    w.clock.sleep(3600)
    assert running(old) == 2


def test_without_a_breaker_a_stage_fails_after_a_day() -> None:
    w = world(service('strategy = "BLUE_GREEN"'), CRASHES)
    deploy(w)
    w.settle()
    assert 24 * 3600 < seconds(w) < 25 * 3600
    assert "SCALE_UP lifecycle stage exceeded the limit of 24 hours" in record(w)["statusReason"]
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_first_deployment_that_fails_has_no_candidate_to_go_back_to() -> None:
    w = world(service(f'{CANARY}, circuit_breaker = "rollback"'), CRASHES)
    the_service(w).last_completed = None
    deploy(w)
    w.settle()
    assert record(w)["status"] == "ROLLBACK_FAILED"
    assert record(w)["statusReason"] == "No rollback candidate was found to run the rollback."


def test_stopping_takes_the_traffic_back() -> None:
    w = world(service(CANARY_10))
    old = the_service(w).primary
    deploy(w)
    until(w, lambda w: weights(w)[1] == 10.0)
    call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
    assert record(w)["status"] == "ROLLBACK_REQUESTED"
    asked = seconds(w)
    until(w, lambda w: weights(w)[1] == 0.0)
    assert seconds(w) - asked < 45
    w.settle()
    assert (record(w)["status"], the_service(w).primary) == ("ROLLBACK_SUCCESSFUL", old)


def test_stopped_while_it_is_cleaned_up_the_old_revision_is_scaled_up_before_it_gets_traffic() -> None:
    w = blue_green()
    old, new = the_service(w).primary, deploy(w)
    until(w, lambda w: course(w).stage == "CLEAN_UP" and running(old) == 0)
    call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
    until(w, lambda w: weights(w)[1] == 0.0)
    assert (running(old), running(new)) == (2, 2)
    w.settle()
    assert (record(w)["status"], the_service(w).primary) == ("ROLLBACK_SUCCESSFUL", old)


def test_an_alarm_after_the_bake_time_comes_too_late() -> None:
    w = blue_green('alarms = { enable = true, rollback = true, alarm_names = ["x"] }')
    deploy(w)
    until(w, at_stage("CLEAN_UP"))
    w.region.alarms["x"].state = "ALARM"
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"
    assert record(w)["alarms"]["status"] == "MONITORING_COMPLETE"


def test_a_pending_deployment_can_be_stopped() -> None:
    w = blue_green()
    deploy(w)
    call(w, "StopServiceDeployment", serviceDeploymentArn=record(w)["serviceDeploymentArn"])
    w.settle()
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"


def test_a_deployment_that_supersedes_reconciles_the_service_first() -> None:
    w = world(service(LINEAR))
    blue, green = the_service(w).primary, deploy(w)
    until(w, lambda w: weights(w)[1] == 40.0)
    deploy(w, "3")
    assert record(w, age=1)["status"] == "STOP_REQUESTED"
    until(w, at_stage("RECONCILE_SERVICE"))
    assert weights(w) == (0.0, 0.0)
    until(w, at_stage("PRE_SCALE_UP"))
    assert (running(blue), running(green)) == (2, 0)
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"
    assert the_service(w).definition.containers[0]["image"].endswith(":3")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(service(CANARY_10), {"strategy": "ROLLING"}, id="a shift"),
        pytest.param(
            service('strategy = "ROLLING"', balanced=False),
            {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0},
            id="rolling",
        ),
    ],
)
def test_the_strategy_of_a_deployment_under_way_stays(before: str, after: dict[str, object]) -> None:
    w = world(before)
    deploy(w)
    w.clock.sleep(30)
    with pytest.raises(Refused, match="strategy cannot be changed while"):
        update(w, deploymentConfiguration=after, forceNewDeployment=True)
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"


def test_a_service_that_is_scaled_to_zero_shifts_nothing_and_succeeds() -> None:
    w = world(service('strategy = "BLUE_GREEN"', desired=0))
    deploy(w)
    w.settle()
    assert record(w)["status"] == "SUCCESSFUL"


def test_a_deleted_service_ends_its_deployment() -> None:
    w = blue_green()
    deploy(w)
    until(w, at_stage("BAKE_TIME"))
    call(w, "DeleteService", cluster="prod", service="web", force=True)
    w.settle()
    assert (the_service(w).status, record(w)["status"]) == ("INACTIVE", "STOPPED")


def test_a_listener_rule_without_one_of_the_groups_rolls_back_before_anything_starts() -> None:
    w = blue_green()
    (balancer,) = the_service(w).settings["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    for rule in w.region.rules.values():
        del rule.weights[advanced["alternateTargetGroupArn"]]
    deploy(w)
    w.settle()
    assert record(w)["status"] == "ROLLBACK_SUCCESSFUL"
    assert record(w)["statusReason"] == (
        "Service deployment rolled back because of invalid networking configuration: Target group "
        f"{advanced['alternateTargetGroupArn']} is not associated with either productionListenerRule or "
        "testListenerRule."
    )
    assert not [text for _, text in events(w) if "has started" in text]


def test_two_groups_that_serve_before_the_start_roll_back() -> None:
    w = blue_green()
    for rule in w.region.rules.values():
        rule.weights = dict.fromkeys(rule.weights, 50.0)
    deploy(w)
    w.settle()
    text = "should have exactly one target group serving traffic but found 2 target groups which are serving traffic"
    assert text in record(w)["statusReason"]


def test_traffic_of_a_strange_group_rolls_back() -> None:
    w = blue_green()
    for rule in w.region.rules.values():
        rule.weights["arn:strange"] = 1.0
    deploy(w)
    w.settle()
    assert "is forwarding traffic to unexpected target group arn:strange" in record(w)["statusReason"]


def _healthy(w: World, tasks: list[Task]) -> int:
    return sum(is_healthy(task, w.clock.time()) for task in tasks)


def test_the_old_revision_stays_whole_until_all_traffic_has_moved() -> None:
    w = world(service(LINEAR))
    old = the_service(w).primary
    deploy(w)
    for _ in every_event(w):
        if course(w).production < 100:
            assert _healthy(w, old.tasks) == 2
