"""An edit of a command, a size or a role changes that member, where it is meant, and nothing else."""

import pytest

from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import Edit, KeepVariables, SetMember, SetTaskMember, SetVariable
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import sentence
from ecsdeploy.plan.containers import meant_one
from ecsdeploy.plan.revise import revise
from tests.unit.plan.builders import container, definition_of, set_image

ROLE = "arn:aws:iam::111122223333:role/team"


def variables(**values: str) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def app(**members: object) -> dict[str, object]:
    return container("app", "app:1", **members)


def side(**members: object) -> dict[str, object]:
    return container("side", "side:1", essential=False, **members)


def edited(definition: TaskDefinition, *edits: Edit) -> list[dict[str, object]]:
    return [dict(each.payload) for each in revise(definition, edits).definition.containers]


def said(definition: TaskDefinition, *edits: Edit) -> list[str]:
    return [sentence(each) for each in revise(definition, edits).findings]


def refused(definition: TaskDefinition, *edits: Edit) -> str:
    with pytest.raises(UsageError) as caught:
        revise(definition, edits)
    return f"{caught.value.message} {caught.value.hint}"


def test_a_member_is_set_in_the_container_that_is_meant() -> None:
    both = definition_of(app(command=["old"], later={"unknown": True}), side())
    assert edited(both, SetMember(member="command", value=("sh", "-c", "exit 0"))) == [
        app(command=["sh", "-c", "exit 0"], later={"unknown": True}),
        side(),
    ]
    assert edited(both, SetMember(member="cpu", value=256, container="side"))[1] == side(cpu=256)
    assert [each["memory"] for each in edited(both, SetMember(member="memory", value=64, container="*"))] == [64, 64]


def test_a_member_without_a_value_is_removed() -> None:
    unset = SetMember(member="entryPoint", value=None)
    assert edited(definition_of(app(entryPoint=["/bin/sh"])), unset) == [app()]
    assert said(definition_of(app()), unset) == ["The option `--entrypoint` changes nothing in container `app`."]


@pytest.mark.parametrize(
    ("edit", "option"),
    [
        (SetMember(member="command", value=("serve",)), "--command"),
        (SetMember(member="cpu", value=256, container="app"), "--cpu"),
    ],
    ids=["words", "a size"],
)
def test_an_edit_that_changes_nothing_says_so(edit: SetMember, option: str) -> None:
    same = definition_of(app(command=["serve"], cpu=256), side())
    assert edited(same, edit) == [app(command=["serve"], cpu=256), side()]
    assert said(same, edit) == [f"The option `{option}` changes nothing in container `app`."]


def test_every_edit_says_how_to_name_a_container() -> None:
    both = definition_of(app(), container("web", "web:1"))
    assert refused(both, SetMember(member="cpu", value=256)) == (
        "The task definition `web` has several essential containers, and `--cpu` names none. Write `--cpu app=...` or"
        " `--cpu web=...`, or `--cpu *=...` for all. Nothing was registered."
    )
    assert refused(both, KeepVariables(given=())) == (
        "The task definition `web` has several essential containers, and `--replace-env` names none. Write"
        " `--replace-env app` or `--replace-env web`, or `--replace-env *` for all. Nothing was registered."
    )
    assert refused(definition_of(), SetMember(member="cpu", value=256, container="ap")) == (
        "No container is called `ap` in the task definition `web`. It has no container. Nothing was registered."
    )
    with pytest.raises(UsageError) as caught:
        meant_one(both, "ap", "the command line", "{}", nothing="Nothing was opened.")
    assert caught.value.hint == "Did you mean `app`? It has `app`, `web`. Nothing was opened."
    unknown = "No container is called `ap` in the task definition `web`. Did you mean `app`? It has `app`, `web`."
    edits = (SetMember(member="cpu", value=1, container="ap"), KeepVariables(given=(), container="ap"))
    for edit in (*edits, set_image("app:2", "ap")):
        assert refused(both, edit) == f"{unknown} Nothing was registered."


def task(**members: object) -> TaskDefinition:
    return definition_of(app(), **members)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        pytest.param({}, SetTaskMember(member="cpu", value="512"), {"cpu": "512"}, id="a size"),
        pytest.param(
            {"memory": "512", "tags": 1}, SetTaskMember(member="memory", value="1024"), {"memory": "1024", "tags": 1},
            id="another size",
        ),
        pytest.param({}, SetTaskMember(member="taskRoleArn", value=ROLE), {"taskRoleArn": ROLE}, id="an ARN"),
        pytest.param({}, SetTaskMember(member="taskRoleArn", value="team"), {"taskRoleArn": ROLE}, id="a name"),
        pytest.param({"executionRoleArn": ROLE}, SetTaskMember(member="executionRoleArn", value=None), {}, id="none"),
    ],
)  # fmt: skip
def test_a_member_of_the_task_is_set(before: dict[str, object], edit: SetTaskMember, after: dict[str, object]) -> None:
    revised = revise(task(**before), (edit,))
    assert (revised.definition, revised.findings) == (task(**after), ())


def test_a_role_by_name_stays_one_where_no_account_is_known() -> None:
    file = TaskDefinition(payload={"family": "web", "containerDefinitions": [app()]})
    revised = revise(file, (SetTaskMember(member="taskRoleArn", value="team"),)).definition
    assert revised.payload["taskRoleArn"] == "team"


@pytest.mark.parametrize(
    ("before", "edit", "option"),
    [
        ({"cpu": "0.5 vCPU"}, SetTaskMember(member="cpu", value="512"), "--task-cpu"),
        ({"memory": "1024"}, SetTaskMember(member="memory", value="1024"), "--task-memory"),
        ({"taskRoleArn": ROLE}, SetTaskMember(member="taskRoleArn", value="team"), "--task-role"),
        ({}, SetTaskMember(member="executionRoleArn", value=None), "--execution-role"),
    ],
    ids=["in another unit", "the same", "by name", "none"],
)
def test_a_member_of_the_task_that_is_so_already_says_so(
    before: dict[str, object], edit: SetTaskMember, option: str
) -> None:
    assert said(task(**before), edit) == [f"The option `{option}` changes nothing in the task."]


def replaced(*given: tuple[str, str], container: str = "") -> tuple[Edit, ...]:
    return (
        *(SetVariable(name=name, value="new", container=where) for where, name in given),
        KeepVariables(given=given, container=container),
    )


def test_only_what_is_given_stays() -> None:
    both = definition_of(app(environment=variables(A="1", B="2", C="3")), side(environment=variables(A="1")))
    assert edited(both, *replaced(("", "B"), ("app", "D"))) == [
        app(environment=variables(B="new", D="new")),
        side(environment=variables(A="1")),
    ]
    assert edited(both, *replaced(("side", "Z"), ("*", "C"), container="*")) == [
        app(environment=variables(C="new")),
        side(environment=variables(Z="new", C="new")),
    ]
    assert edited(both, *replaced()) == [app(environment=[]), side(environment=variables(A="1"))]


def test_secrets_stay_where_variables_are_replaced() -> None:
    secrets = [{"name": "KEY", "valueFrom": "/key"}]
    assert edited(definition_of(app(environment=variables(A="1"), secrets=secrets)), *replaced()) == [
        app(environment=[], secrets=secrets)
    ]


def test_a_replacement_that_removes_nothing_says_so() -> None:
    assert said(definition_of(app(environment=variables(A="1"))), *replaced(("", "A"))) == [
        "The option `--replace-env` changes nothing in container `app`."
    ]
    assert edited(definition_of(app()), *replaced()) == [app()]
