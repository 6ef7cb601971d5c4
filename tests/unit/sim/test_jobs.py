"""Tasks that no service keeps, and the log streams of all tasks."""

from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import REPOSITORY, call, image, the_service, world


def _run(w: World) -> str:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-0a1b2c3d4e5f60718"]}}
    asked: dict[str, Any] = {"cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE"}
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


def test_w14_the_stream_is_there_as_soon_as_the_container_runs() -> None:
    w = world("desired = 1")
    arn = _run(w)
    name = ("/ecs/web", f"web/app/{arn.rpartition('/')[2]}")
    assert name not in w.region.log_streams
    w.clock.sleep(30)
    stream = w.region.log_streams[name]
    assert (stream.lines, stream.created_at) == ([], _task(w, arn)["startedAt"])
