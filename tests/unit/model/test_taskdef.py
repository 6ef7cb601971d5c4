"""Views of a task definition's JSON, and what is registered of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.taskdef import OUTPUT_ONLY, ContainerDefinition, TaskDefinition

DESCRIBED = TaskDefinition(
    payload={
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7",
        "family": "web",
        "revision": 7,
        "status": "ACTIVE",
        "containerDefinitions": [
            {"name": "app", "image": "acme/web:1", "healthCheck": {"command": ["CMD", "true"]}},
            {"name": "otel", "image": "acme/otel:1", "essential": False},
        ],
        "memberOfTomorrow": {"kept": True},
        "executionRoleArn": None,
    },
    tags=(("team", "a"),),
)
EMPTY = TaskDefinition(payload={})


def test_members_are_read() -> None:
    assert DESCRIBED.arn.endswith("web:7")
    assert (DESCRIBED.family, DESCRIBED.revision, DESCRIBED.status) == ("web", 7, "ACTIVE")
    assert DESCRIBED.images == {"app": "acme/web:1", "otel": "acme/otel:1"}


def test_missing_members_are_empty() -> None:
    assert (EMPTY.arn, EMPTY.family, EMPTY.revision, EMPTY.status, EMPTY.containers) == ("", "", 0, "", ())


def test_revision_that_is_no_number_is_none_yet() -> None:
    assert TaskDefinition(payload={"revision": "7"}).revision == 0


def test_containers_of_null_are_none() -> None:
    assert TaskDefinition(payload={"containerDefinitions": None}).containers == ()


def test_container_by_name() -> None:
    app = DESCRIBED.container("app")
    assert app is not None
    assert app.image == "acme/web:1"
    assert DESCRIBED.container("missing") is None


def test_containers_are_essential_unless_they_say_no() -> None:
    assert [each.essential for each in DESCRIBED.containers] == [True, False]


def test_health_check_is_seen() -> None:
    assert [each.has_health_check for each in DESCRIBED.containers] == [True, False]


@pytest.mark.parametrize(
    ("configuration", "options"),
    [
        ({"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}, {"awslogs-group": "/ecs/web"}),
        ({"logDriver": "awslogs"}, {}),
        ({"logDriver": "awslogs", "options": None}, {}),
        ({"logDriver": "splunk", "options": {"splunk-url": "x"}}, {}),
        (None, {}),
    ],
    ids=["awslogs", "no-options", "null-options", "other-driver", "none"],
)
def test_log_options(configuration: object, options: dict[str, str]) -> None:
    assert ContainerDefinition(payload={"logConfiguration": configuration}).log_options == options


def test_registration_keeps_what_nobody_knows_and_drops_output_and_nulls() -> None:
    assert set(DESCRIBED.registration()) == {"family", "containerDefinitions", "memberOfTomorrow"}


@given(st.dictionaries(st.sampled_from(sorted(OUTPUT_ONLY)) | st.text(max_size=8), st.none() | st.integers()))
def test_registration_never_has_an_output_member_or_a_null_and_lacks_nothing_else(payload: dict[str, object]) -> None:
    registered = TaskDefinition(payload=payload).registration()
    wanted = {name for name, value in payload.items() if value is not None} - OUTPUT_ONLY
    assert set(registered) == wanted
