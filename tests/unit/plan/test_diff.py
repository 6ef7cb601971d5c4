"""Exactly what would change between two definitions, and nothing that may be a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.difference import Difference, How, Shown
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.diff import differences, fingerprint
from tests.unit.rollout.builders import NOON

Members = dict[str, object]


def definition(*containers: Members, **members: object) -> TaskDefinition:
    return TaskDefinition(payload={"containerDefinitions": [*containers], **members})


def app(**members: object) -> Members:
    return {"name": "app", "image": "app:1", **members}


def within(old: Members, new: Members) -> list[tuple[str, How, str, str, str]]:
    """What differs in the container, as member, how, name, before and after."""
    found = differences(definition(app(**old)), definition(app(**new)))
    assert {each.container for each in found} <= {"app"}
    return [(each.member, each.how, each.name, each.before, each.after) for each in found]


def variable(name: str, value: str) -> Members:
    return {"name": name, "value": value}


ONE, TWO = "#6b86", "#d473"
"""The first digits of what `sha256sum` says of these values, as compact JSON."""
PORT = {"containerPort": 80}

IN_A_CONTAINER: dict[str, tuple[Members, Members, list[tuple[str, How, str, str, str]]]] = {
    "nothing": ({}, {}, []),
    "the image": ({"image": "app:1"}, {"image": "app:2"}, [("image", How.CHANGED, "", "app:1", "app:2")]),
    "a variable changed": (
        {"environment": [variable("A", "1"), variable("B", "1")]},
        {"environment": [variable("B", "1"), variable("A", "2")]},
        [("environment", How.CHANGED, "A", ONE, TWO)],
    ),
    "a variable removed": (
        {"environment": [variable("A", "1")]},
        {"environment": []},
        [("environment", How.REMOVED, "A", ONE, "")],
    ),
    "a variable added": ({}, {"environment": [variable("A", "2")]}, [("environment", How.ADDED, "A", "", TWO)]),
    "a secret": (
        {},
        {"secrets": [{"name": "KEY", "valueFrom": "arn:1"}]},
        [("secrets", How.ADDED, "KEY", "", "#a1dc")],
    ),
    "no list of variables": ({"environment": "?"}, {"environment": [3, {"value": "1"}]}, []),
    "a command": (
        {"command": ["run", "--password=1"]},
        {"command": ["run", "--password=2"]},
        [("command", How.CHANGED, "", "#c633", "#814d")],
    ),
    "memory": ({"memory": 512}, {"memory": 1024}, [("memory", How.CHANGED, "", "512", "1024")]),
    "what ECS fills in": (
        {"cpu": 0, "essential": True, "portMappings": [PORT | {"hostPort": 0, "protocol": "tcp"}], "mountPoints": []},
        {"portMappings": [PORT]},
        [],
    ),
    "a dynamic port": ({"portMappings": [PORT | {"hostPort": 0}]}, {"portMappings": [PORT]}, []),
    "another protocol": (
        {"portMappings": [PORT]},
        {"portMappings": [PORT | {"protocol": "udp"}]},
        [("portMappings", How.CHANGED, "", '[{"containerPort":80}]', '[{"containerPort":80,"protocol":"udp"}]')],
    ),
    "ports that are none": (
        {"portMappings": ["?"]},
        {"portMappings": "?"},
        [("portMappings", How.CHANGED, "", '["?"]', "?")],
    ),
    "no longer essential": ({"essential": True}, {"essential": False}, [("essential", How.ADDED, "", "", "false")]),
    "a user no longer": ({"user": "app"}, {}, [("user", How.REMOVED, "", "app", "")]),
    "a member of tomorrow": ({}, {"newThing": {"a": 1}}, [("newThing", How.ADDED, "", "", "#015a")]),
}


@pytest.mark.parametrize(("old", "new", "found"), IN_A_CONTAINER.values(), ids=IN_A_CONTAINER)
def test_what_differs_in_a_container(old: Members, new: Members, found: list[tuple[str, How, str, str, str]]) -> None:
    assert within(old, new) == found


def test_values_are_shown_where_that_is_asked_for() -> None:
    old = definition(app(environment=[variable("A", "1")], secrets=[{"name": "K", "valueFrom": "arn:1"}]))
    new = definition(app(environment=[{"name": "A"}], command=["run"], secrets=[{"name": "K", "valueFrom": "arn:2"}]))
    shown = [(each.name or each.member, each.before, each.after) for each in differences(old, new, reveal=True)]
    assert shown == [("A", "1", '{"name":"A"}'), ("K", "arn:1", "arn:2"), ("command", "", '["run"]')]


@pytest.mark.parametrize("reveal", [True, False])
def test_only_what_the_user_asked_to_see_is_spared_by_who_hides_secrets(reveal: bool) -> None:
    old = definition(app(environment=[variable("A", "1")]), app(name="gone"), taskRoleArn="role/a")
    new = definition(app(environment=[variable("A", "2")], image="app:2"), app(name="new"), taskRoleArn="role/b")
    found = differences(old, new, reveal=reveal)
    assert [each.member for each in found] == ["image", "environment", "container", "container", "taskRoleArn"]
    texts = [text for each in found for text in (each.before, each.after) if text]
    assert [isinstance(each, Shown) for each in texts] == [reveal] * len(texts)


def test_a_moment_that_the_sdk_has_read_is_shown_as_a_text() -> None:
    (found,) = differences(definition(app()), definition(app(until=[NOON])), reveal=True)
    assert found.after == '["2026-11-22 12:00:00+00:00"]'


def test_equal_values_have_one_fingerprint_whatever_their_order() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) == "#4325"


def test_containers_come_and_go() -> None:
    sidecar: Members = {"name": "otel", "image": "otel:1"}
    assert differences(definition(app()), definition(app(), sidecar)) == (
        Difference(member="container", how=How.ADDED, container="otel", after="otel:1"),
    )
    assert differences(definition(app(), sidecar), definition(app())) == (
        Difference(member="container", how=How.REMOVED, container="otel", before="otel:1"),
    )


def test_what_differs_in_the_task() -> None:
    old = definition(app(), cpu="256", revision=1, volumes=[], taskRoleArn="role/a")
    new = definition(app(), cpu="512", volumes=[{"name": "data"}], taskRoleArn="role/a")
    assert differences(old, new) == (
        Difference(member="cpu", how=How.CHANGED, before="256", after="512"),
        Difference(member="volumes", how=How.ADDED, after=fingerprint([{"name": "data"}])),
    )


texts = st.text(min_size=6, max_size=20)


@given(old=texts, new=texts, member=st.sampled_from(["environment", "secrets", "command", "dockerLabels", "tomorrow"]))
def test_a_value_that_may_be_a_secret_is_never_shown(old: str, new: str, member: str) -> None:
    def holding(value: str) -> Members:
        if member in ("environment", "secrets"):
            return {member: [{"name": "KEY", "value": value, "valueFrom": value}]}
        return {member: [value]}

    for _, _, name, before, after in within(holding(old), holding(new)):
        assert name in ("", "KEY")
        assert all(text == "" or (len(text) == 5 and text[0] == "#") for text in (before, after))


@given(members=st.dictionaries(st.sampled_from(["cpu", "user", "command", "environment"]), st.integers(1, 9)))
def test_nothing_differs_from_itself(members: dict[str, int]) -> None:
    assert within(dict(members), dict(members)) == []
