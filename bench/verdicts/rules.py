"""How two tools that are no programs of this machine wait for a service, re-stated from their source.

They are played in virtual time, against the very world that the programs meet. What is waited for, how often it is
looked at, for how long, and how often a call is sent again are theirs.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import log2
from random import Random
from typing import Any

from bench.verdicts.entries import Entry
from ecsdeploy.sim import Scenario, World
from tests.others.caller import Caller, Refusal
from tests.others.deploys import Failed, begin, described
from tests.others.subject import subject
from tests.truth.fates import truth_of, watching
from tests.truth.scenario import budget_of, with_latency

_NOTE_CHARACTERS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A tool, what its rule is, where that stands, and the rule: it returns, or raises `Failed` or `Refusal`."""

    name: str
    what: str
    attempts: int
    perform: Callable[[Caller, Mapping[str, str]], None]


def play(rule: Rule, scenario: Scenario, knowable: float | None) -> Entry:
    """One tool in one scenario; its exit code is all that it says."""
    world = World(with_latency(scenario))
    fill, said = subject(world, registers=True), ""
    try:
        rule.perform(Caller(world=world, attempts=rule.attempts), fill)
    except (Failed, Refusal) as failed:
        said = str(failed)[:_NOTE_CHARACTERS] or "failed"
    told, calls = world.calls[-1].time, len(world.calls)
    world.settle()
    truth = truth_of(world, told=told, budget=budget_of(scenario))
    after = None if truth.began is None else told - truth.began
    right = truth.admits_light(green=not said)
    return Entry(
        program=rule.name,
        scenario=scenario.name,
        truth=truth.fate,
        verdict="fails" if said else "succeeds",
        right=right,
        late=None if after is None or knowable is None else after - knowable,
        calls=watching(world.calls, calls),
        watched=after or 0.0,
        note="" if right else said,
    )


_MIN_DELAY, _MAX_WAIT, _LAST_LOOK = 15.0, 30 * 60.0, 0.5


def _action(caller: Caller, fill: Mapping[str, str]) -> None:
    deployment = begin(caller, fill)
    if deployment:
        return _sdk_waits(caller, lambda: _has_succeeded(caller, deployment), 120.0)
    return _sdk_waits(caller, lambda: _is_stable(caller, fill), 600.0)


def _sdk_waits(caller: Caller, is_over: Callable[[], bool], max_delay: float) -> None:
    """Pauses that grow at random, and one more look at the end; a look that fails is one that shows nothing.

    https://smithy.io/2.0/additional-specs/waiters.html#waiter-retries
    """
    clock, chance = caller.world.clock, Random(caller.world.scenario.name)  # noqa: S311 - no secret
    until, ceiling, attempt = clock.time() + _MAX_WAIT, log2(max_delay / _MIN_DELAY) + 1, 0
    while True:
        with suppress(Refusal):
            if is_over():
                return
        attempt, left = attempt + 1, until - clock.time()
        longest = min(max_delay, _MIN_DELAY * 2 ** (attempt - 1))
        pause = max_delay if attempt > ceiling else min(chance.uniform(_MIN_DELAY, longest), left - _LAST_LOOK)
        if pause <= 0 or pause > left:
            raise Failed("TimeoutError: Waiter has timed out")
        clock.sleep(pause)


def _is_stable(caller: Caller, fill: Mapping[str, str]) -> bool:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html"""
    service = described(caller, fill)
    if service["status"] in ("DRAINING", "INACTIVE"):
        raise Failed(f"The service is {service['status']}")
    return len(service["deployments"]) == 1 and service["runningCount"] == service["desiredCount"]


def _has_succeeded(caller: Caller, deployment: str) -> bool:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html"""
    reply = caller.call("GetDeployment", of="codedeploy", deploymentId=deployment)
    status = reply["deploymentInfo"]["status"]
    if status in ("Failed", "Stopped"):
        raise Failed(f"The deployment is {status}")
    return bool(status == "Succeeded")


_UPDATE_TIMEOUT, _FIRST_PAUSE, _LONGEST_PAUSE = 20 * 60.0, 0.1, 10.0


def _terraform(caller: Caller, fill: Mapping[str, str]) -> None:
    clock = caller.world.clock
    began, pause = clock.time(), _FIRST_PAUSE
    caller.call("UpdateService", cluster=fill["cluster"], service=fill["service"], taskDefinition=fill["revision"])
    steady, until = _Steady(caller, fill, began), clock.time() + _UPDATE_TIMEOUT
    while not steady.is_reached():
        pause = min(_LONGEST_PAUSE, pause * 2)
        if clock.time() + pause > until:
            raise Failed("timeout while waiting for state to become 'tfSTABLE'")
        clock.sleep(pause)


@dataclass(slots=True)
class _Steady:
    """The primary deployment of the first look, by its service deployment; one that is older, by the counts."""

    caller: Caller
    fill: Mapping[str, str]
    began: float
    primary: Mapping[str, Any] | None = None
    record: str = ""

    def is_reached(self) -> bool:
        service = described(self.caller, self.fill)
        if service["status"] != "ACTIVE":
            return False
        if self.primary is None:
            self.primary = next((each for each in service["deployments"] if each["status"] == "PRIMARY"), None)
        if self.primary is None or self.primary["createdAt"] <= self.began:
            return len(service["deployments"]) == 1 and service["runningCount"] == service["desiredCount"]
        self.record = self.record or self._found(str(self.primary["id"]).rpartition("/")[2])
        return bool(self.record) and self._has_succeeded()

    def _found(self, number: str) -> str:
        named = {"cluster": self.fill["cluster"], "service": self.fill["service"]}
        reply = self.caller.call("ListServiceDeployments", **named, createdAt={"after": self.began})
        for each in reply["serviceDeployments"]:
            if number in str(each.get("targetServiceRevisionArn")):
                return str(each["serviceDeploymentArn"])
        return ""

    def _has_succeeded(self) -> bool:
        reply = self.caller.call("DescribeServiceDeployments", serviceDeploymentArns=[self.record])
        found = next(iter(reply["serviceDeployments"]), {"status": "PENDING"})
        if found["status"] in ("STOPPED", "ROLLBACK_FAILED", "ROLLBACK_SUCCESSFUL"):
            raise Failed(str(found.get("statusReason") or "Deployment failed"))
        return bool(found["status"] == "SUCCESSFUL")


ACTION = Rule(
    name="action",
    what="`aws-actions/amazon-ecs-deploy-task-definition` v2 with `wait-for-service-stability: true`, by its `index.js`"
    " and the waiters `ServicesStable` and `DeploymentSuccessful` of `@aws-sdk/client-ecs` 3.1164 and"
    " `@aws-sdk/client-codedeploy` 3.1133: 15 s to 600 s (120 s) between looks, at random, 30 minutes in all",
    attempts=3,
    perform=_action,
)
TERRAFORM = Rule(
    name="terraform",
    what="`aws_ecs_service` of `hashicorp/terraform-provider-aws` 6 with `wait_for_steady_state = true`, by"
    " `waitServiceStable` in its `internal/service/ecs/service.go`: up to 10 s between looks, 20 minutes in all,"
    " 25 attempts a call",
    attempts=25,
    perform=_terraform,
)
RULES = (ACTION, TERRAFORM)
