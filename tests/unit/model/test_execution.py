"""A command for a container, in the words of ECS and of Session Manager."""

import shlex
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from ecsdeploy.model.execution import Picked
from ecsdeploy.model.outcome import Place

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
