"""What a release changes of the deployment configuration, what ECS refuses of it, and what a rollback puts back."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.difference import How
from ecsdeploy.model.request import DeployRequest, IfBusy, Sizing, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Balanced, DeploymentAlarms, ServiceSettings
from ecsdeploy.model.steps import PointService
from ecsdeploy.plan.checks.preflight import check_all
from ecsdeploy.plan.configuring import check_configuration, completed
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy, still_ours
from ecsdeploy.plan.revisions import taken_now
from tests.unit.plan.attempts import attempt, codes, known
from tests.unit.plan.builders import WEB, set_image, with_images
from tests.unit.rollout.builders import OLD, old, ours, service_with

STEADY = service_with(old(status="PRIMARY"))
BREAKER = {
    "enable": True,
    "rollback": True,
    "resetOnHealthyTask": False,
    "thresholdConfiguration": {"type": "COUNT", "value": 9},
}
CANARY = {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 5}
CONFIGURATION: dict[str, Any] = {
    "strategy": "CANARY",
    "bakeTimeInMinutes": 3,
    "canaryConfiguration": CANARY,
    "deploymentCircuitBreaker": BREAKER,
    "aMemberOfNextYear": {"kept": True},
}
SHIFTING = Balanced(container="app", port=80, target_group="arn:tg", shifts=True)
FAILED = service_with(old("FAILED", status="PRIMARY"))
FIXED = replace(SHIFTING, shifts=False)
OFF = {"alarmNames": [], "enable": False, "rollback": False}


def a_service(configuration: dict[str, Any] | None = None, *balanced: Balanced, **members: Any) -> Service:
    settings = ServiceSettings(deployment=configuration or {}, balanced=balanced)
    strategy = (configuration or {}).get("strategy", "ROLLING")
    return replace(STEADY, **{"settings": settings, "strategy": strategy, **members})


def planned(service: Service, deployment: dict[str, Any], **asked: Any) -> Any:
    sizing = Sizing(deployment=deployment, **asked)
    request = DeployRequest(service=WEB, edits=(set_image("app:2"),), sizing=sizing)
    return plan_deploy(request, service, Facts(base=with_images(web="app:1"), current=OLD))


def shown(plan: Any) -> list[tuple[str, ...]]:
    assert {each.how for each in plan.resized} <= {How.CHANGED}
    return [(each.member, each.name, each.before, each.after) for each in plan.resized]


def test_only_what_is_asked_for_is_sent_and_shown() -> None:
    plan = planned(a_service(CONFIGURATION), {"deploymentCircuitBreaker": {"enable": True, "rollback": False}})
    (point,) = [step for step in plan.steps if isinstance(step, PointService)]
    assert point.sizing == Sizing(deployment={"deploymentCircuitBreaker": {**BREAKER, "rollback": False}})
    assert shown(plan) == [("deploymentCircuitBreaker", "rollback", "true", "false")]
    assert plan.baseline.sizing == Sizing(deployment={"deploymentCircuitBreaker": BREAKER})


def test_beside_a_size_it_is_shown_after_it() -> None:
    limit = {"value": 5, "type": "COUNT"}
    asked = {"deploymentCircuitBreaker": {"enable": True, "rollback": True, "thresholdConfiguration": limit}}
    assert shown(planned(a_service(CONFIGURATION), asked, desired_count=7))[1:] == [
        (
            "deploymentCircuitBreaker",
            "thresholdConfiguration",
            '{"type": "COUNT", "value": 9}',
            '{"type": "COUNT", "value": 5}',
        )
    ]


def test_a_strategy_goes_back_with_all_that_belongs_to_it() -> None:
    plan = planned(a_service(CONFIGURATION, SHIFTING), {"strategy": "LINEAR"})
    assert shown(plan) == [("strategy", "", "CANARY", "LINEAR")]
    back = {"strategy": "CANARY", "bakeTimeInMinutes": 3, "canaryConfiguration": CANARY}
    assert plan.baseline.sizing.deployment == back


def test_a_service_that_says_nothing_goes_back_to_ecs_s_defaults() -> None:
    asked = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, "alarms": {"alarmNames": ["a"], "enable": True}}
    plan = planned(a_service(), asked)
    assert plan.steps[-1].sizing.deployment["alarms"] == {"alarmNames": ["a"], "enable": True, "rollback": True}
    assert plan.baseline.sizing.deployment == {"strategy": "ROLLING", "bakeTimeInMinutes": 0, "alarms": OFF}
    assert shown(plan) == [
        ("strategy", "", "ROLLING", "BLUE_GREEN"),
        ("bakeTimeInMinutes", "", "0", "5"),
        ("alarms", "alarmNames", "[]", '["a"]'),
        ("alarms", "enable", "false", "true"),
        ("alarms", "rollback", "false", "true"),
    ]


def test_what_is_so_already_is_no_change() -> None:
    assert not planned(a_service(CONFIGURATION), {"bakeTimeInMinutes": 3}).resized


def test_a_member_of_another_kind_than_we_know_is_shown_as_it_is() -> None:
    odd = a_service({"alarms": "odd", "deploymentCircuitBreaker": {"enable": True}})
    assert shown(planned(odd, {"alarms": OFF, "deploymentCircuitBreaker": {"enable": True, "rollback": True}})) == [
        ("alarms", "alarmNames", "", "[]"),
        ("alarms", "enable", "", "false"),
        ("alarms", "rollback", "", "false"),
        ("deploymentCircuitBreaker", "rollback", "", "true"),
    ]


@pytest.mark.parametrize(
    ("present", "rollback"),
    [
        (DeploymentAlarms(), True),
        (DeploymentAlarms(names=("b",), enabled=True, rollback=False), False),
        (DeploymentAlarms(names=("b",), enabled=True, rollback=True), True),
        (DeploymentAlarms(names=("b",), enabled=False, rollback=False), True),
    ],
)
def test_alarms_keep_what_the_service_does_for_one(present: DeploymentAlarms, rollback: bool) -> None:
    asked = {"alarms": {"alarmNames": ["a"], "enable": True}}
    sent = completed(a_service(alarms=present), asked)
    assert sent == {"alarms": {"alarmNames": ["a"], "enable": True, "rollback": rollback}}
    assert completed(a_service(alarms=present), {"alarms": OFF}) == {"alarms": OFF}


@pytest.mark.parametrize(
    ("service", "sent", "found"),
    [
        pytest.param(a_service(None, FIXED), {"strategy": "CANARY"}, ["C-STRATEGY-BALANCERS"], id="nothing says how"),
        pytest.param(
            a_service(None, SHIFTING, FIXED), {"strategy": "LINEAR"}, ["C-STRATEGY-BALANCERS"], id="one of two"
        ),
        pytest.param(a_service(None, SHIFTING), {"strategy": "LINEAR"}, [], id="it says how"),
        pytest.param(a_service(), {"strategy": "LINEAR"}, [], id="no load balancer"),
        pytest.param(a_service(ends_early=True), {"strategy": "LINEAR"}, ["C-STRATEGY-EARLY-SUCCESS"], id="ends early"),
        pytest.param(a_service(CONFIGURATION, ends_early=True), {"strategy": "ROLLING"}, [], id="rolling may"),
        pytest.param(a_service(), {"strategy": "BLUE_GREEN"}, ["C-STRATEGY-BAKE-TIME"], id="no bake time"),
        pytest.param(a_service(), {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}, [], id="none at all is a time"),
        pytest.param(a_service(CONFIGURATION, FIXED), {"strategy": "ROLLING"}, [], id="back to rolling"),
        pytest.param(a_service(CONFIGURATION, FIXED), {"strategy": "CANARY"}, [], id="as it is"),
        pytest.param(a_service(None, FIXED), {"bakeTimeInMinutes": 5}, [], id="no strategy asked"),
        pytest.param(a_service(None, FIXED, controller="CODE_DEPLOY"), {"strategy": "CANARY"}, [], id="said elsewhere"),
    ],
)
def test_what_ecs_refuses_is_found_before(service: Service, sent: dict[str, Any], found: list[str]) -> None:
    assert codes(check_configuration(service, sent, IfBusy.SUPERSEDE)) == found


def test_no_strategy_changes_during_a_deployment() -> None:
    busy = service_with(ours(), old())
    assert codes(check_configuration(busy, {"strategy": "LINEAR"}, IfBusy.SUPERSEDE)) == ["C-STRATEGY-BUSY"]
    request = DeployRequest(service=WEB, edits=(set_image("app:2"),), if_busy=IfBusy.SUPERSEDE)
    moving = replace(request, sizing=Sizing(deployment={"strategy": "LINEAR"}))
    plan = plan_deploy(moving, busy, Facts(base=with_images(web="app:1"), current=OLD))
    assert codes(plan.findings) == ["C-STRATEGY-BUSY"]
    # Another answer to a busy service is given elsewhere.
    assert codes(check_configuration(busy, {"strategy": "LINEAR"}, IfBusy.WAIT)) == []


def test_what_ecs_refuses_blocks_the_plan() -> None:
    assert planned(a_service(None, FIXED), {"strategy": "CANARY"}).is_blocked


def test_a_registration_alone_sends_none() -> None:
    request = DeployRequest(
        service=WEB,
        edits=(set_image("app:2"),),
        sizing=Sizing(deployment={"strategy": "LINEAR"}),
        wait_until=WaitUntil.REGISTERED,
    )
    plan = plan_deploy(request, FAILED, Facts(base=with_images(web="app:1"), current=OLD))
    assert [type(step).__name__ for step in plan.steps] == ["Register"]
    assert plan.baseline is None


@pytest.mark.parametrize(("strategy", "stuck"), [("ROLLING", True), ("BLUE_GREEN", False)])
def test_room_to_exchange_tasks_is_looked_for_as_the_release_will_need_it(strategy: str, stuck: bool) -> None:
    tight = replace(STEADY, minimum_healthy_percent=100, maximum_percent=100)
    found = check_all(attempt(tight, sizing=Sizing(deployment={"strategy": strategy})), known())
    assert ("C-DEADLOCK" in codes(found)) is stuck


SENT = {"strategy": "LINEAR", "deploymentCircuitBreaker": {"enable": False, "rollback": False}}
BEFORE = {"strategy": "CANARY", "canaryConfiguration": CANARY, "deploymentCircuitBreaker": BREAKER}


@pytest.mark.parametrize(
    ("now", "back"),
    [
        pytest.param({**SENT, "other": 1}, BEFORE, id="as we left it"),
        pytest.param(
            {**SENT, "strategy": "ROLLING"}, {"deploymentCircuitBreaker": BREAKER}, id="somebody changed the strategy"
        ),
        pytest.param(
            {**SENT, "deploymentCircuitBreaker": BREAKER},
            {"strategy": "CANARY", "canaryConfiguration": CANARY},
            id="somebody changed the breaker",
        ),
        pytest.param({"deploymentCircuitBreaker": "odd"}, {}, id="nothing is as we left it"),
    ],
)
def test_a_rollback_takes_back_nothing_that_somebody_else_has_set_since(
    now: dict[str, Any], back: dict[str, Any]
) -> None:
    assert still_ours(Sizing(deployment=BEFORE), Sizing(deployment=SENT), a_service(now)).deployment == back


def test_a_strategy_waits_for_the_end_of_a_deployment() -> None:
    sizing = Sizing(desired_count=2, deployment=BEFORE)
    busy = service_with(ours(), old())
    assert taken_now(sizing, STEADY) == sizing
    held = Sizing(desired_count=2, deployment={"deploymentCircuitBreaker": BREAKER})
    assert taken_now(sizing, busy) == held
    only = Sizing(deployment={"bakeTimeInMinutes": 1})
    assert taken_now(only, busy) == only
