"""CreateService, with every member that the file has."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.aws import translate
from ecsdeploy.aws.expected import refuse_wrong, unknown
from ecsdeploy.aws.reading import JsonObject, needed
from ecsdeploy.aws.services import words
from ecsdeploy.aws.session import Session
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import CreateService


def refuse_unusable(session: Session, members: Mapping[str, object]) -> tuple[str, ...]:
    """Raise a `UsageError` for what the SDK's model rules out; returns the paths of what it does not have. No call."""
    shape = session.input_shape("CreateService")
    refuse_wrong({**members, "serviceName": ""}, shape, "the service", "CreateService")
    return tuple(unknown(dict(members), shape))


def create(session: Session, step: CreateService, revision: str, token: str) -> Service:
    """The new service; with the same token and members, the one that an earlier request has created.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    """
    asked: JsonObject = {
        **step.members,
        "cluster": step.service.cluster,
        "serviceName": step.service.short_name,
        "taskDefinition": revision,
        "clientToken": token,
    }
    return translate.service(
        needed(session.call("ecs", "CreateService", asked, subject=words(step.service)), "service")
    )
