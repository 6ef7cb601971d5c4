"""Whether CodeDeploy can bring a new version, and the AppSpec for it."""

import json
from dataclasses import replace

import pytest

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.request import DeployRequest, Sizing, WaitUntil
from ecsdeploy.model.settings import CapacityShare
from ecsdeploy.model.steps import PointService, Register, StartCodeDeploy
from ecsdeploy.plan.codedeploy import (
    YET_TO_COME,
    appspec_for,
    check_code_deploy,
    keeps_appspec,
    loses_capacity,
    revision_in,
    shown_appspec,
)
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy
from tests.unit.plan.builders import WEB, container, definition_of, set_image
from tests.unit.rollout.builders import old, service_with

SERVICE = replace(service_with(old("", status="PRIMARY")), controller="CODE_DEPLOY")
ROUTE = Route(application="app", group="group", container="app", port=8080)
REVISION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:2"
HOOKS = [{"BeforeAllowTraffic": "arn:aws:lambda:eu-west-1:111122223333:function:check"}]
YAML = """version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "web:1"
        LoadBalancerInfo:
          ContainerName: "app"
          ContainerPort: 8080
Hooks:
  - BeforeAllowTraffic: "check"
"""


AS_IT_IS = Sizing()


def _codes(sizing: Sizing = AS_IT_IS, *routes: Route) -> list[str]:
    return [each.code for each in check_code_deploy(SERVICE, sizing, routes)]


def test_f46_exactly_one_group_is_needed() -> None:
    assert _codes() == ["C-CODEDEPLOY-GROUP"]
    assert _codes(AS_IT_IS, ROUTE) == []
    (several,) = check_code_deploy(SERVICE, Sizing(), (ROUTE, replace(ROUTE, group="other")))
    assert (several.code, several.subjects, several.blocking) == (
        "C-CODEDEPLOY-GROUPS",
        ("app/group", "app/other"),
        True,
    )


def test_code_deploy_needs_a_port_to_send_traffic_to() -> None:
    bare = replace(ROUTE, container="", port=0)
    assert _codes(AS_IT_IS, bare) == ["C-CODEDEPLOY-PORT"]
    assert _codes(AS_IT_IS, replace(bare, appspec=YAML)) == []


def test_code_deploy_changes_no_sizing() -> None:
    assert _codes(Sizing(desired_count=3), ROUTE) == ["C-CODEDEPLOY-SIZING"]


def test_an_app_spec_names_revision_container_port_and_platform() -> None:
    document = json.loads(appspec_for(REVISION, replace(ROUTE, platform_version="1.4.0")))
    properties = {
        "TaskDefinition": REVISION,
        "LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 8080},
        "PlatformVersion": "1.4.0",
    }
    assert document == {
        "version": 0.0,
        "Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties": properties}}],
    }
    plain = json.loads(appspec_for(REVISION, ROUTE))
    assert "PlatformVersion" not in plain["Resources"][0]["TargetService"]["Properties"]


@pytest.mark.parametrize("name", ["TaskDefinition", "taskDefinition"])
def test_the_last_app_spec_is_kept_hooks_and_all(name: str) -> None:
    properties = {name: "web:1", "NetworkConfiguration": {"kept": True}}
    last = {"version": 0.0, "Resources": [{"Target": {"Type": "x", "Properties": properties}}], "Hooks": HOOKS}
    route = replace(ROUTE, appspec=json.dumps(last))
    document = json.loads(appspec_for(REVISION, route))
    assert document["Hooks"] == HOOKS
    assert document["Resources"][0]["Target"]["Properties"] == {**properties, name: REVISION}
    assert keeps_appspec(route)
    assert revision_in(json.dumps(last)) == "web:1"


def test_of_an_app_spec_in_yaml_one_line_is_changed() -> None:
    route = replace(ROUTE, appspec=YAML)
    assert appspec_for(REVISION, route) == YAML.replace('"web:1"', f'"{REVISION}"')
    assert keeps_appspec(route)
    assert revision_in(YAML) == "web:1"
    assert revision_in(appspec_for(REVISION, route)) == REVISION


@pytest.mark.parametrize(
    ("written", "revision"),
    [
        ("XL:7", "XL:7"),
        ("'XL:7'", "XL:7"),
        ('  "web:7"  ', "web:7"),
        (REVISION, REVISION),
    ],
)
def test_a_revision_in_yaml_is_read_without_its_quotes(written: str, revision: str) -> None:
    assert revision_in(YAML.replace('"web:1"', written)) == revision


@pytest.mark.parametrize(
    "last",
    [
        "TaskDefinition: a\nTaskDefinition: b\n",
        "no such line",
        "[]",
        "{}",
        '{"Resources": []}',
        '{"Resources": [1]}',
        '{"Resources": [{}]}',
        '{"Resources": [{"T": {"Properties": {}}}]}',
        pytest.param("[" * 60_000, id="deep"),
    ],
)
def test_an_app_spec_of_another_form_is_not_edited(last: str) -> None:
    route = replace(ROUTE, appspec=last)
    assert not keeps_appspec(route)
    assert revision_in(last) == ""
    assert revision_in(appspec_for(REVISION, route)) == REVISION


def test_there_may_be_no_app_spec_to_keep() -> None:
    assert keeps_appspec(ROUTE)


FACTS = Facts(base=definition_of(container("app", "acme/app:1")), current="web:1", routes=(ROUTE,))
RELEASE = DeployRequest(service=WEB, edits=(set_image("acme/app:2"),))


def test_f46_a_release_registers_and_lets_code_deploy_bring_it() -> None:
    plan = plan_deploy(RELEASE, SERVICE, FACTS)
    register, start = plan.steps
    assert plan.findings == ()
    assert isinstance(register, Register)
    assert start == StartCodeDeploy(service=WEB, route=ROUTE)


def test_f46_an_existing_revision_or_the_one_in_use_is_brought_the_same_way() -> None:
    existing = plan_deploy(DeployRequest(service=WEB, revision="web:1"), SERVICE, FACTS)
    assert existing.steps == (StartCodeDeploy(service=WEB, route=ROUTE, revision=FACTS.base.arn),)
    forced = plan_deploy(DeployRequest(service=WEB, force=True), SERVICE, FACTS)
    assert forced.steps == (StartCodeDeploy(service=WEB, route=ROUTE, revision=SERVICE.task_definition, force=True),)


def test_f46_without_a_group_nothing_may_be_done() -> None:
    nowhere = replace(FACTS, routes=(), findings=check_code_deploy(SERVICE, Sizing(), ()))
    plan = plan_deploy(RELEASE, SERVICE, nowhere)
    assert plan.is_blocked
    assert any(isinstance(each, PointService) for each in plan.steps), "which is never executed"


def test_code_deploy_takes_no_size_unless_that_is_not_sent_either() -> None:
    sized = replace(RELEASE, sizing=Sizing(desired_count=3))
    assert _codes(sized.sent_sizing, ROUTE) == ["C-CODEDEPLOY-SIZING"]
    forced = DeployRequest(service=WEB, force=True, sizing=sized.sizing)
    assert _codes(forced.sent_sizing, ROUTE) == []


def test_to_register_alone_no_group_is_needed() -> None:
    plan = plan_deploy(replace(RELEASE, wait_until=WaitUntil.REGISTERED), SERVICE, replace(FACTS, routes=()))
    assert not plan.is_blocked
    assert len(plan.steps) == 1


def test_f46_another_controller_is_refused_in_one_sentence() -> None:
    plan = plan_deploy(RELEASE, replace(SERVICE, controller="EXTERNAL"), replace(FACTS, routes=()))
    (found,) = (each for each in plan.findings if each.blocking)
    assert (found.code, found.subjects) == ("C-CONTROLLER", ("web", "EXTERNAL"))


SPOT = (CapacityShare(provider="FARGATE_SPOT", weight=3), CapacityShare(provider="FARGATE", weight=1, base=1))
STRATEGY = [
    {"Base": 0, "CapacityProvider": "FARGATE_SPOT", "Weight": 3},
    {"Base": 1, "CapacityProvider": "FARGATE", "Weight": 1},
]


def _properties(route: Route) -> dict[str, object]:
    found = json.loads(appspec_for(REVISION, route))["Resources"][0]["TargetService"]["Properties"]
    assert isinstance(found, dict)
    return found


def test_p08_a_new_appspec_keeps_the_capacity_provider_strategy() -> None:
    assert _properties(replace(ROUTE, capacity=SPOT))["CapacityProviderStrategy"] == STRATEGY
    assert "CapacityProviderStrategy" not in _properties(ROUTE)


def test_p08_an_appspec_that_is_used_again_keeps_it_too() -> None:
    used = replace(ROUTE, appspec=appspec_for("web:1", ROUTE), capacity=SPOT)
    assert _properties(used)["CapacityProviderStrategy"] == STRATEGY
    own = [{"Base": 0, "CapacityProvider": "FARGATE", "Weight": 1}]
    with_own = json.loads(used.appspec)
    with_own["Resources"][0]["TargetService"]["Properties"]["CapacityProviderStrategy"] = own
    assert _properties(replace(used, appspec=json.dumps(with_own)))["CapacityProviderStrategy"] == own
    assert not loses_capacity(used)


def test_p08_an_appspec_in_yaml_that_would_take_it_away_is_known() -> None:
    assert loses_capacity(replace(ROUTE, appspec=YAML, capacity=SPOT))
    assert not loses_capacity(replace(ROUTE, appspec=YAML))
    named = YAML.replace("LoadBalancerInfo", "CapacityProviderStrategy: []\n        LoadBalancerInfo")
    assert not loses_capacity(replace(ROUTE, appspec=named, capacity=SPOT))


@pytest.mark.parametrize(
    "last", ["", YAML, json.dumps({"Resources": [{"T": {"Properties": {"TaskDefinition": "a"}}}]})]
)
@pytest.mark.parametrize(("revision", "named"), [("", YET_TO_COME), (REVISION, REVISION)])
def test_p08_the_appspec_that_is_shown_is_the_one_that_is_sent(last: str, revision: str, named: str) -> None:
    route = replace(ROUTE, appspec=last)
    shown = "\n".join(shown_appspec(StartCodeDeploy(service=WEB, route=route, revision=revision)))
    sent = appspec_for(named, route)
    assert named in shown
    assert shown == sent.rstrip("\n") if last == YAML else json.loads(shown) == json.loads(sent)


def test_p08_an_appspec_of_ours_is_shown_one_member_a_line() -> None:
    assert shown_appspec(StartCodeDeploy(service=WEB, route=ROUTE, revision="web:2")) == (
        "{",
        '  "version": 0.0,',
        '  "Resources": [',
        "    {",
        '      "TargetService": {',
        '        "Type": "AWS::ECS::Service",',
        '        "Properties": {',
        '          "TaskDefinition": "web:2",',
        '          "LoadBalancerInfo": {',
        '            "ContainerName": "app",',
        '            "ContainerPort": 8080',
        "          }",
        "        }",
        "      }",
        "    }",
        "  ]",
        "}",
    )


def test_p08_without_a_port_there_is_no_appspec_to_show() -> None:
    assert shown_appspec(StartCodeDeploy(service=WEB, route=replace(ROUTE, container=""))) == ()
