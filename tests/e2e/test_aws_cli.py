"""The AWS CLI against `ecs-deploy sim`: what it does there is what it does against AWS."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Simulator, Start

WEB = ("--cluster", "prod", "--service", "web")
# What DescribeTaskDefinition adds to what was registered.
OUTPUT_ONLY = {
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
}


@dataclass(frozen=True, slots=True)
class Cli:
    """`aws ecs ...`, JSON out."""

    simulator: Simulator
    command: Path

    def __call__(self, *words: str) -> Any:
        done = self.simulator.run(str(self.command), "--output", "json", "ecs", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def refused(self, *words: str) -> tuple[int, str]:
        done = self.simulator.run(str(self.command), "ecs", *words)
        return done.returncode, done.stderr.strip()

    def register(self, image: str) -> str:
        """The running definition with another image, as people do it with `jq`."""
        definition = self("describe-task-definition", "--task-definition", "web")["taskDefinition"]
        request = {name: value for name, value in definition.items() if name not in OUTPUT_ONLY}
        request["containerDefinitions"][0]["image"] = image
        reply = self("register-task-definition", "--cli-input-json", json.dumps(request))
        return str(reply["taskDefinition"]["taskDefinitionArn"])

    def service(self) -> Mapping[str, Any]:
        services: list[Mapping[str, Any]] = self("describe-services", *WEB[:2], "--services", "web")["services"]
        return services[0]

    def newest(self) -> Mapping[str, Any]:
        """The newest service deployment, described."""
        arn = self("list-service-deployments", *WEB)["serviceDeployments"][0]["serviceDeploymentArn"]
        found: list[Mapping[str, Any]] = self("describe-service-deployments", "--service-deployment-arns", arn)[
            "serviceDeployments"
        ]
        return found[0]


@pytest.fixture
def aws(commands: Path) -> Path:
    return commands / "aws"


def test_a_service_is_updated_and_waited_for(start: Start, aws: Path) -> None:
    cli = Cli(start(), aws)
    arn = cli.register("registry.example.com/team/web:2")
    updated = cli("update-service", *WEB, "--task-definition", arn)["service"]
    assert [d["rolloutState"] for d in updated["deployments"]] == ["IN_PROGRESS", "COMPLETED"]
    cli("wait", "services-stable", *WEB[:2], "--services", "web")
    service = cli.service()
    assert (service["taskDefinition"], service["runningCount"]) == (arn, service["desiredCount"])
    assert [d["rolloutState"] for d in service["deployments"]] == ["COMPLETED"]
    deployment = cli.newest()
    assert deployment["status"] == "SUCCESSFUL"
    (revision,) = cli(
        "describe-service-revisions", "--service-revision-arns", deployment["targetServiceRevision"]["arn"]
    )["serviceRevisions"]
    assert revision["taskDefinition"] == arn
    tasks = cli("list-tasks", *WEB[:2], "--service-name", "web")["taskArns"]
    described = cli("describe-tasks", *WEB[:2], "--tasks", *tasks)["tasks"]
    assert {c["image"] for task in described for c in task["containers"]} == {"registry.example.com/team/web:2"}


def test_a_service_deployment_is_stopped_and_goes_back(start: Start, aws: Path) -> None:
    simulator = start(speed=1)
    cli = Cli(simulator, aws)
    before = cli.service()["taskDefinition"]
    cli("update-service", *WEB, "--task-definition", cli.register("registry.example.com/team/web:2"))
    deployment = cli.newest()
    assert deployment["status"] in ("PENDING", "IN_PROGRESS")
    arn = deployment["serviceDeploymentArn"]
    assert cli("stop-service-deployment", "--service-deployment-arn", arn) == {"serviceDeploymentArn": arn}
    assert cli.newest()["status"].startswith("ROLLBACK_")
    simulator.set_speed(500)
    ended = _ended(cli)
    assert ended["status"] == "ROLLBACK_SUCCESSFUL"
    assert ended["rollback"]["reason"] == "Service deployment rolled back because it was stopped by the user."
    assert cli.service()["taskDefinition"] == before
    code, said = cli.refused("stop-service-deployment", "--service-deployment-arn", arn)
    assert code in (254, 255)
    assert "(ConflictException) when calling the StopServiceDeployment operation" in said


def _ended(cli: Cli) -> Mapping[str, Any]:
    deployment = cli.newest()
    for _ in range(20):
        if deployment["status"].startswith("ROLLBACK_SUCCESSFUL"):
            break
        time.sleep(0.5)
        deployment = cli.newest()
    return deployment


def test_what_aws_refuses_is_refused_in_its_words(start: Start, aws: Path) -> None:
    cli = Cli(start(), aws)
    said = {
        ("list-services", "--cluster", "nope"): (
            "An error occurred (ClusterNotFoundException) when calling the ListServices operation: Cluster not found."
        ),
        ("update-service", *WEB, "--task-definition", "web:99"): (
            "An error occurred (ClientException) when calling the UpdateService operation: TaskDefinition not found."
        ),
        ("delete-service", *WEB): (
            "An error occurred (InvalidParameterException) when calling the DeleteService operation: "
            "The service cannot be stopped while it is scaled above 0."
        ),
    }
    for words, text in said.items():
        code, stderr = cli.refused(*words)
        assert code in (254, 255)
        assert text in stderr


def test_lists_are_paged_by_the_cli_itself(start: Start, aws: Path) -> None:
    cli = Cli(start(), aws)
    for number in range(2):
        cli.register(f"registry.example.com/team/web:{number + 7}")
    listed = cli("list-task-definitions", "--family-prefix", "web", "--page-size", "1")["taskDefinitionArns"]
    assert len(listed) >= 3
    assert listed == sorted(listed, key=lambda arn: int(arn.rpartition(":")[2]))
    assert cli("list-clusters")["clusterArns"] == ["arn:aws:ecs:us-east-1:123456789012:cluster/prod"]


def test_a_one_off_task_is_run_and_waited_for(start: Start, aws: Path) -> None:
    cli = Cli(start(speed=500), aws)
    task = _run_alone(cli)
    cli("wait", "tasks-stopped", "--cluster", "prod", "--tasks", task)
    (ended,) = cli("describe-tasks", "--cluster", "prod", "--tasks", task)["tasks"]
    assert (ended["stopCode"], [c["exitCode"] for c in ended["containers"]]) == ("EssentialContainerExited", [0])


def test_a_one_off_task_is_stopped_while_it_runs(start: Start, aws: Path) -> None:
    # The waiter looks every six seconds, and the task runs for a minute of the world: it is to be seen running.
    simulator = start(speed=4)
    cli = Cli(simulator, aws)
    task = _run_alone(cli)
    cli("wait", "tasks-running", "--cluster", "prod", "--tasks", task)
    stopping = cli("stop-task", "--cluster", "prod", "--task", task, "--reason", "enough")["task"]
    assert (stopping["desiredStatus"], stopping["stoppedReason"]) == ("STOPPED", "enough")
    simulator.set_speed(500)
    cli("wait", "tasks-stopped", "--cluster", "prod", "--tasks", task)


def _run_alone(cli: Cli) -> str:
    network = "awsvpcConfiguration={subnets=[subnet-1]}"
    run = ("--task-definition", "web", "--launch-type", "FARGATE", "--network-configuration", network)
    (task,) = cli("run-task", "--cluster", "prod", *run)["tasks"]
    return str(task["taskArn"])
