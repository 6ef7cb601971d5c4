"""A command for a container, in the words of ECS and of Session Manager."""

import shlex
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ecsdeploy.model.execution import Forward, Picked
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.values import replace

ARN = "arn:aws:ecs:eu-west-1:111122223333"


def picked(*command: str) -> Picked:
    return Picked(
        place=Place.of(f"{ARN}:service/prod/web", cluster="prod", service="web"),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        task=f"{ARN}:task/prod/1f0c",
        revision=f"{ARN}:task-definition/web:1",
        health="HEALTHY",
        container="app",
        runtime_id="1f0c-265927825",
        command=command,
    )


@given(some.lists(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_the_agent_gets_the_words_that_were_typed(words: list[str]) -> None:
    assert shlex.split(picked(*words).line) == words


def test_the_target_is_named_as_session_manager_does() -> None:
    assert picked("sh").target == "ecs:prod_1f0c_1f0c-265927825"


FORWARD = {"portNumber": ["80"], "localPortNumber": ["8080"]}


@pytest.mark.parametrize(
    ("forward", "document", "parameters"),
    [
        (Forward(remote=80, local=8080), "AWS-StartPortForwardingSession", FORWARD),
        (
            Forward(remote=80, local=8080, host="db"),
            "AWS-StartPortForwardingSessionToRemoteHost",
            {"host": ["db"], **FORWARD},
        ),
    ],
)
def test_a_port_is_forwarded_by_the_document_for_it(
    forward: Forward, document: str, parameters: dict[str, list[str]]
) -> None:
    asked = replace(picked(), forward=forward)
    assert asked.asked == {"Target": asked.target, "DocumentName": document, "Parameters": parameters}


def test_without_a_port_only_the_target_is_asked_for() -> None:
    assert picked("sh").asked == {"Target": picked("sh").target}
