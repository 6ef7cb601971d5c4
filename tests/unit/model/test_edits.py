"""Which of the values that edits give must not be shown."""

import pytest

from ecsdeploy.model.edits import (
    KeepVariables,
    Patch,
    SetMember,
    SetSecret,
    SetVariable,
    UnsetVariable,
    in_container,
    secrets_in,
)

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-AbCdEf"


def test_what_looks_like_a_secret_is_learned_and_nothing_else() -> None:
    edits = (
        SetVariable(name="LEVEL", value="debug"),
        SetVariable(name="DB_PASSWORD", value="hunter-9z8y"),
        SetVariable(name="URL", value="postgres://bob:hunter2@db.example.com/web"),
        UnsetVariable(name="TOKEN"),
        SetSecret(name="DB_KEY", source=ARN),
        SetSecret(name="DB_KEY", source="/web/db-key"),
    )
    assert [*secrets_in(edits)] == ["hunter-9z8y", "hunter2"]


def test_a_bare_name_of_a_parameter_may_be_the_secret_itself() -> None:
    assert [*secrets_in([SetSecret(name="DB_PASSWORD", source="hunter-9z8y")])] == ["hunter-9z8y"]


def test_the_words_of_a_command_may_be_secrets() -> None:
    edits = [SetMember(member="command", value=("serve", "--token", "hunter-9z8y")), SetMember(member="cpu", value=1)]
    assert [*secrets_in(edits)] == ["hunter-9z8y"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/containerDefinitions/app/environment/DB_PASSWORD/value", "hunter-9z8y"),
        ("/containerDefinitions/app/environment/-", {"name": "DB_PASSWORD", "value": "hunter-9z8y"}),
        ("/containerDefinitions/app/environment", [{"name": "DB_PASSWORD", "value": "hunter-9z8y"}]),
        ("/containerDefinitions/app", {"command": ["serve", "--token", "hunter-9z8y"], "cpu": 1}),
        ("/containerDefinitions/app/command", ["serve", "--token", "hunter-9z8y"]),
        ("/containerDefinitions/app/logConfiguration/options", {"splunk-token": "hunter-9z8y"}),
    ],
    ids=["a value", "a variable", "variables", "a container", "a command", "options"],
)
def test_a_patch_may_hold_secrets(path: str, value: object) -> None:
    assert [*secrets_in([Patch(operations=({"op": "add", "path": path, "value": value},))])] == ["hunter-9z8y"]


def test_only_the_last_part_of_a_path_says_what_a_value_is() -> None:
    operation = {"op": "add", "path": "/containerDefinitions/token/user", "value": "hunter-9z8y"}
    assert [*secrets_in([Patch(operations=(operation,))])] == []


def test_an_edit_of_a_container_that_names_none_is_of_the_one_that_is_meant() -> None:
    named = SetVariable(name="A", value="1", container="side")
    edits = (
        named,
        SetVariable(name="A", value="1"),
        SetMember(member="cpu", value=64),
        KeepVariables(given=(("", "A"), ("side", "A"))),
        Patch(operations=()),
    )
    assert in_container(edits, "app") == (
        named,
        SetVariable(name="A", value="1", container="app"),
        SetMember(member="cpu", value=64, container="app"),
        KeepVariables(given=(("app", "A"), ("side", "A")), container="app"),
        Patch(operations=()),
    )
