"""A plain variable that looks like a credential is told of, unless it stood there before as it is."""

import pytest

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import check_plain, sentence
from tests.unit.plan.builders import container, definition_of


def with_variables(**values: str) -> TaskDefinition:
    environment = [{"name": name, "value": value} for name, value in values.items()]
    return definition_of(container("app", "app:1", environment=environment))


@pytest.mark.parametrize(
    ("name", "value"), [("DB_PASSWORD", "hunter-9z8y7x6w5v"), ("URL", "postgres://bob:hunter2@db.example.com/web")]
)
def test_a_plain_value_that_looks_like_a_credential_is_told_of(name: str, value: str) -> None:
    (told,) = check_plain(with_variables(LEVEL="debug", **{name: value}), with_variables(**{name: "another"}))
    assert sentence(told) == (
        f"The value of `{name}` in container `app` looks like a credential, and who may describe the definition can"
        f" read it: `--secret app:{name}=arn:aws:...` keeps it out."
    )


def test_an_ordinary_value_is_not_told_of() -> None:
    assert check_plain(with_variables(TOKEN_URL="https://login.example.com", LEVEL="debug"), None) == ()


@pytest.mark.parametrize("place", ["${DB_PASSWORD}", "{{ DB_PASSWORD }}", "<DB_PASSWORD>"])
def test_a_place_of_a_template_is_no_credential(place: str) -> None:
    assert check_plain(with_variables(DB_PASSWORD=place), None) == ()


def test_what_stood_there_before_is_not_told_of() -> None:
    same = with_variables(DB_PASSWORD="hunter-9z8y7x6w5v")
    assert check_plain(same, same) == ()
    assert len(check_plain(same, None)) == 1
