"""A release about to be made, and what is known of the world around it, said in a few words."""

from datetime import datetime
from typing import Any

from ecsdeploy.model.request import DeployRequest, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import Resource, ResourceType
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.attempt import Attempt, Known
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import NOON, old, service_with

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
RUNNING = service_with(old(status="PRIMARY"))
APP = definition_of(container("app", "acme/app:1"))


def attempt(
    service: Service = RUNNING,
    definition: TaskDefinition = APP,
    *,
    sizing: Sizing = Sizing(),  # noqa: B008 - frozen
    now: datetime = NOON,
    **asked: Any,
) -> Attempt:
    """The release of `definition` to `service`; `asked` goes into the request."""
    request = DeployRequest(service=WEB, sizing=sizing, **asked)
    return Attempt(request=request, service=service, definition=definition, now=now)


def known(**facts: Any) -> Known:
    return Known(**{"images": {}, "resources": {}, "target_groups": {}, **facts})


def codes(findings: Any) -> list[str]:
    return [each.code for each in findings]


def only(findings: Any) -> Finding:
    (finding,) = findings
    assert isinstance(finding, Finding)
    return finding


def fargate(**members: object) -> TaskDefinition:
    """For Fargate, with one container of an image in ECR."""
    members = {"requiresCompatibilities": ["FARGATE"], **members}
    return definition_of(container("app", f"{REGISTRY}/team/app:1"), **members)


def secret(name: str) -> Resource:
    return Resource(type=ResourceType.SECRET, name=name, region="eu-west-1")
