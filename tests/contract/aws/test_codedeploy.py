"""F46: releases through CodeDeploy, whole, against the simulator."""

import json
from typing import Any

import pytest

from ecsdeploy import api
from ecsdeploy.cli.play.simulated import WorldClock
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.edits import SetImage
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.outcome import Outcome, Status
from ecsdeploy.model.request import DeployRequest, OnFailure, WaitUntil, WholeBudget
from ecsdeploy.plan.codedeploy import appspec_for
from tests.contract.aws.worlds import WEB, Account, account_where
from tests.unit.engine.world import Listener

CODE_DEPLOY = 'controller = "CODE_DEPLOY"\nload_balancer = { health_interval = 10, deregistration_delay = 30 }\n'
CHECK = "arn:aws:lambda:us-east-1:123456789012:function:check"
SAYS_NO = f'[hooks."{CHECK}"]\nreturns = ["FAILED"]\n'
CRASHES = '[images."registry.example.com/team/web:2"]\nrun = "exit"\nafter = 4\n'
CHANGES = ("UpdateService", "CreateDeployment", "StopDeployment")


def _release(account: Account, *, tag: str = "2", **asked: Any) -> Outcome:
    image = ImageRef.parse(f"registry.example.com/team/web:{tag}")
    request = DeployRequest(service=WEB, edits=(SetImage(image=image),), **asked)
    return api.deploy(api.Connection(plane=account.plane, clock=WorldClock(account.world.clock)), request, Listener())


def _route(account: Account) -> Route:
    (route,) = account.plane.codedeploy.routes(WEB)
    return route


def _changes(account: Account) -> list[str]:
    return [each for each in account.operations() if each in CHANGES]


def _image_in_use(account: Account) -> str:
    return account.plane.definition(account.plane.service(WEB).task_definition).images["app"]


def test_f46_one_release_after_the_other_succeeds() -> None:
    prod = account_where(CODE_DEPLOY)
    assert _release(prod).verdict.status is Status.SUCCEEDED
    assert _release(prod, tag="3").verdict.status is Status.SUCCEEDED
    assert _image_in_use(prod) == "registry.example.com/team/web:3"
    assert _changes(prod) == ["CreateDeployment", "CreateDeployment"]


def test_f46_a_wait_until_traffic_ends_before_the_old_version_does() -> None:
    prod = account_where(CODE_DEPLOY)
    outcome = _release(prod, wait_until=WaitUntil.TRAFFIC)
    assert outcome.verdict.status is Status.SUCCEEDED
    assert outcome.duration_seconds < _route(prod).wait_seconds


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_f46_the_hooks_of_the_last_release_run_again(form: str) -> None:
    """The first release has a hook, which its image passes; the second one is told no by the same hook."""
    prod = account_where(CODE_DEPLOY, SAYS_NO)
    route, current = _route(prod), prod.plane.service(WEB).task_definition
    document = json.loads(appspec_for(current, route)) | {"Hooks": [{"BeforeAllowTraffic": CHECK}]}
    prod.world.region.hook_answers = {}
    first = prod.plane.codedeploy.create(route, _yaml(current) if form == "yaml" else json.dumps(document), "first")
    prod.world.settle()
    assert prod.plane.codedeploy.deployment(first).status == "Succeeded"
    prod.world.region.hook_answers = prod.world.scenario.hooks
    outcome = _release(prod)
    assert outcome.verdict.status is Status.ROLLED_BACK
    assert outcome.cause is not None
    assert outcome.cause.code == "E-HOOK-FAILED"
    assert _image_in_use(prod) == "registry.example.com/team/web:1"


def _yaml(revision: str) -> str:
    return (
        "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n"
        f'        TaskDefinition: "{revision}"\n        LoadBalancerInfo:\n          ContainerName: "app"\n'
        f'          ContainerPort: 8080\nHooks:\n  - BeforeAllowTraffic: "{CHECK}"\n'
    )


def test_f46_a_crash_loop_ends_within_minutes_and_not_in_an_hour() -> None:
    prod = account_where(CODE_DEPLOY, CRASHES)
    outcome = _release(prod, on_failure=OnFailure.ROLLBACK)
    assert outcome.verdict.status is Status.ROLLED_BACK
    assert outcome.duration_seconds < 180
    assert outcome.cause is not None
    assert outcome.cause.code == "E-CONTAINER-EXIT"
    assert _changes(prod) == ["CreateDeployment", "StopDeployment"]
    assert _image_in_use(prod) == "registry.example.com/team/web:1"


def test_f46_what_code_deploy_gives_up_after_an_hour_it_takes_back_itself() -> None:
    prod = account_where(CODE_DEPLOY, CRASHES)
    outcome = _release(prod, fail_fast=False, budget=WholeBudget(seconds=4500))
    assert (outcome.verdict.status, outcome.rollback and outcome.rollback.by) == (Status.ROLLED_BACK, "codedeploy")
    assert "(TIMEOUT)" in outcome.verdict.reason


@pytest.mark.parametrize("error", ["reset", "reset-after"])
def test_f46_a_lost_reply_leads_to_one_deployment(error: str) -> None:
    prod = account_where(CODE_DEPLOY, f'[[api]]\noperation = "CreateDeployment"\nerror = "{error}"\n')
    assert _release(prod).verdict.status is Status.SUCCEEDED
    assert len(prod.world.region.codedeploy.deployments) == 1


def test_a_look_takes_no_more_than_three_calls() -> None:
    prod = account_where(CODE_DEPLOY)
    outcome = _release(prod)
    calls = [each for each in prod.world.calls if each.time > prod.world.start]
    assert len(calls) <= outcome.duration_seconds / 5 * 3
