"""fabfuel's `ecs` (PyPI `ecs-deploy`) against `ecs-deploy sim`: deploy, scale, run, update."""

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.e2e.conftest import Simulator, Start

REGION = ("--region", "us-east-1")
FARGATE = ("--launchtype", "FARGATE", "--subnet", "subnet-1", "--securitygroup", "sg-1")


@pytest.fixture
def ecs(commands: Path) -> str:
    return str(commands / "ecs")


@pytest.fixture
def aws(commands: Path) -> str:
    return str(commands / "aws")


def _service(simulator: Simulator, aws: str) -> Any:
    words = ("--output", "json", "ecs", "describe-services", "--cluster", "prod", "--services", "web")
    return json.loads(simulator.run(aws, *words).stdout)["services"][0]


def _said(done: CompletedProcess[str]) -> str:
    return f"{done.stdout}\n{done.stderr}"


def test_a_deployment_is_waited_for_and_succeeds(start: Start, ecs: str, aws: str) -> None:
    simulator = start()
    done = simulator.run(ecs, "deploy", *REGION, "prod", "web", "-t", "2")
    assert done.returncode == 0, _said(done)
    assert "Deployment successful" in done.stdout
    service = _service(simulator, aws)
    assert service["runningCount"] == service["desiredCount"]
    assert [d["rolloutState"] for d in service["deployments"]] == ["COMPLETED"]


def test_a_deployment_that_never_gets_there_is_a_timeout(start: Start, ecs: str) -> None:
    simulator = start("crash-loop-no-breaker")
    done = simulator.run(ecs, "deploy", *REGION, "prod", "web", "-t", "2", "--timeout", "4")
    assert done.returncode == 1, _said(done)
    assert "Deployment failed due to timeout" in _said(done)


def test_a_service_is_scaled(start: Start, ecs: str, aws: str) -> None:
    simulator = start()
    done = simulator.run(ecs, "scale", *REGION, "prod", "web", "6")
    assert done.returncode == 0, _said(done)
    assert "Scaling successful" in done.stdout
    service = _service(simulator, aws)
    assert (service["desiredCount"], service["runningCount"]) == (6, 6)


def test_a_one_off_task_is_started(start: Start, ecs: str) -> None:
    done = start().run(ecs, "run", *REGION, *FARGATE, "prod", "web", "2")
    assert done.returncode == 0, _said(done)
    assert "Successfully started 2 instances of task: web:" in done.stdout
    assert done.stdout.count("arn:aws:ecs:us-east-1:123456789012:task/prod/") == 2


def test_a_definition_is_updated_without_a_deployment(start: Start, ecs: str, aws: str) -> None:
    simulator = start()
    before = _service(simulator, aws)
    done = simulator.run(ecs, "update", *REGION, "web", "-i", "app", "registry.example.com/team/web:9")
    assert done.returncode == 0, _said(done)
    assert "Successfully created revision" in done.stdout
    assert _service(simulator, aws)["taskDefinition"] == before["taskDefinition"]
