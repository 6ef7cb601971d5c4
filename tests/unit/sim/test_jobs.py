"""Tasks that no service keeps, and the log streams of all tasks."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import REPOSITORY, call, described, image, the_service, update, world


def _run(w: World, *command: str) -> str:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-0a1b2c3d4e5f60718"]}}
    asked: dict[str, Any] = {"cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE"}
    if command:
        asked["overrides"] = {"containerOverrides": [{"name": "app", "command": list(command)}]}
    arn: str = call(w, "RunTask", **asked, networkConfiguration=network)["tasks"][0]["taskArn"]
    return arn


def _task(w: World, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = call(w, "DescribeTasks", cluster="prod", tasks=[arn])["tasks"][0]
    return found


def test_w12_a_job_of_an_image_that_nobody_described_ends_by_itself() -> None:
    w = world()
    arn = _run(w)
    w.clock.sleep(200)
    ended = _task(w, arn)
    assert (ended["lastStatus"], ended["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert ended["containers"][0]["exitCode"] == 0
    assert ended["executionStoppedAt"] - ended["startedAt"] == pytest.approx(60)


@pytest.mark.parametrize(("behaviour", "status"), [('run = "healthy"', "RUNNING"), ('run = "exit"', "STOPPED")])
def test_w12_an_image_that_a_scenario_describes_behaves_so(behaviour: str, status: str) -> None:
    w = world("desired = 1", image(behaviour, tag="1"))
    assert the_service(w).definition.containers[0]["image"] == f"{REPOSITORY}:1"
    arn = _run(w)
    w.clock.sleep(200)
    assert _task(w, arn)["lastStatus"] == status


@pytest.mark.parametrize("described", ["", 'run = "healthy"', 'run = "exit"\nexit_code = 7\nafter = 4'])
@pytest.mark.parametrize(
    ("command", "code", "seconds"),
    [
        pytest.param(("true",), 0, 0, id="true"),
        pytest.param(("false",), 1, 0, id="false"),
        pytest.param(("sleep", "30"), 0, 30, id="sleep"),
        pytest.param(("sh", "-c", "exit 3"), 3, 0, id="exit"),
        pytest.param(("/bin/bash", "-ec", "sleep 5 && sleep 2; exit 260"), 4, 7, id="one after another"),
        pytest.param(("sh", "-c", "false && exit 9"), 1, 0, id="and"),
        pytest.param(("sh", "-c", "false; true"), 0, 0, id="or not"),
        pytest.param(("./manage.py", "migrate"), 0, 60, id="nobody knows it"),
        pytest.param(("sh", "-c", "exit 3 | cat"), 0, 60, id="more of a shell than is read"),
        pytest.param(("sh", "-c", "echo 'open"), 0, 60, id="no shell would take it"),
        pytest.param(("sleep", "long"), 0, 60, id="no number"),
    ],
)
def test_w12_another_command_decides(described: str, command: tuple[str, ...], code: int, seconds: float) -> None:
    w = world("desired = 1", *([image(described, tag="1")] if described else []))
    arn = _run(w, *command)
    w.clock.sleep(200)
    ended = _task(w, arn)
    assert (ended["lastStatus"], ended["containers"][0]["exitCode"]) == ("STOPPED", code)
    assert ended["executionStoppedAt"] - ended["startedAt"] == pytest.approx(seconds)


def test_w12_a_scenario_says_what_a_command_does() -> None:
    told = 'run = "healthy"\n[images."{0}:1".commands."./manage.py migrate"]\nexit_code = 2\nafter = 8\nlogs = ["no"]'
    w = world("desired = 1", image(told.format(REPOSITORY), tag="1"))
    codes = {}
    for command in (("./manage.py", "migrate"), ("sh", "-c", "./manage.py migrate"), ("./manage.py", "check")):
        arn = _run(w, *command)
        w.clock.sleep(200)
        codes[command] = _task(w, arn)["containers"][0]["exitCode"]
        lines = w.region.log_streams["/ecs/web", f"web/app/{arn.rpartition('/')[2]}"].lines
        assert [line for _, line in lines] == (["no"] if codes[command] else [])
    assert list(codes.values()) == [2, 2, 0]


def test_w12_what_a_command_prints_is_in_the_log() -> None:
    w = world("desired = 1")
    arn = _run(w, "sh", "-c", "echo one two; echo 'three;'; false")
    w.clock.sleep(200)
    lines = w.region.log_streams["/ecs/web", f"web/app/{arn.rpartition('/')[2]}"].lines
    assert [line for _, line in lines] == ["one two", "three;"]


def test_w12_no_command_helps_an_image_that_cannot_be_pulled_or_run() -> None:
    for told in ('pull = "not-found"', 'run = "exec-format"'):
        w = world("desired = 1", image(told, tag="2"))
        definition = the_service(w).definition.payload
        container = {**definition["containerDefinitions"][0], "image": f"{REPOSITORY}:2"}
        call(w, "RegisterTaskDefinition", **{**definition, "containerDefinitions": [container]})
        arn = _run(w, "true")
        w.clock.sleep(200)
        ended = _task(w, arn)
        assert ended["lastStatus"] == "STOPPED"
        assert ended["containers"][0].get("exitCode") != 0


def test_w12_an_entry_point_is_part_of_the_command() -> None:
    w = world("desired = 1")
    definition = the_service(w).definition.payload
    container = {**definition["containerDefinitions"][0], "entryPoint": ["sh", "-c"]}
    call(w, "RegisterTaskDefinition", **{**definition, "containerDefinitions": [container]})
    arn = _run(w, "exit 5")
    w.clock.sleep(200)
    assert _task(w, arn)["containers"][0]["exitCode"] == 5


def test_w12_the_command_of_a_definition_says_nothing_of_a_service_s_tasks() -> None:
    w = world("desired = 1")
    definition = the_service(w).definition.payload
    container = {**definition["containerDefinitions"][0], "command": ["true"]}
    revision = call(w, "RegisterTaskDefinition", **{**definition, "containerDefinitions": [container]})
    update(w, taskDefinition=revision["taskDefinition"]["taskDefinitionArn"])
    w.clock.sleep(300)
    assert described(w)["runningCount"] == 1


def test_w14_the_stream_is_there_as_soon_as_the_container_runs() -> None:
    w = world("desired = 1")
    arn = _run(w)
    name = ("/ecs/web", f"web/app/{arn.rpartition('/')[2]}")
    assert name not in w.region.log_streams
    w.clock.sleep(30)
    stream = w.region.log_streams[name]
    assert (stream.lines, stream.created_at) == ([], _task(w, arn)["startedAt"])
