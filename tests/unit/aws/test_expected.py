from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from ecsdeploy.aws.expected import refuse_wrong, unknown
from ecsdeploy.errors import UsageError

APP = {"name": "app", "image": "app:1"}


@pytest.fixture(scope="module")
def registration() -> Any:
    model = ServiceModel(Loader().load_service_model("ecs", "service-2"), "ecs")
    return model.operation_model("RegisterTaskDefinition").input_shape


def definition(**members: object) -> dict[str, object]:
    return {"family": "web", "containerDefinitions": [APP], **members}


def container(**members: object) -> dict[str, object]:
    return definition(containerDefinitions=[{**APP, **members}])


@pytest.mark.parametrize(
    "request_",
    [
        definition(),
        definition(newThing={"a": [1]}, containerDefinitions=[{**APP, "newer": True}]),
        container(memory=512, essential=False, command=["run"], dockerLabels={"a": "b"}),
    ],
    ids=["least", "unknown members", "known members"],
)
def test_a_usable_definition_passes(registration: Any, request_: dict[str, object]) -> None:
    refuse_wrong(request_, registration, "family `web`")


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({"family": "web"}, "`containerDefinitions` is missing"),
        (definition(cpu=256), "`cpu` must be a string"),
        (definition(volumes={}), "`volumes` must be a list"),
        (definition(volumes="data"), "`volumes` must be a list"),
        (definition(runtimePlatform=[]), "`runtimePlatform` must be an object"),
        (container(memory="512"), r"`containerDefinitions\[0\]\.memory` must be an integer"),
        (container(memory=True), r"`containerDefinitions\[0\]\.memory` must be an integer"),
        (container(essential="yes"), r"`containerDefinitions\[0\]\.essential` must be true or false"),
        (container(dockerLabels=["a"]), r"`containerDefinitions\[0\]\.dockerLabels` must be an object"),
        (container(dockerLabels={"a": 1}), r"`containerDefinitions\[0\]\.dockerLabels\.a` must be a string"),
        (container(command=[1]), r"`containerDefinitions\[0\]\.command\[0\]` must be a string"),
    ],
)
def test_a_wrong_member_is_named_before_anything_is_sent(
    registration: Any, request_: dict[str, object], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        refuse_wrong(request_, registration, "family `web`")


def test_every_problem_is_named_at_once_and_no_value_shown(registration: Any) -> None:
    wrong = container(environment=[{"name": "TOKEN", "value": 8675309}], memory="1", cpu="2")
    with pytest.raises(UsageError) as caught:
        refuse_wrong(wrong, registration, "family `web`")
    assert caught.value.message.count("must be") == 3
    assert "8675309" not in caught.value.message


def test_what_the_model_does_not_have_is_found_at_any_depth(registration: Any) -> None:
    deep = {"options": {"a": "b"}, "logDriver": "awslogs", "later": 1}
    found = definition(newThing={"a": 1}, containerDefinitions=[APP, {**APP, "newer": True, "logConfiguration": deep}])
    assert [*unknown(found, registration)] == [
        "containerDefinitions[1].newer",
        "containerDefinitions[1].logConfiguration.later",
        "newThing",
    ]
    assert [*unknown(container(dockerLabels={"any": "label"}), registration)] == []
