from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.aws import lossless

SCALARS = st.one_of(st.text(), st.integers(), st.booleans(), st.none())
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(min_size=1), inner)),
    max_leaves=20,
)
DEFINITIONS = st.dictionaries(st.text(min_size=1), JSON)


def containers(*items: dict[str, object]) -> dict[str, object]:
    return {"containerDefinitions": list(items)}


@given(DEFINITIONS)
def test_nothing_is_missing_from_the_same_definition(definition: dict[str, Any]) -> None:
    assert lossless.missing(definition, definition) == ()


@given(DEFINITIONS, DEFINITIONS)
def test_members_that_the_reply_adds_do_not_count(sent: dict[str, Any], added: dict[str, Any]) -> None:
    assert lossless.missing(sent, {**added, **sent}) == ()


@given(DEFINITIONS)
def test_the_paths_of_an_empty_reply_are_the_members_that_say_something(sent: dict[str, Any]) -> None:
    paths = lossless.missing(sent, {})
    assert set(paths) <= set(sent)
    assert all(sent[path] not in (None, "", [], {}) for path in paths)


@pytest.mark.parametrize(
    ("sent", "kept", "paths"),
    [
        ({"newThing": 1}, {}, ["newThing"]),
        ({"newThing": {"mode": "on"}}, {"newThing": {}}, ["newThing.mode"]),
        ({"newThing": {"mode": "on"}}, {"newThing": None}, ["newThing"]),
        ({"enableFaultInjection": False}, {}, ["enableFaultInjection"]),
        (
            containers({"name": "app", "newThing": [1]}, {"name": "log"}),
            containers({"name": "log"}, {"name": "app"}),
            ["containerDefinitions[app].newThing"],
        ),
        (
            containers({"name": "app", "image": "a:1"}),
            containers({"name": "log", "image": "a:1"}),
            ["containerDefinitions[app]"],
        ),
        (
            {"mountPoints": [{"sourceVolume": "a", "readOnly": True}, {"sourceVolume": "b", "readOnly": True}]},
            {"mountPoints": [{"sourceVolume": "b", "readOnly": True}, {"sourceVolume": "a"}]},
            ["mountPoints[0].readOnly"],
        ),
        ({"links": [{"a": 1}, {"a": 2}]}, {"links": [{"a": 1}]}, ["links[1]"]),
        ({"links": [{"a": 1}]}, {"links": []}, ["links[0]"]),
        (
            {"requiresCompatibilities": ["FARGATE", "MANAGED_INSTANCES"]},
            {"requiresCompatibilities": ["FARGATE"]},
            ["requiresCompatibilities[1]"],
        ),
    ],
    ids=[
        "top level",
        "nested",
        "null in the reply",
        "false says something",
        "in a container, found by name",
        "a whole container",
        "in an unnamed object, found by likeness",
        "one of several unnamed objects",
        "the only unnamed object",
        "a scalar of a list",
    ],
)
def test_what_was_sent_and_is_gone_is_named(sent: dict[str, object], kept: dict[str, object], paths: list[str]) -> None:
    assert list(lossless.missing(sent, kept)) == paths


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"cpu": "1 vCPU", "memory": "2 GB"}, {"cpu": "1024", "memory": "2048"}),
        ({"a": "", "b": [], "c": {}, "d": None, "e": {"f": []}}, {}),
        ({"requiresCompatibilities": ["EC2", "FARGATE"]}, {"requiresCompatibilities": ["FARGATE", "EC2"]}),
        (
            containers({"name": "app"}),
            containers({"name": "app", "cpu": 0, "essential": True, "environment": []}),
        ),
        (
            {"environment": [{"name": "EMPTY", "value": ""}, {"name": "A", "value": "1"}]},
            {"environment": [{"name": "A", "value": "1"}]},
        ),
        (
            {"portMappings": [{"containerPort": 80}, {"containerPort": 81}]},
            {"portMappings": [{"containerPort": 81, "hostPort": 81}, {"containerPort": 80, "hostPort": 80}]},
        ),
        ({"volumes": [{}]}, {"volumes": []}),
        ({"odd": [1]}, {"odd": "1"}),
    ],
    ids=[
        "units",
        "empty",
        "order",
        "defaults",
        "variable without a value",
        "ports in another order",
        "empty object in a list",
        "another notation",
    ],
)
def test_what_ecs_does_to_every_definition_is_no_loss(sent: dict[str, object], kept: dict[str, object]) -> None:
    assert lossless.missing(sent, kept) == ()
