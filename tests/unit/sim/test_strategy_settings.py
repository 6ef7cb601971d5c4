"""What is refused of strategies, hooks, early success and load balancers, in AWS's words where they are known."""

from typing import Any

import pytest

from ecsdeploy.sim import ScenarioError, World, parse_scenario
from ecsdeploy.sim.scenario.members import read_member
from ecsdeploy.sim.scenario.table import Table, Text
from tests.unit.sim.builders import Refused, described, register, the_service, update, world
from tests.unit.sim.strategies import BALANCER, blue_green, service

LAMBDA = {"hookTargetArn": "arn:aws:lambda:us-east-1:123456789012:function:f", "lifecycleStages": ["PRE_SCALE_UP"]}
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"]}
EARLY = {"enable": True, "healthyPercent": 100, "sourceServiceRevisionCleanup": "BLOCKING"}


def _refusal(w: World, **members: Any) -> str:
    before = (dict(the_service(w).settings), len(the_service(w).history))
    with pytest.raises(Refused) as refused:
        update(w, **members)
    assert (the_service(w).settings, len(the_service(w).history)) == before
    return refused.value.message


@pytest.mark.parametrize(
    ("configuration", "text"),
    [
        ({"strategy": "GREEN_BLUE"}, "Deployment strategy should be one of [ROLLING,BLUE_GREEN,LINEAR,CANARY]"),
        ({"bakeTimeInMinutes": 1441}, "bakeTimeInMinutes must be between 0 and 1440"),
        ({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 2.9}}, "stepPercent must be between 3.0 and"),
        ({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 0.0}}, "canaryPercent must be between 0.1"),
        ({"lifecycleHooks": [{**LAMBDA, "targetType": "SNS"}]}, "Invalid targetType. Valid values are: AWS_LAMBDA,"),
        ({"lifecycleHooks": [{**PAUSE, "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]}]}, "Invalid lifecycle stage provi"),
        ({"lifecycleHooks": [{**LAMBDA, "lifecycleStages": ["BAKE_TIME"]}]}, "lifecycleStages should be some of"),
        ({"lifecycleHooks": [{"lifecycleStages": ["PRE_SCALE_UP"]}]}, "hookTargetArn is required for AWS_LAMBDA"),
        ({"lifecycleHooks": [{**PAUSE, "roleArn": "arn:x"}]}, "hookTargetArn and roleArn are not supported for Pause"),
        ({"lifecycleHooks": [PAUSE] * 11}, "You can configure a maximum of 10 pause hooks and 10 Lambda hooks"),
        ({"lifecycleHooks": [{**PAUSE, "timeoutConfiguration": {"timeoutInMinutes": 0}}]}, "timeoutInMinutes must be"),
        ({"earlySuccessCriteria": EARLY}, "earlySuccessCriteria is only supported with the ROLLING deployment"),
        ({"strategy": "ROLLING", "lifecycleHooks": [PAUSE]}, "Lifecycle hooks with the deployment strategy ROLLING"),
        ({"strategy": "ROLLING", "earlySuccessCriteria": {"enable": True}}, "earlySuccessCriteria requires healthyPe"),
        (
            {"strategy": "ROLLING", "earlySuccessCriteria": {**EARLY, "healthyPercent": 99}},
            "healthyPercent must be between minimumHealthyPercent and 100",
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused_and_changes_nothing(
    configuration: dict[str, Any], text: str
) -> None:
    assert text in _refusal(blue_green(), deploymentConfiguration=configuration)


def test_a_strategy_has_its_defaults_and_drops_what_belongs_to_another() -> None:
    w = world(service('strategy = "LINEAR"'))
    stored = described(w)["deploymentConfiguration"]
    assert stored["linearConfiguration"] == {"stepPercent": 10.0, "stepBakeTimeInMinutes": 6}
    update(w, deploymentConfiguration={"strategy": "CANARY"})
    stored = described(w)["deploymentConfiguration"]
    assert stored["canaryConfiguration"] == {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10}
    assert "linearConfiguration" not in stored
    shifted = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, "canaryConfiguration": {"canaryPercent": 20.0}}
    update(w, deploymentConfiguration=shifted)
    assert "canaryConfiguration" not in described(w)["deploymentConfiguration"]


def _balancers(w: World) -> tuple[dict[str, Any], dict[str, Any]]:
    (balancer,) = the_service(w).settings["loadBalancers"]
    return balancer, balancer["advancedConfiguration"]


def test_a_strategy_that_shifts_traffic_needs_to_know_where_to() -> None:
    w = world(f"desired = 1\n{BALANCER}")
    text = "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy"
    assert _refusal(w, deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}) == text


def test_all_or_none_of_the_load_balancers_are_advanced() -> None:
    w = blue_green()
    balancer, _ = _balancers(w)
    plain = {"targetGroupArn": "arn:other", "containerName": "app", "containerPort": 8080}
    text = "Either all or none of the provided loadBalancers must have advancedConfiguration defined"
    assert _refusal(w, loadBalancers=[balancer, plain]) == text


def test_classic_load_balancers_go_with_no_others_and_are_never_advanced() -> None:
    w = blue_green()
    balancer, advanced = _balancers(w)
    classic = {"loadBalancerName": "old", "containerName": "app", "containerPort": 8080}
    assert "must be strictly either ELBv1" in _refusal(w, loadBalancers=[balancer, classic])
    text = "advancedConfiguration field is not allowed with ELBv1 loadBalancers"
    assert _refusal(w, loadBalancers=[{**classic, "advancedConfiguration": advanced}]) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"productionListenerRule": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/x/1/2"},
            "productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: a",
        ),
        ({"testListenerRule": "x"}, "testListenerRule has an invalid ARN format."),
    ],
)
def test_a_rule_is_a_rule_of_an_alb_or_a_listener_of_an_nlb(changes: dict[str, Any], text: str) -> None:
    w = blue_green()
    balancer, advanced = _balancers(w)
    refused = _refusal(w, loadBalancers=[{**balancer, "advancedConfiguration": {**advanced, **changes}}])
    assert refused.startswith(text)


def test_one_rule_cannot_serve_production_and_test() -> None:
    w = blue_green()
    balancer, advanced = _balancers(w)
    rule = advanced["productionListenerRule"]
    same = {**advanced, "testListenerRule": rule}
    text = f"The following rules cannot be used as both production and test listener rules: {rule}"
    assert _refusal(w, loadBalancers=[{**balancer, "advancedConfiguration": same}]) == text


def test_a_target_group_is_named_once() -> None:
    w = blue_green()
    balancer, advanced = _balancers(w)
    group = balancer["targetGroupArn"]
    same = {**advanced, "alternateTargetGroupArn": group}
    text = f"Duplicate targetGroupArn found: {group}"
    assert _refusal(w, loadBalancers=[{**balancer, "advancedConfiguration": same}]) == text


def test_an_alb_needs_a_test_rule_unless_its_production_rule_knows_both_groups() -> None:
    w = blue_green()
    balancer, advanced = _balancers(w)
    alone = {name: value for name, value in advanced.items() if name != "testListenerRule"}
    update(w, loadBalancers=[{**balancer, "advancedConfiguration": alone}])
    w.settle()
    del w.region.rules[advanced["productionListenerRule"]].weights[advanced["alternateTargetGroupArn"]]
    changed = {**alone, "roleArn": "arn:aws:iam::123456789012:role/other"}
    text = "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated"
    assert _refusal(w, loadBalancers=[{**balancer, "advancedConfiguration": changed}]).startswith(text)


def _mistake(text: str) -> str:
    services = '[[services]]\ncluster = "prod"\nname = "web"\nimage = "a.example.com/web:1"\n'
    with pytest.raises(ScenarioError) as caught:
        World(parse_scenario(f"{services}{text}", source="x.toml"))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'deployment = { alarms = { enable = true, alarm_name = ["x"] } }',
            "x.toml, line 5: `alarms` has no key `alarm_name`; did you mean `alarm_names`?",
        ),
        (
            'deployment = { lifecycle_hooks = [{ hook_arn = "x" }] }',
            "x.toml, line 5: `lifecycle_hooks` has no key `hook_arn`; did you mean `hook_target_arn`?",
        ),
        (
            '[hooks."arn:x"]\nreturns = ["OK"]',
            "x.toml, line 6: A hook cannot return 'OK'; possible: `SUCCEEDED`, `FAILED`, `IN_PROGRESS`, ``.",
        ),
        ('[hooks."arn:x"]\nreturns = []', "x.toml, line 6: A hook needs `returns`, with one answer at least."),
        ('[[at]]\ntime = 1\ndo = "alarm"', "x.toml, line 5: `at` needs the key `alarm`."),
        (
            'deployment = { lifecycle_hooks = [{ target_type = "PAUSE", lifecycle_stages = ["PRE_SCALE_UP"] }] }',
            "x.toml: the services cannot be made: Lifecycle hooks with the deployment strategy ROLLING are not",
        ),
    ],
)
def test_a_mistake_in_a_scenario_is_named(text: str, problem: str) -> None:
    assert _mistake(text).startswith(problem)


def test_a_structure_that_is_newer_than_the_sdk_is_taken_as_it_is() -> None:
    structure = {"step_percents": [20, 60], "step_hooks": [{"hook_target_arn": "arn:x"}]}
    table = Table(Text(source="x.toml"), (), {"newer_configuration": structure})
    read = read_member(table, "DeploymentConfiguration", "newer_configuration")
    assert read == {"stepPercents": [20, 60], "stepHooks": [{"hookTargetArn": "arn:x"}]}


def test_a_strategy_changes_only_while_no_deployment_is_under_way() -> None:
    w = world(service('strategy = "LINEAR"'))
    update(w, taskDefinition=register(w))
    busy = "The deployment strategy cannot be changed while a deployment is in progress."
    assert _refusal(w, deploymentConfiguration={"strategy": "CANARY"}) == busy
    update(w, deploymentConfiguration={"strategy": "LINEAR", "bakeTimeInMinutes": 1})
    w.settle()
    update(w, deploymentConfiguration={"strategy": "CANARY"})
    assert described(w)["deploymentConfiguration"]["strategy"] == "CANARY"
