"""The pause after test traffic: found, added, and asked for in vain."""

from dataclasses import replace

import pytest

from ecsdeploy.model.balancer import ListenerRoute
from ecsdeploy.model.pausegate import PauseGate
from ecsdeploy.model.request import DeployRequest, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.plan.configuring import former
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.pausing import check_gate, with_pause
from ecsdeploy.plan.planner import plan_deploy
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import old, service_with

PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}
ASKED = DeployRequest(service=WEB, gate=PauseGate(smoke=("./smoke",), adds_pause=True))
ROUTE = ListenerRoute(protocol="HTTPS", port=443, dns_name="lb.example.com")


def shifting(*hooks: object, strategy: str = "BLUE_GREEN") -> Service:
    service = service_with(old(status="PRIMARY"))
    deployment = {"strategy": strategy, **({"lifecycleHooks": [*hooks]} if hooks else {})}
    return replace(service, strategy=strategy, settings=replace(service.settings, deployment=deployment))


def codes(request: DeployRequest, service: Service) -> list[str]:
    return [each.code for each in check_gate(request, service)]


@pytest.mark.parametrize(
    "hooks",
    [
        pytest.param((), id="no hook"),
        pytest.param(({"targetType": "AWS_LAMBDA", "lifecycleStages": PAUSE["lifecycleStages"]},), id="a function"),
        pytest.param(({"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"]},), id="elsewhere"),
        pytest.param(({"targetType": "PAUSE"}, "odd"), id="odd"),
    ],
)
def test_a_pause_is_added_beside_what_is_there(hooks: tuple[object, ...]) -> None:
    service = shifting(*hooks)
    assert codes(ASKED, service) == ["C-GATE-NO-PAUSE"]
    paused = with_pause(ASKED, service)
    sent = paused.sizing.deployment
    added = sent["lifecycleHooks"]
    assert isinstance(added, list)
    assert added[:-1] == [*hooks]
    assert codes(paused, service) == []
    assert former(service, sent) == {"lifecycleHooks": [*hooks]}


def test_one_that_is_there_is_kept_and_one_that_nobody_asks_for_is_not_added() -> None:
    assert with_pause(ASKED, shifting(PAUSE)) is ASKED
    assert codes(ASKED, shifting(PAUSE)) == []
    unasked = replace(ASKED, gate=PauseGate(approve=True))
    for request in (unasked, replace(ASKED, force=True), replace(ASKED, gate=None)):
        assert with_pause(request, shifting()) is request


def test_where_no_traffic_is_shifted_there_is_nothing_to_decide() -> None:
    assert codes(ASKED, shifting(PAUSE, strategy="ROLLING")) == ["C-GATE-STRATEGY"]
    moving = replace(ASKED, sizing=Sizing(deployment={"strategy": "CANARY"}))
    assert codes(with_pause(moving, shifting(strategy="ROLLING")), shifting(strategy="ROLLING")) == []
    assert codes(ASKED, replace(shifting(PAUSE), controller="CODE_DEPLOY")) == ["C-GATE-CONTROLLER"]


def test_the_plan_has_the_finding() -> None:
    base = definition_of(container("app", "acme/app:1"))
    plan = plan_deploy(ASKED, shifting(), Facts(base=base, current=base.arn))
    assert "C-GATE-NO-PAUSE" in [each.code for each in plan.findings if each.blocking]


@pytest.mark.parametrize(
    ("route", "url"),
    [
        pytest.param(ROUTE, "https://lb.example.com/", id="the listener's own"),
        pytest.param(replace(ROUTE, port=8443), "https://lb.example.com:8443/", id="a port"),
        pytest.param(replace(ROUTE, protocol="HTTP", port=80), "http://lb.example.com/", id="http"),
        pytest.param(replace(ROUTE, protocol="TCP", port=9000), "tcp://lb.example.com:9000/", id="tcp"),
        pytest.param(replace(ROUTE, hosts=("*.example.org", "a.example.org")), "https://a.example.org/", id="a host"),
        pytest.param(replace(ROUTE, hosts=("*.example.org",)), "https://lb.example.com/", id="a pattern of hosts"),
        pytest.param(replace(ROUTE, paths=("/api/*",)), "https://lb.example.com/api/", id="a path"),
    ],
)
def test_the_address_of_test_traffic(route: ListenerRoute, url: str) -> None:
    assert route.url == url
