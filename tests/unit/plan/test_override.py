"""Which edits of a one-off task the overrides of RunTask can say."""

import json
from typing import Any

import pytest

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.override import overrides
from tests.unit.plan.builders import container, definition_of

ENVIRONMENT = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
ROLE = "arn:aws:iam::111122223333:role/job"


def definition(members: dict[str, Any] | None = None, **of_app: Any) -> TaskDefinition:
    app = container("app", of_app.pop("image", "acme/app:1"), **{"environment": ENVIRONMENT, "cpu": 64} | of_app)
    return definition_of(app, container("side", "acme/side:1"), **{"cpu": "256", "taskRoleArn": ROLE} | (members or {}))


def command(*words: str) -> dict[str, Any]:
    return {"containerOverrides": [{"name": "app", "command": [*words]}]}


LONGEST = "x" * (8192 - len(json.dumps(command(""))))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param(definition(), {}, id="nothing"),
        pytest.param(
            definition(command=["a", "b"]),
            command("a", "b"),
            id="a command",
        ),
        pytest.param(
            definition(environment=[{"name": "A", "value": "9"}, *ENVIRONMENT[1:], {"name": "C", "value": ""}]),
            {
                "containerOverrides": [
                    {"name": "app", "environment": [{"name": "A", "value": "9"}, {"name": "C", "value": ""}]}
                ]
            },
            id="variables",
        ),
        pytest.param(
            definition({"cpu": "512", "taskRoleArn": f"{ROLE}-2"}, cpu=128),
            {"cpu": "512", "taskRoleArn": f"{ROLE}-2", "containerOverrides": [{"name": "app", "cpu": 128}]},
            id="sizes and a role",
        ),
        pytest.param(definition(image="acme/app:2"), None, id="an image"),
        pytest.param(definition({"taskRoleArn": None}), None, id="no role"),
        pytest.param(definition({"taskRoleArn": "job"}), None, id="a role by its name"),
        pytest.param(definition({"pidMode": "task"}), None, id="another member of the task"),
        pytest.param(definition(environment=ENVIRONMENT[:1]), None, id="a variable less"),
        pytest.param(definition(cpu=None), None, id="a size less"),
        pytest.param(definition(command=[LONGEST]), command(LONGEST), id="as long as ECS takes it"),
        pytest.param(definition(command=[LONGEST + "x"]), None, id="too long"),
        pytest.param(definition_of(container("app", "acme/app:1")), None, id="a container less"),
    ],
)
def test_an_override_says_what_it_can_and_nothing_in_part(after: TaskDefinition, said: object) -> None:
    assert overrides(definition(), after) == said
