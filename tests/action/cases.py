"""The steps that are played by AWS's own Action and by ours: worlds, files and inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ecsdeploy.sim import World
from tests.cli.worlds import NEW, Json, shipped

FARGATE = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
}
README = {
    "task-definition": "task-definition.json",
    "service": "web",
    "cluster": "prod",
    "wait-for-service-stability": "true",
}
"""The inputs that its README begins with, for a service of the scenarios."""
TASK = {
    **README,
    "run-task": "true",
    "wait-for-task-stopped": "true",
    "run-task-subnets": "subnet-1,subnet-2",
    "run-task-security-groups": "sg-1",
    "run-task-tags": '[{"key": "project", "value": "myproject"}]',
    "run-task-container-overrides": '[{"name": "app", "command": ["true"]}]',
    "enable-ecs-managed-tags": "true",
}


def definition(image: str = NEW, **members: object) -> Json:
    """A task definition as one keeps it in a file."""
    return {**FARGATE, "containerDefinitions": [{"name": "app", "image": image, "essential": True}], **members}


DOWNLOADED = definition(
    taskDefinitionArn="arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
    revision=1,
    status="ACTIVE",
    compatibilities=["EC2", "FARGATE"],
    registeredAt="2026-01-01T12:00:00.000Z",
    registeredBy="arn:aws:iam::123456789012:root",
    volumes=[],
    placementConstraints=[],
    containerDefinitions=[
        {
            "name": "app",
            "image": NEW,
            "essential": True,
            "command": [],
            "environment": [{"name": "EMPTY", "value": ""}, {"name": "", "value": ""}, {"name": "A", "value": "1"}],
            "logConfiguration": {"logDriver": "json-file", "options": {"tag": "", "max-size": "10m"}},
            "linuxParameters": {"capabilities": {"add": [], "drop": None}},
        }
    ],
)
"""As `aws ecs describe-task-definition` gives it, with what is empty."""
YAML = f"""\
family: web
networkMode: awsvpc
requiresCompatibilities: [FARGATE]
cpu: "256"
memory: "512"
containerDefinitions:
  - name: app
    image: {NEW}
    essential: true
    stopTimeout: 30
    environment:
      - {{name: DEBUG, value: yes}}
      - {{name: SINCE, value: 2026-01-01}}
"""


APPSPEC = """\
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: app
          ContainerPort: 8080
"""
PORT = json.dumps(
    definition(
        containerDefinitions=[
            {"name": "app", "image": NEW, "essential": True, "portMappings": [{"containerPort": 8080}]}
        ]
    )
)
AT_LAUNCH = {"name": "ebs1", "configuredAtLaunch": True}
VOLUME = {
    "service-managed-ebs-volume-name": "ebs1",
    "service-managed-ebs-volume": json.dumps(
        {
            "roleArn": "arn:aws:iam::123456789012:role/ecsInfrastructureRole",
            "sizeInGiB": 30,
            "encrypted": False,
            "volumeType": "gp2",
            "throughput": 200,
            "unheard": 1,
        }
    ),
}
THROUGH = {
    "codedeploy-application": "AppECS-prod-web",
    "codedeploy-deployment-group": "DgpECS-prod-web",
    "codedeploy-deployment-config": "CodeDeployDefault.ECSAllAtOnce",
    "codedeploy-deployment-description": "The release of the day",
}


@dataclass(frozen=True)
class Case:
    """One step."""

    scenario: str
    inputs: Mapping[str, str]
    text: str = field(default_factory=lambda: json.dumps(definition()))
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Mapping[str, str]:
        return {self.inputs["task-definition"]: self.text, **self.others}

    def write(self, folder: Path) -> None:
        """The files of the workspace."""
        for name, text in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    @property
    def world(self) -> Callable[[], World]:
        return lambda: shipped(self.scenario)


def _without(*names: str) -> Mapping[str, str]:
    return {name: text for name, text in README.items() if name not in names}


CASES = {
    "good": Case("good", README),
    "crash loop": Case("crash-loop", README),
    "superseded": Case("superseded", README),
    "run-task": Case("good", TASK),
    "run-task that fails": Case(
        "good", TASK | {"run-task-container-overrides": '[{"name": "app", "command": ["false"]}]'}
    ),
    "run-task alone": Case("good", {name: text for name, text in TASK.items() if name != "service"}),
    "no wait": Case("crash-loop", _without("wait-for-service-stability")),
    "register alone": Case("good", _without("service", "cluster")),
    "a new family": Case("good", _without("service"), json.dumps(definition(family="worker"))),
    "downloaded": Case("good", README, json.dumps(DOWNLOADED)),
    "yaml": Case("good", README | {"task-definition": "task-definition.yaml"}, YAML),
    "count and force": Case("good", README | {"desired-count": "3", "force-new-deployment": "true"}),
    "minutes": Case("good", README | {"wait-for-minutes": "10 minutes", "max-retries": "5"}),
    "codedeploy": Case(
        "code-deploy",
        README | THROUGH | {"codedeploy-appspec": "deploy/appspec.yml"},
        PORT,
        {"deploy/appspec.yml": APPSPEC},
    ),
    "codedeploy, by default": Case("code-deploy", README, PORT, {"appspec.yaml": APPSPEC}),
    "volume": Case("good", README | VOLUME, json.dumps(definition(volumes=[AT_LAUNCH]))),
    "volume without its name": Case("good", README | {name: VOLUME[name] for name in list(VOLUME)[1:]}),
    "no such service": Case("good", README | {"service": "wbe"}),
}
