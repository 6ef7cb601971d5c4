"""Views of a task definition's JSON, and what is registered of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.taskdef import OUTPUT_ONLY, ContainerDefinition, TaskDefinition, without_nulls

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


@pytest.mark.parametrize(
    ("mapping", "mapped"),
    [
        ({"containerPort": 80}, [80]),
        ({"containerPort": "81"}, [81]),
        ({"containerPortRange": "80-82"}, [80, 81, 82]),
        ({"containerPortRange": "81"}, [81]),
        ({"containerPortRange": "81-"}, [81]),
        ({"containerPortRange": "79-80", "containerPort": 82}, [80]),
        ({"containerPortRange": "", "containerPort": 82}, [82]),
        ({"containerPort": None}, []),
        ({"containerPortRange": "a-82"}, []),
        ({"hostPort": 80}, []),
        ("80", []),
    ],
)
def test_a_container_maps_a_port_alone_or_in_a_range(mapping: object, mapped: list[int]) -> None:
    container = ContainerDefinition(payload={"portMappings": [mapping]})
    assert [port for port in range(80, 84) if container.maps(port)] == mapped


def test_one_of_several_mappings_is_enough() -> None:
    container = ContainerDefinition(payload={"portMappings": [{"containerPort": 80}, {"containerPort": 81}]})
    assert [container.maps(port) for port in (80, 81, 82)] == [True, True, False]
    assert not ContainerDefinition(payload={"portMappings": None}).maps(80)


@pytest.mark.parametrize(
    ("checked", "essential", "is_checked"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_task_has_a_health_where_an_essential_container_is_checked(
    checked: bool, essential: bool, is_checked: bool
) -> None:
    container = {"name": "app", "essential": essential} | ({"healthCheck": {"command": []}} if checked else {})
    definition = TaskDefinition(payload={"containerDefinitions": [{"name": "side"}, container]})
    assert definition.is_checked is is_checked


def test_a_container_without_a_name_or_an_image_has_an_empty_one() -> None:
    for payload in ({}, {"name": None, "image": None}):
        container = ContainerDefinition(payload=payload)
        assert (container.name, container.image) == ("", "")


def test_a_container_without_a_port_maps_none_not_even_the_first() -> None:
    assert not ContainerDefinition(payload={"portMappings": [{"hostPort": 80}]}).maps(0)


def test_nulls_are_dropped_at_every_depth_and_nothing_else() -> None:
    before: dict[str, object] = {"a": None, "b": [None, {"c": None, "d": ""}], "e": (1, False), "f": {}}
    assert without_nulls(before) == {"b": [{"d": ""}], "e": [1, False], "f": {}}
