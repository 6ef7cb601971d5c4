"""The difference between two revisions, by name alone, and the part of it that explains a cause."""

import pytest

from ecsdeploy.diagnose.difference import Change, changes, explanation
from ecsdeploy.diagnose.known_cause import Aspect
from ecsdeploy.diagnose.table import BY_CODE
from ecsdeploy.model.difference import How
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import member


def revision(number: int, *containers: dict[str, object], **members: object) -> TaskDefinition:
    arn = f"arn:aws:ecs:eu-west-1:111122223333:task-definition/web:{number}"
    listed = list(containers) or [member("app")]
    return TaskDefinition(payload={"taskDefinitionArn": arn, "containerDefinitions": listed, **members})


def variables(**values: str) -> dict[str, object]:
    return {"environment": [{"name": name, "value": value} for name, value in values.items()]}


def secrets(**values: str) -> dict[str, object]:
    return {"secrets": [{"name": name, "valueFrom": value} for name, value in values.items()]}


def change(aspect: Aspect, how: How = How.CHANGED, name: str = "") -> Change:
    return Change(aspect=aspect, how=how, name=name)


def between(old: dict[str, object], new: dict[str, object]) -> list[Change]:
    """What differs between containers with these members."""
    return list(changes(revision(1, member("app", **old)), revision(2, member("app", **new))))


OF_CONTAINERS: dict[str, tuple[dict[str, object], dict[str, object], list[Change]]] = {
    "nothing": (variables(A="1"), variables(A="1"), []),
    "the order of variables": (variables(A="1", B="2"), variables(B="2", A="1"), []),
    "a variable removed": (variables(A="1"), {}, [change(Aspect.VARIABLE, How.REMOVED, "A")]),
    "a variable added": ({}, variables(A="1"), [change(Aspect.VARIABLE, How.ADDED, "A")]),
    "a variable changed": (variables(A="1"), variables(A="2"), [change(Aspect.VARIABLE, How.CHANGED, "A")]),
    "a secret changed": (secrets(A="x"), secrets(A="y"), [change(Aspect.SECRET, How.CHANGED, "A")]),
    "a command removed": ({"command": ["run"]}, {"command": []}, [change(Aspect.COMMAND, How.REMOVED)]),
    "an entry point": ({}, {"entryPoint": ["sh"]}, [change(Aspect.ENTRY_POINT, How.ADDED)]),
    "ports": ({"portMappings": [{"containerPort": 80}]}, {"portMappings": [{}]}, [change(Aspect.PORT)]),
    "both kinds of memory, once": (
        {"memory": 512, "memoryReservation": 256},
        {"memory": 256, "memoryReservation": 128},
        [change(Aspect.MEMORY)],
    ),
    "a health check": (
        {"healthCheck": {"command": ["a"]}},
        {"healthCheck": {"command": ["b"]}},
        [change(Aspect.HEALTH_CHECK)],
    ),
    "a default that ECS fills in": ({"cpu": 0, "environment": []}, {}, []),
}


@pytest.mark.parametrize(("old", "new", "found"), OF_CONTAINERS.values(), ids=OF_CONTAINERS)
def test_what_differs_in_a_container(old: dict[str, object], new: dict[str, object], found: list[Change]) -> None:
    assert between(old, new) == found


def test_what_differs_in_the_task() -> None:
    old = revision(1, cpu="256", executionRoleArn="a", runtimePlatform={"cpuArchitecture": "ARM64"})
    new = revision(2, cpu="512", executionRoleArn="b")
    assert list(changes(old, new)) == [
        change(Aspect.CPU),
        change(Aspect.EXECUTION_ROLE),
        change(Aspect.PLATFORM, How.REMOVED),
    ]


def test_only_the_container_at_fault_counts_where_it_is_known() -> None:
    old = revision(1, member("app"), member("proxy"))
    new = revision(2, member("app", **variables(A="1")), member("proxy", **variables(B="1")), member("new"))
    assert [each.name for each in changes(old, new, "proxy")] == ["B"]
    assert [each.name for each in changes(old, new)] == ["A", "B"]


EXIT, SECRET = BY_CODE["E-CONTAINER-EXIT"].explained_by, BY_CODE["E-SECRET"].explained_by


def explained(
    old: dict[str, object], new: dict[str, object], *said: str, by: tuple[Aspect, ...] = EXIT, **members: object
) -> str:
    before, after = revision(1, member("app", **old)), revision(2, member("app", **new), **members)
    return explanation(before, after, changes(before, after), said, by)


def test_a_variable_that_the_log_names_is_what_it_is_about() -> None:
    said = "KeyError: 'DATABASE_URL'"
    assert explained(variables(DATABASE_URL="x", LEVEL="1"), variables(LEVEL="2"), said) == (
        "web:1 defined DATABASE_URL, web:2 does not."
    )


def test_a_part_of_a_longer_name_is_not_named() -> None:
    assert (
        explained(variables(URL="x", LEVEL="1"), {}, "no DATABASE_URL")
        == "web:1 defined URL and LEVEL, web:2 does not."
    )


def test_the_parts_that_may_have_led_to_it_are_listed_and_no_value() -> None:
    said = explained({"command": ["a"], **variables(A="s3cret")}, {"command": ["b"], **variables(A="t0ken", B="1")})
    assert said == "web:2 differs from web:1 in the variable A, variable B (added) and command."


def test_parts_that_cannot_have_led_to_it_are_not_worth_a_word() -> None:
    assert explained(variables(A="1"), variables(A="2"), by=SECRET) == ""
    assert (
        explained({}, {}, executionRoleArn="b", by=SECRET) == "web:2 differs from web:1 in the execution role (added)."
    )


def test_a_long_list_is_cut_short() -> None:
    many = variables(**{f"V{number}": "1" for number in range(9)})
    assert explained({}, many).endswith("variable V2 (added), variable V3 (added) and 5 more.")


def test_a_list_that_just_fits_is_whole() -> None:
    four = variables(**{f"V{number}": "1" for number in range(4)})
    assert explained(four, {}) == "web:1 defined V0, V1, V2 and V3, web:2 does not."


def test_a_list_that_is_none_is_empty() -> None:
    assert between({"environment": None}, {"environment": [{"value": "nameless"}]}) == []
