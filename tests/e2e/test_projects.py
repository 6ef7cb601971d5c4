"""Three tools of other projects in the worlds of `ecs_world`: what they do there is what they do at AWS."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from tests.cli.worlds import NEW, OLD, behaves, service
from tests.e2e.environments import node_project, python_project

if TYPE_CHECKING:
    from pathlib import Path

    from ecsdeploy.testing import EcsWorld, EcsWorlds

pytest_plugins = ["ecsdeploy.testing"]

PATIENCE = 120
RECENTLY = timedelta(minutes=50)
BALANCED = {"health_interval": 5, "healthy_threshold": 2, "deregistration_delay": 10}
BREAKER = {"circuit_breaker": "rollback"}


def _run(*argv: str | Path, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    around = os.environ | variables
    return subprocess.run(argv, cwd=cwd, env=around, capture_output=True, text=True, check=False, timeout=PATIENCE)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def _service(world: EcsWorld) -> Mapping[str, Any]:
    found: Mapping[str, Any] = world.snapshot()["services"][0]
    return found


def _release(image: str = NEW) -> str:
    """What a pipeline does before somebody watches it; the new revision's ARN."""
    ecs = botocore.session.Session().create_client("ecs")
    running = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    members = ("family", "executionRoleArn", "networkMode", "cpu", "memory", "requiresCompatibilities")
    containers = [{**running["containerDefinitions"][0], "image": image}]
    made = ecs.register_task_definition(**{name: running[name] for name in members}, containerDefinitions=containers)
    arn: str = made["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(cluster="prod", service="web", taskDefinition=arn)
    return arn


# ecs-deplojo (PyPI, Lab Digital): registers, updates, waits until one deployment is left.


@pytest.fixture
def deplojo(tmp_path: Path) -> Path:
    """A folder with the project that it is to deploy."""
    template = {
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
        "containerDefinitions": [{"name": "app", "image": "registry.example.com/team/web:${tag}"}],
    }
    (tmp_path / "web.json").write_text(json.dumps(template), encoding="utf-8")
    config = {
        "cluster_name": "prod",
        "environment": {"MODE": "production"},
        "task_definitions": {"web": {"template": "web.json"}},
        "services": {"web": {"task_definition": "web"}},
    }
    # JSON is YAML.
    (tmp_path / "deploy.yml").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def _deploy(folder: Path) -> subprocess.CompletedProcess[str]:
    command = python_project("ecs-deplojo") / "ecs-deplojo"
    return _run(command, "--config", "deploy.yml", "--var", "tag=2", cwd=folder)


def test_ecs_deplojo_deploys_waits_and_tidies_up(ecs_world: EcsWorlds, deplojo: Path) -> None:
    world = ecs_world.served(service(desired=2))
    done = _deploy(deplojo)
    assert done.returncode == 0, _said(done)
    assert "Deployment finished: web (2/2)" in _said(done)
    assert (_service(world)["images"], _service(world)["deployment"]["status"]) == ([NEW], "SUCCESSFUL")
    called = [call["operation"] for call in world.snapshot()["calls"]]
    assert called[:3] == ["DescribeServices", "RegisterTaskDefinition", "UpdateService"]
    assert {"ListTaskDefinitions", "ListTagsForResource"} <= set(called)
    assert {call["error"] for call in world.snapshot()["calls"]} == {None}


def test_ecs_deplojo_takes_a_rollback_for_success(ecs_world: EcsWorlds, deplojo: Path) -> None:
    """As it does at AWS: it waits for one deployment, and does not ask whose."""
    world = ecs_world.served(service(desired=2, deployment=BREAKER) + behaves(NEW, run="exit", after=4))
    done = _deploy(deplojo)
    assert done.returncode == 0, _said(done)
    assert (_service(world)["images"], _service(world)["deployment"]["status"]) == ([OLD], "ROLLBACK_SUCCESSFUL")


def test_ecs_deplojo_deploys_to_no_service_that_is_missing(ecs_world: EcsWorlds, deplojo: Path) -> None:
    world = ecs_world.served(service(name="api"))
    done = _deploy(deplojo)
    assert done.returncode == 1
    assert "The following services are missing: web" in _said(done)
    assert [call["operation"] for call in world.snapshot()["calls"]] == ["DescribeServices"]


# ecs-deployment-monitor (npm, Bugcrowd): watches somebody else's deployment through the AWS SDK for JavaScript.


def _monitor(revision: str) -> subprocess.CompletedProcess[str]:
    command = node_project("ecs-deployment-monitor") / "ecs-deployment-monitor"
    return _run(command, "--cluster", "prod", "--service-name", "web", "--task-definition", revision)


def test_ecs_deployment_monitor_sees_a_deployment_through(ecs_world: EcsWorlds) -> None:
    ecs_world.served(service(desired=2, load_balancer=BALANCED), speed=5)
    done = _monitor(_release())
    assert done.returncode == 0, _said(done)
    assert re.findall(r"-> (\w+)", done.stdout) == ["Created", "TasksStarted", "Live", "Draining", "Steady"]
    assert "Deployment was successful" in done.stdout


def test_ecs_deployment_monitor_sees_tasks_fail_and_says_why(ecs_world: EcsWorlds) -> None:
    parts = service(desired=2, load_balancer=BALANCED) + behaves(NEW, run="exit", exit_code=3, after=4)
    ecs_world.served(parts, speed=5)
    done = _monitor(_release())
    assert done.returncode == 1, _said(done)
    assert "Reason: Essential container in task exited" in done.stdout
    assert "Exit code: 3" in done.stdout


def test_ecs_deployment_monitor_sees_a_newer_deployment(ecs_world: EcsWorlds) -> None:
    ecs_world.served(service(desired=2, load_balancer=BALANCED), speed=5)
    first = _release()
    _release(OLD)
    done = _monitor(first)
    assert done.returncode == 3, _said(done)
    assert "Usurped" in done.stdout


# ecs-mcp-server (PyPI, AWS Labs): the diagnosis that it gives to agents.

ASK = """
import asyncio, json, sys
from awslabs.ecs_mcp_server.api import ecs_troubleshooting_tool
print(json.dumps(asyncio.run(ecs_troubleshooting_tool(sys.argv[1], json.loads(sys.argv[2]))), default=str))
"""


def _diagnosis(action: str, **parameters: str) -> Mapping[str, Any]:
    python = python_project("ecs-mcp-server") / "python"
    asked = json.dumps({"ecs_cluster_name": "prod", **parameters})
    done = _run(python, "-c", ASK, action, asked, ALLOW_SENSITIVE_DATA="true")
    assert done.returncode == 0, _said(done)
    answer: Mapping[str, Any] = json.loads(done.stdout)
    assert answer["status"] == "success", answer
    return answer


def _failed(ecs_world: EcsWorlds, **behaviour: object) -> EcsWorld:
    """A world in which a release has failed within the last hour, as far back as the diagnosis looks."""
    parts, start = service(desired=2, deployment=BREAKER) + behaves(NEW, **behaviour), datetime.now(UTC) - RECENTLY
    world = ecs_world.served(parts, speed=1, start=start)
    _release()
    world.settle()
    return world


@pytest.mark.parametrize(
    ("behaviour", "category"),
    [
        ({"run": "exit", "exit_code": 1, "after": 4}, "application_error"),
        ({"run": "oom", "after": 4}, "out_of_memory"),
        ({"pull": "not-found"}, "image_pull_failure"),
    ],
    ids=["exit", "oom", "pull"],
)
def test_ecs_mcp_server_finds_why_tasks_failed(
    ecs_world: EcsWorlds, behaviour: dict[str, object], category: str
) -> None:
    _failed(ecs_world, **behaviour)
    found = _diagnosis("fetch_task_failures")
    assert found["cluster_exists"] is True
    assert len(found["failure_categories"][category]) >= 2


def test_ecs_mcp_server_reads_the_events_of_a_service(ecs_world: EcsWorlds) -> None:
    _failed(ecs_world, run="exit", after=4)
    found = _diagnosis("fetch_service_events", ecs_service_name="web")
    assert found["deployment"]["rollout_state"] == "COMPLETED"
    assert any("rolling back" in event["message"] for event in found["events"])


def test_ecs_mcp_server_reads_the_logs_of_a_task(ecs_world: EcsWorlds) -> None:
    _failed(ecs_world, run="exit", after=4, logs=["ERROR: no DATABASE_URL"])
    # It looks below /ecs/CLUSTER.
    found = _diagnosis("fetch_task_logs", ecs_cluster_name="web")
    assert found["error_count"] >= 1
