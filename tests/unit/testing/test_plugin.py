"""The fixture `ecs_world`, as the suite of another tool meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, WaiterError

from tests.unit.sim.builders import REPOSITORY, image

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ecsdeploy.testing import EcsWorld, EcsWorlds

# Whether or not this environment was installed before there was an entry point.
pytest_plugins = ["ecsdeploy.testing"]

WEB = {"cluster": "prod", "services": ["web"]}
ONE = f'[[services]]\ncluster = "prod"\nname = "web"\nimage = "{REPOSITORY}:1"\n'
ALARMS = 'deployment = { alarms = { alarm_names = ["errors"], enable = true, rollback = true } }\n'
BREAKER = 'deployment = { circuit_breaker = "rollback" }\n'
OF_THE_SDK = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")


def _release(ecs: Any, tag: str = "2") -> None:
    """What a deployment tool does."""
    running = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    containers = [{**running["containerDefinitions"][0], "image": f"{REPOSITORY}:{tag}"}]
    kept = {key: running[key] for key in ("family", "networkMode", "cpu", "memory", "requiresCompatibilities")}
    role = running["executionRoleArn"]
    made = ecs.register_task_definition(**kept, executionRoleArn=role, containerDefinitions=containers)
    ecs.update_service(cluster="prod", service="web", taskDefinition=made["taskDefinition"]["taskDefinitionArn"])


def _client() -> Any:
    return botocore.session.Session().create_client("ecs")


def _service(world: EcsWorld) -> Mapping[str, Any]:
    service: Mapping[str, Any] = world.snapshot()["services"][0]
    return service


def test_in_process_a_release_is_waited_for_in_no_time(ecs_world: EcsWorlds) -> None:
    began, world = time.perf_counter(), ecs_world.in_process()
    before, ecs = time.time(), _client()
    _release(ecs)
    ecs.get_waiter("services_stable").wait(**WEB)
    assert _service(world)["images"] == [f"{REPOSITORY}:2"]
    assert time.time() - before > 60
    assert time.perf_counter() - began < 20


def test_in_process_what_never_gets_there_fails_as_it_does_at_aws(ecs_world: EcsWorlds) -> None:
    ecs_world.in_process("crash-loop-no-breaker")
    ecs, before = _client(), time.monotonic()
    _release(ecs)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        ecs.get_waiter("services_stable").wait(**WEB, WaiterConfig={"Delay": 15, "MaxAttempts": 40})
    assert time.monotonic() - before >= 15 * 39


def test_in_process_a_lost_reply_is_a_closed_connection(ecs_world: EcsWorlds) -> None:
    ecs_world.in_process(ONE + '[[api]]\noperation = "ListClusters"\nerror = "reset"\n')
    ecs = botocore.session.Session().create_client("ecs", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(ConnectionClosedError):
        ecs.list_clusters()
    assert ecs.list_clusters()["clusterArns"]


def test_in_process_threads_take_turns(ecs_world: EcsWorlds) -> None:
    world = ecs_world.in_process()
    ecs = _client()
    _release(ecs)

    def look(_: int) -> int:
        time.sleep(5)
        return int(ecs.describe_services(**WEB)["services"][0]["runningCount"])

    with ThreadPoolExecutor(8) as pool:
        assert min(pool.map(look, range(40))) >= 4
    assert len(world.snapshot()["calls"]) == 40 + 3


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_in_process_a_sleep_that_cannot_be_is_refused_as_ever(ecs_world: EcsWorlds, seconds: float) -> None:
    ecs_world.in_process()
    with pytest.raises(ValueError, match="sleep length"):
        time.sleep(seconds)


def test_a_client_that_was_made_before_the_world_is_answered_by_it(
    ecs_world: EcsWorlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    ecs = _client()
    ecs_world.in_process()
    assert ecs.describe_services(**WEB)["services"][0]["status"] == "ACTIVE"


def test_served_any_program_finds_it_by_its_environment(ecs_world: EcsWorlds) -> None:
    world = ecs_world.served(speed=1000)
    ask = "import botocore.session as s; print(s.Session().create_client('ecs').list_services(cluster='prod'))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert "service/prod/web" in done.stdout
    assert [call["operation"] for call in world.snapshot()["calls"]] == ["ListServices"]
    assert {name: os.environ[name] for name in OF_THE_SDK} == world.environment


def test_served_it_answers_the_endpoints_for_tests(ecs_world: EcsWorlds) -> None:
    world = ecs_world.served(ONE)
    url = f"{world.environment['AWS_ENDPOINT_URL']}/_simulator"
    with urlopen(Request(f"{url}/reset?scenario=good", method="POST")) as reply:  # noqa: S310 - our own address
        assert abs(json.load(reply)["time"] - time.time()) < 60
    assert world.snapshot()["scenario"] == "good"


@pytest.mark.parametrize("how", ["served", "in_process"])
def test_a_test_moves_the_clock_describes_images_and_rings_alarms(ecs_world: EcsWorlds, how: str) -> None:
    world: EcsWorld = getattr(ecs_world, how)(ONE + ALARMS)
    ecs, before = _client(), world.snapshot()["time"]
    world.image(f"{REPOSITORY}:2", pull_seconds=1)
    _release(ecs)
    world.advance(30)
    world.alarm("errors", "ALARM")
    world.settle()
    after = world.snapshot()
    assert (after["quiet"], after["alarms"]) == (True, {"errors": "ALARM"})
    assert after["time"] - before > 30
    assert _service(world)["images"] == [f"{REPOSITORY}:1"]


def test_what_cannot_be_is_said(ecs_world: EcsWorlds, tmp_path: Path) -> None:
    world = ecs_world.in_process(ONE)
    with pytest.raises(ValueError, match="did you mean `exit`"):
        world.image(f"{REPOSITORY}:2", run="exits")
    with pytest.raises(OSError, match='not "ringing"'):
        world.alarm("errors", "ringing")
    with pytest.raises(OSError, match="not `-1`"):
        world.advance(-1)
    with pytest.raises(ValueError, match="There is no scenario `god`; did you mean `good`"):
        ecs_world.served("god")
    with pytest.raises(ValueError, match="cannot be read"):
        ecs_world.served(tmp_path / "none.toml")


def test_a_scenario_is_a_name_a_file_or_a_text(ecs_world: EcsWorlds, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(ONE + BREAKER + image('run = "exit"'))
    for scenario in ("crash-loop", tmp_path / "mine.toml", ONE + BREAKER + image('run = "exit"')):
        world = ecs_world.in_process(scenario)
        _release(_client())
        world.settle()
        assert _service(world)["images"] == [f"{REPOSITORY}:1"]


SUITE = """
import os, time, urllib.request, urllib.error

SEEN = {}

def test_a_world(ecs_world, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_ECS", "http://192.0.2.1")
    SEEN["url"] = ecs_world.served().environment["AWS_ENDPOINT_URL"]
    assert "AWS_PROFILE" not in os.environ and "AWS_ENDPOINT_URL_ECS" not in os.environ
    assert os.environ["AWS_CONFIG_FILE"] == os.devnull and "127.0.0.1" in os.environ["NO_PROXY"]

def test_nothing_is_left_of_it():
    assert not [name for name in os.environ if name.startswith("AWS_")]
    try:
        urllib.request.urlopen(SEEN["url"])
    except urllib.error.URLError as error:
        assert isinstance(error.reason, ConnectionRefusedError)

def test_time_in_process(ecs_world):
    SEEN["sleep"] = time.sleep
    ecs_world.in_process()
    assert time.sleep is not SEEN["sleep"]

def test_time_is_everybodys_again():
    assert time.sleep is SEEN["sleep"]
"""


def test_what_a_test_was_given_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "ecsdeploy.testing", "--rootdir", ".", "."]
    around = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(argv, cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
    assert "4 passed" in done.stdout, done.stdout + done.stderr


def test_a_suite_that_does_not_use_it_pays_for_one_small_module() -> None:
    program = (
        "import sys, pytest; held = set(sys.modules); import ecsdeploy.testing; print(*sorted(set(sys.modules) - held))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ecsdeploy", "ecsdeploy.testing"]
