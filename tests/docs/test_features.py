"""Each feature of the page is shown by its command: we run it in a world that needs it, and look at what came of it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.cli.test_create import DEFINITION as API
from tests.cli.test_create import SERVICE
from tests.cli.test_exec import enabled
from tests.cli.test_scale import scaled_by_aws
from tests.cli.test_schedules import a_timetable
from tests.cli.test_several import three
from tests.cli.worlds import CRASHES, NEW, OLD, a_world, behaves, later, play, service, shipped, surroundings
from tests.contract.sim.clients import connect
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "features.md"
ROWS = tuple(re.findall(r"^\| ([^|]+) \| `ecs-deploy (.+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
RELEASED = ("deploy", "-c", "prod", "-n", "web", "--image", NEW, "--no-preflight")
BEGUN = (*RELEASED, "--detach")
CONTAINER = {
    "name": "app",
    "image": OLD,
    "memory": 128,
    "environment": [{"name": "MODE", "value": "slow"}],
    "ulimits": [{"name": "nofile", "softLimit": 4096, "hardLimit": 8192}],
    "aMemberOfTomorrow": {"kept": True},
}
SIDE = {"name": "side", "image": "registry.example.com/infra/side:1", "memory": 64, "essential": False}
DEFINITION = {
    "family": "web",
    "containerDefinitions": [CONTAINER, SIDE],
    "requiresCompatibilities": ["EC2"],
    "tags": [{"key": "owner", "value": "shop"}],
}
FILES = {
    "ecs-release.toml": """
        [defaults]
        cluster = "prod"
        image = "team/app:${VERSION}"
        [services.web]
        [services.worker]
        depends-on = ["web"]
    """,
    "app.env": "# comment\nLEVEL='debug'\n",
    "web.json": json.dumps(
        {
            "family": "web",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": [
                {"name": "app", "image": "registry.example.com/team/web:${TAG}", "essential": True}
            ],
        }
    ),
    "api.json": json.dumps(API),
    "service.json": json.dumps(SERVICE),
}


@dataclass(frozen=True)
class Shown:
    """`says` stands in the output, `never` does not; `sends` is a call and a part of it; `writes` is a file.

    `before` was typed before, and then `seconds` went by.
    """

    says: str = ""
    code: int = 0
    world: Callable[[], World] = a_world
    before: tuple[str, ...] = ()
    seconds: float = 0
    sends: tuple[str, str] = ("", "")
    never: str = ""
    writes: str = ""


def _of(*parts: str) -> Callable[[], World]:
    return lambda: a_world(*parts)


def _scenario(name: str) -> Callable[[], World]:
    return lambda: shipped(name)


_DETAILED = _of(service(launch_type="EC2", task_definition=DEFINITION))
_CRASHING = _of(service(), CRASHES)
_REGISTERS, _UPDATES = "RegisterTaskDefinition", "UpdateService"


def _checking(exit_code: int) -> Callable[[], World]:
    ends = {"run": "exit", "exit_code": exit_code}
    return _of(service(), behaves(OLD, commands={"./manage.py check": ends}))


def _aged() -> World:
    """Three revisions: the newest runs, and `rollback` would take the second."""
    return a_world(service(history=["registry.example.com/team/web:0.1", "registry.example.com/team/web:0.2"]))


def _scaled() -> World:
    return scaled_by_aws(a_world(), 2, 4)


def _begun_by_others() -> World:
    """Neither registered nor started by us."""
    world = a_world()
    ecs: Any = connect(world, "ecs")
    made = ecs.describe_task_definition(taskDefinition="web:1")["taskDefinition"]
    (container,) = made["containerDefinitions"]
    kept = ("networkMode", "requiresCompatibilities", "cpu", "memory", "executionRoleArn")
    given = {name: made[name] for name in kept}
    ecs.register_task_definition(family="web", containerDefinitions=[{**container, "image": NEW}], **given)
    ecs.update_service(cluster="prod", service="web", taskDefinition="web:2")
    return world


def _counted() -> World:
    limit = {"type": "COUNT", "value": 5}
    breaker = {"enable": True, "rollback": True, "reset_on_healthy_task": False, "threshold_configuration": limit}
    return a_world(service(deployment={"deployment_circuit_breaker": breaker}))


def _policed() -> World:
    trusted = {"isolationMode": "CONFIDENTIAL_SANDBOX", "attestationPolicy": "{}"}
    return a_world(service(launch_type="EC2", task_definition={**DEFINITION, "trustedExecutionConfiguration": trusted}))


def _after_a_failure() -> World:
    """`web:2` was rolled back, and `web:3` runs: the revision before the last is not the good one."""
    world = _CRASHING()
    assert play(world, (*RELEASED, "--on-failure", "rollback")).code == 21
    assert play(world, ("deploy", "-c", "prod", "-n", "web", "--env", "LEVEL=debug", "--no-preflight")).code == 0
    return world


SHOWN: dict[str, Shown] = {
    "Works with no configuration file, on an existing service": Shown("SUCCEEDED web:2 2/2 running"),
    "Releases one new image": Shown("Service deployment successful."),
    "An image for each container": Shown(world=_DETAILED, sends=(_REGISTERS, "infra/side:2")),
    "A tag for all images": Shown(sends=(_REGISTERS, "team/web:2")),
    "An image pinned by digest": Shown(sends=(_REGISTERS, "team/web@sha256:0123456789abcdef")),
    "An error if the image matches no container": Shown("team/other", 26, never=_REGISTERS),
    "Registers nothing if nothing changes": Shown("UNCHANGED", never=_REGISTERS),
    "Deploys a revision as it is": Shown("SUCCEEDED web:1", before=RELEASED, never=_REGISTERS),
    "Keeps every member of the definition": Shown(world=_DETAILED, sends=(_REGISTERS, '"softLimit": 4096')),
    "Keeps and sets tags of the definition": Shown(world=_DETAILED, sends=(_REGISTERS, '"value": "shop"')),
    "Edits variables and secrets": Shown(sends=(_REGISTERS, '"valueFrom": "/web/token"')),
    "Reads a file of variables": Shown(sends=(_REGISTERS, '{"name": "LEVEL", "value": "debug"}')),
    "Edits sizes, and any other member": Shown(sends=(_REGISTERS, '"readonlyRootFilesystem": true')),
    "Fills a template": Shown(sends=(_REGISTERS, "team/web:2")),
    "Creates a service": Shown(sends=("CreateService", '"serviceName": "api"')),
    "Changes the number of tasks too": Shown("3/3", sends=(_UPDATES, '"desiredCount": 3')),
    "Changes the percentages": Shown(sends=(_UPDATES, '"minimumHealthyPercent": 50')),
    "Sets circuit breaker and alarms": Shown(sends=(_UPDATES, '"value": 4')),
    "Waits for the whole rollout": Shown("SUCCEEDED web:2 2/2 running"),
    "Sees a rollback by ECS as a failure": Shown("rolled back by ECS", 21, _scenario("crash-loop")),
    "Follows its own deployment by id": Shown('"deployment_id":"ecs-svc/'),
    "Sees that another deployment replaced it": Shown("SUPERSEDED", 23, _scenario("superseded")),
    "Fails early after a crash loop or a missing image": Shown(
        "E-IMAGE-NOT-FOUND", 20, _scenario("image-missing-no-breaker")
    ),
    "Gives the reasons of stopped tasks": Shown('container "app" exits 1', 21, _scenario("crash-loop")),
    "Shows the end of the log": Shown("   Log ", 21, _scenario("crash-loop")),
    "Rolls back by itself": Shown("rolled back by ecs-deploy", 21, _CRASHING),
    "Waits for the rollback, and verifies it": Shown('"rollback":{"by":"us"', 21, _CRASHING),
    "Rolls back to the last good release": Shown("web:1", before=RELEASED, sends=(_UPDATES, "web:1")),
    "Waits as long as you like": Shown("SUCCEEDED"),
    "Starts and leaves": Shown("goes on"),
    "Blue/green, linear and canary by ECS": Shown("SUCCEEDED", world=_scenario("canary")),
    "Blue/green by CodeDeploy": Shown("SUCCEEDED", world=_scenario("code-deploy")),
    "Stops what is under way": Shown("", 21, before=BEGUN, seconds=20, sends=("StopServiceDeployment", "ROLLBACK")),
    "A one-off task": Shown("SUCCEEDED", world=_checking(0)),
    "A one-off task to its exit code": Shown("exits 3", 3, _checking(3)),
    "A one-off task with its logs": Shown(
        "ten orders",
        world=_of(service(), behaves(OLD, commands={"./manage.py report": {"run": "exit", "logs": ["ten orders"]}})),
    ),
    "A migration before the release": Shown(
        "SUCCEEDED",
        world=_of(service(), behaves(NEW, commands={"./manage.py migrate": {"run": "exit", "exit_code": 0}})),
        sends=("RunTask", "migrate"),
    ),
    "Scheduled tasks follow the release": Shown("nightly", world=a_timetable, sends=("PutTargets", "")),
    "Deregisters old revisions safely": Shown(
        "web:2: `rollback` of `web`",
        world=_aged,
        sends=("DeregisterTaskDefinition", "web:1"),
        never="deregistered web:2",
    ),
    "A diff before the release": Shown("team/web:1 ", never=_REGISTERS),
    "A dry run": Shown("Nothing was written", never=_REGISTERS),
    "An exit code for a diff": Shown("", 2),
    "Hides secrets in diffs and logs": Shown("DB_PASSWORD", never="hunter2"),
    "Scales, and knows of autoscaling": Shown("3", sends=(_UPDATES, '"desiredCount": 3')),
    "Refuses a count that auto scaling would undo": Shown("between 2 and 4 tasks", 26, _scaled, never=_UPDATES),
    "A shell in a container": Shown("web:1", world=enabled),
    "A port of a container forwarded to this machine": Shown(
        "127.0.0.1:8080 leads to port 80 of the container", world=enabled, never="StartSession"
    ),
    "Checks before the first write": Shown("no room to start a task", 20, _scenario("deadlock"), never=_REGISTERS),
    "Bears throttling": Shown("SUCCEEDED", world=_scenario("throttled-account")),
    "More than 100 tasks": Shown("120/120", world=_of(service(desired=120))),
    "JSON output, and events for programs": Shown('"type":"result","status":"succeeded"'),
    "An exit code for each way to end": Shown("rolled back"),
    "A policy for Ctrl-C": Shown(
        "", 143, _of(service(), later(20, "signal", signal="TERM")), sends=("StopServiceDeployment", "ROLLBACK")
    ),
    "Notices a deployment that is under way": Shown("", 27, before=BEGUN, never=_REGISTERS),
    "Least rights": Shown('"ecs:UpdateService"'),
    "A verdict on what another tool began": Shown("SUCCEEDED web:2", world=_begun_by_others),
    "A pause is continued": Shown(
        "SUCCEEDED",
        world=_scenario("blue-green-pause-continue"),
        before=BEGUN,
        seconds=120,
        sends=("ContinueServiceDeployment", "CONTINUE"),
    ),
    "A pause is taken back": Shown(
        "", 21, _scenario("blue-green-pause-continue"), BEGUN, 120, ("ContinueServiceDeployment", "ROLLBACK")
    ),
    "A smoke test decides at the pause": Shown(
        "the smoke test `false` failed",
        21,
        _scenario("blue-green-pause-continue"),
        sends=("ContinueServiceDeployment", "ROLLBACK"),
    ),
    "Shows the breaker's count and threshold": Shown("breaker 4/3", 21, _scenario("crash-loop")),
    "Shows how the breaker counts, and early success": Shown("(at 5 failed tasks in", world=_counted),
    "Services in Express mode": Shown(
        "SUCCEEDED", world=_scenario("express"), sends=("UpdateExpressGatewayService", "team/web:2")
    ),
    "Names revisions that something else registered": Shown(
        "The newest revision is `web:2`", before=("-d", "web", "-i", NEW, "--env", "LEVEL=debug")
    ),
    "Plays a release of a live service beforehand, with faults": Shown("it would succeed", never=_REGISTERS),
    "A page about such a prediction, for browsers": Shown("crash-loop: ", never=_REGISTERS, writes="rehearsal.html"),
    "Warns of an image that an attestation policy may refuse": Shown("attestation policy", world=_policed),
    "A JUnit report": Shown("SUCCEEDED", writes="release.xml"),
    "A page about a run, for browsers": Shown("rolled back by ECS", 21, _scenario("crash-loop"), writes="run.html"),
    "A job and settings from a live service": Shown("ecs-deploy.toml"),
    "1. The failing command explains the failure": Shown("   Hint ", 20, _CRASHING),
    "2. Ends early what cannot succeed, and waits for what may": Shown(
        "waiting: the registry limits the rate", 21, _scenario("rate-limited-pull")
    ),
    "3. Tells failed, rolled back, superseded, timed out and unknown apart": Shown("TIMED OUT", 22),
    "4. Proves that nothing of the definition is lost": Shown(
        world=_DETAILED, sends=(_REGISTERS, '"aMemberOfTomorrow": {"kept": true}')
    ),
    "5. Explains the command lines of the bash script": Shown("It ignores the variable if the image has a tag"),
    "6. A diff that is safe to show": Shown("API_KEY", never="hunter2"),
    "7. Goes back to what is known to be good": Shown("web:1", world=_after_a_failure, sends=(_UPDATES, "web:1")),
    "8. Leaves a deployment, and comes back to it": Shown("SUCCEEDED", before=BEGUN, seconds=30),
    "9. Releases many services as one, as a manifest says": Shown("the release is over: succeeded", world=three),
    "10. A run can be recorded, and played again offline": Shown(
        "SUCCEEDED web:2", before=(*RELEASED, "--record", "run.jsonl")
    ),
}


def test_each_row_is_tried() -> None:
    assert [name for name, _ in ROWS] == [*SHOWN]


@pytest.mark.parametrize(("name", "line"), ROWS, ids=[name for name, _ in ROWS])
def test_the_command_of_a_feature_shows_it(name: str, line: str, tmp_path: Path) -> None:
    shown, around = SHOWN[name], surroundings(tmp_path)
    for file, text in FILES.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    world = shown.world()
    if shown.before:
        assert play(world, shown.before, surroundings(tmp_path)).code == 0
    world.clock.sleep(shown.seconds)
    began = len(world.calls)
    played = play(world, shlex.split(line), around)
    calls = list(_requests(world, began))
    assert played.code == shown.code, played.said
    assert shown.says in played.said
    operation, part = shown.sends
    assert not operation or any(name == operation and part in request for name, request in calls), calls
    assert not shown.writes or (tmp_path / shown.writes).read_text(encoding="utf-8")
    assert not shown.never or shown.never not in played.said + "".join(name for name, _ in calls)


def _requests(world: World, began: int) -> Iterable[tuple[str, str]]:
    return ((call.operation, json.dumps(call.request)) for call in world.calls[began:])
