"""An edit of a variable or a secret changes that one, in the containers that it means, and nothing else."""

import pytest

from ecsdeploy.errors import Refused, UsageError
from ecsdeploy.model.edits import Edit, SetSecret, SetVariable, UnsetSecret, UnsetVariable
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import sentence
from ecsdeploy.plan.revise import revise
from tests.unit.plan.builders import container, definition_of, set_image

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-AbCdEf"
PAIRS = {"A": "1", "B": "2"}


def variables(**values: str) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def app(**members: object) -> dict[str, object]:
    return container("app", "app:1", environment=variables(**PAIRS), **members)


def side(**members: object) -> dict[str, object]:
    return container("side", "side:1", essential=False, **members)


def edited(definition: TaskDefinition, *edits: Edit) -> list[dict[str, object]]:
    return [dict(each.payload) for each in revise(definition, edits).definition.containers]


def said(definition: TaskDefinition, *edits: Edit) -> list[str]:
    return [sentence(each) for each in revise(definition, edits).findings]


def refused(definition: TaskDefinition, *edits: Edit) -> str:
    with pytest.raises((Refused, UsageError)) as caught:
        revise(definition, edits)
    return f"{type(caught.value).__name__}: {caught.value.message} {caught.value.hint}"


def env(name: str, value: str = "3", container: str = "") -> SetVariable:
    return SetVariable(name=name, value=value, container=container)


def test_a_variable_keeps_its_place_and_a_new_one_comes_last() -> None:
    (found,) = edited(definition_of(app()), env("A", "3"), env("C", "4"))
    assert found == app() | {"environment": variables(A="3", B="2", C="4")}


def test_what_else_an_entry_says_stays() -> None:
    entry = {"name": "A", "value": "1", "later": {"unknown": True}}
    (found,) = edited(definition_of(container("app", "app:1", environment=[entry])), env("A", "3"))
    assert found["environment"] == [{"name": "A", "value": "3", "later": {"unknown": True}}]


def test_a_container_without_variables_gets_a_list_of_them() -> None:
    (found,) = edited(definition_of(container("app", "app:1", environment=None)), env("A", ""))
    assert found["environment"] == [{"name": "A", "value": ""}]


def test_a_variable_is_taken_away() -> None:
    (found,) = edited(definition_of(app()), UnsetVariable(name="A"))
    assert found == app() | {"environment": variables(B="2")}


def test_a_plain_variable_moves_to_the_secrets() -> None:
    (found,) = edited(definition_of(app()), SetSecret(name="A", source=ARN))
    assert found == app() | {"environment": variables(B="2"), "secrets": [{"name": "A", "valueFrom": ARN}]}


def test_a_secret_moves_to_the_plain_variables_when_it_is_unset() -> None:
    (found,) = edited(
        definition_of(app(secrets=[{"name": "KEY", "valueFrom": ARN}])), UnsetSecret(name="KEY"), env("KEY")
    )
    assert found == app() | {"environment": variables(A="1", B="2", KEY="3"), "secrets": []}


def test_a_secret_is_pointed_elsewhere() -> None:
    stored = [{"name": "KEY", "valueFrom": "/old"}, {"name": "OTHER", "valueFrom": "/other"}]
    (found,) = edited(definition_of(app(secrets=stored)), SetSecret(name="KEY", source=ARN))
    assert found["secrets"] == [{"name": "KEY", "valueFrom": ARN}, {"name": "OTHER", "valueFrom": "/other"}]
    assert found["environment"] == variables(**PAIRS)


def test_edits_go_together_with_an_image() -> None:
    (found,) = edited(definition_of(app()), set_image("app:2"), env("A"))
    assert found == app() | {"image": "app:2", "environment": variables(A="3", B="2")}


def test_without_a_container_the_only_essential_one_is_meant() -> None:
    assert edited(definition_of(side(), app()), env("A")) == [
        side(),
        app() | {"environment": variables(A="3", B="2")},
    ]


def test_the_only_container_is_meant_also_where_it_is_not_essential() -> None:
    assert edited(definition_of(side()), env("A")) == [side() | {"environment": variables(A="3")}]


def test_a_named_container_is_meant() -> None:
    assert edited(definition_of(app(), side()), env("A", container="side")) == [
        app(),
        side() | {"environment": variables(A="3")},
    ]


def test_a_star_means_all_containers() -> None:
    assert edited(definition_of(app(), side()), env("A", container="*")) == [
        app() | {"environment": variables(A="3", B="2")},
        side() | {"environment": variables(A="3")},
    ]


def test_a_star_takes_away_where_it_is() -> None:
    assert edited(definition_of(app(), side()), UnsetVariable(name="A", container="*")) == [
        app() | {"environment": variables(B="2")},
        side(),
    ]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(
            env("X"),
            "UsageError: The task definition `web` has several essential containers, and the edit of `X` names none."
            " Write `app:X` or `web:X`, or `*:X` for all. Nothing was registered.",
            id="several",
        ),
        pytest.param(
            env("X", container="ap"),
            "UsageError: No container is called `ap` in the task definition `web`. Did you mean `app`? It has `app`,"
            " `web`. Nothing was registered.",
            id="another",
        ),
        pytest.param(
            env("KEY", container="app"),
            "Refused: The variable `KEY` of container `app` stands among its secrets. Take it from there first, with"
            " `--unset-secret app:KEY`. Nothing was registered.",
            id="a secret",
        ),
        pytest.param(
            UnsetVariable(name="LEVL", container="app"),
            "Refused: The container `app` has no variable `LEVL`. Did you mean `LEVEL`? Nothing was registered.",
            id="no such variable",
        ),
        pytest.param(
            UnsetVariable(name="KEY", container="app"),
            "Refused: The container `app` has no variable `KEY`. It is a secret: `--unset-secret app:KEY` takes it"
            " away. Nothing was registered.",
            id="a secret to unset",
        ),
        pytest.param(
            UnsetSecret(name="LEVEL", container="app"),
            "Refused: The container `app` has no secret `LEVEL`. It is a plain variable: `--unset-env app:LEVEL` takes"
            " it away. Nothing was registered.",
            id="a variable to unset",
        ),
        pytest.param(
            UnsetSecret(name="Z", container="*"),
            "Refused: None of the containers has a secret `Z`. Nothing was registered.",
            id="nowhere",
        ),
    ],
)
def test_what_cannot_be_edited_is_refused(edit: Edit, message: str) -> None:
    both = definition_of(
        container("app", "app:1", environment=variables(LEVEL="1"), secrets=[{"name": "KEY", "valueFrom": "/key"}]),
        container("web", "web:1"),
    )
    assert refused(both, edit) == message


def test_several_containers_of_which_none_is_essential_are_all_named() -> None:
    assert refused(definition_of(side(), {**side(), "name": "other"}), env("X")) == (
        "UsageError: The task definition `web` has no essential container, and the edit of `X` names none."
        " Write `side:X` or `other:X`, or `*:X` for all. Nothing was registered."
    )


@pytest.mark.parametrize("listed", [{"A": "1"}, ["A=1"], "A=1"], ids=["object", "texts", "text"])
def test_a_malformed_list_is_not_replaced(listed: object) -> None:
    assert refused(definition_of(container("app", "app:1", environment=listed)), env("A")) == (
        "Refused: The `environment` of container `app` is no list of objects. Correct it in the definition. Nothing"
        " was registered."
    )


def test_a_value_never_stands_in_an_error() -> None:
    both = definition_of(app(secrets=[{"name": "A", "valueFrom": "/key"}]), container("web", "web:1"))
    for container_named in ("", "app", "nowhere"):
        assert "hunter2" not in refused(both, env("A", "hunter2", container_named))
        assert "hunter2" not in repr(env("A", "hunter2", container_named))


@pytest.mark.parametrize(
    "edit", [env("A", "1"), SetSecret(name="KEY", source=ARN)], ids=lambda edit: type(edit).__name__
)
def test_an_edit_that_changes_nothing_says_so(edit: SetVariable | SetSecret) -> None:
    definition = definition_of(app(secrets=[{"name": "KEY", "valueFrom": ARN}]))
    assert edited(definition, edit) == [app(secrets=[{"name": "KEY", "valueFrom": ARN}])]
    assert said(definition, edit) == [
        f"The edit of `{edit.name}` in container `app` changes nothing: it has that value already."
    ]
