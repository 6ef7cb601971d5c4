"""A JSON Patch changes what its paths name, by number or by name; one that fails says which operation, and where."""

from collections.abc import Mapping

import pytest

from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import Patch
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks import sentence
from ecsdeploy.plan.revise import Revised, revise
from tests.unit.plan.builders import FAMILY_ARN, container, definition_of

APP = container(
    "app",
    "app:1",
    environment=[{"name": "LEVEL", "value": "hunter2"}, {"name": "A/B~C", "value": "1"}],
    mountPoints=[{"sourceVolume": "data"}],
)
BEFORE = definition_of(APP, container("side", "side:1"), volumes=[{"name": "data"}], cpu="256")


def operation(op: str, path: str, **members: object) -> Mapping[str, object]:
    return {"op": op, "path": path, **members}


def patched(*operations: Mapping[str, object]) -> Revised:
    return revise(BEFORE, (Patch(operations=operations),))


def payload(*operations: Mapping[str, object]) -> Mapping[str, object]:
    return patched(*operations).definition.payload


def app(*operations: Mapping[str, object]) -> Mapping[str, object]:
    return patched(*operations).definition.containers[0].payload


@pytest.mark.parametrize("name", ["app", "0"], ids=["by name", "by number"])
def test_a_member_of_a_container_is_set(name: str) -> None:
    found = app(operation("add", f"/containerDefinitions/{name}/readonlyRootFilesystem", value=True))
    assert found == APP | {"readonlyRootFilesystem": True}


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (operation("replace", "/containerDefinitions/app/environment/LEVEL/value", value="debug"), "debug"),
        (operation("replace", "/containerDefinitions/app/environment/A~1B~0C/value", value="2"), "hunter2"),
        (operation("replace", "/containerDefinitions/app/environment/0", value={"name": "L", "value": "n"}), "n"),
    ],
    ids=["by name", "a name with a slash", "by number"],
)
def test_a_variable_is_named(wanted: Mapping[str, object], value: str) -> None:
    found = app(wanted)["environment"]
    assert isinstance(found, list)
    assert found[0]["value"] == value
    assert len(found) == 2


def test_a_name_may_have_any_character() -> None:
    labels = operation("add", "/containerDefinitions/app/dockerLabels", value={"a/b~c": "1"})
    changed = operation("replace", "/containerDefinitions/app/dockerLabels/a~1b~0c", value="2")
    assert app(labels, changed)["dockerLabels"] == {"a/b~c": "2"}


def test_lists_grow_shrink_and_move() -> None:
    assert payload(operation("add", "/volumes/-", value={"name": "more"}))["volumes"] == [
        {"name": "data"},
        {"name": "more"},
    ]
    assert payload(operation("remove", "/volumes/data"))["volumes"] == []
    copied = operation("copy", "/containerDefinitions/side/cpu", **{"from": "/cpu"})
    moved = operation("move", "/memory", **{"from": "/containerDefinitions/side/cpu"})
    found = payload(copied, moved)
    assert (found["memory"], found["cpu"]) == ("256", "256")
    assert "cpu" not in patched(copied, moved).definition.containers[1].payload


def test_what_a_patch_does_not_name_stays_and_nothing_given_is_written_to() -> None:
    revised = patched(operation("test", "/cpu", value="256"), operation("replace", "/cpu", value="512"))
    assert revised.definition.payload == {**BEFORE.payload, "cpu": "512"}
    assert revised.definition.arn == f"{FAMILY_ARN}:1"
    assert BEFORE.payload["cpu"] == "256"
    assert revised.findings == ()


def test_a_patch_that_changes_nothing_says_so() -> None:
    (told,) = patched(operation("test", "/cpu", value="256")).findings
    assert sentence(told) == "The option `--patch` changes nothing in the definition."


NOWHERE = "where the definition has nothing that it could be made on."
FAILS = [
    pytest.param(
        operation("replace", "/containerDefinitions/ap/cpu", value=1),
        f"`replace` at `/containerDefinitions/ap/cpu`, {NOWHERE} Did you mean `app`?",
        id="a container",
    ),
    pytest.param(
        operation("remove", "/containerDefinitions/app/environment/LEVL"),
        f"`remove` at `/containerDefinitions/app/environment/LEVL`, {NOWHERE} Did you mean `LEVEL`?",
        id="a variable",
    ),
    pytest.param(
        operation("replace", "/cpuu", value="1"), f"`replace` at `/cpuu`, {NOWHERE} Did you mean `cpu`?", id="a member"
    ),
    pytest.param(operation("remove", "/revision"), f"`remove` at `/revision`, {NOWHERE}", id="what ECS adds"),
    pytest.param(operation("add", "/volumes/7", value={}), f"`add` at `/volumes/7`, {NOWHERE}", id="a number too high"),
    pytest.param(
        operation("add", "/volumes/x", value={}), f"`add` at `/volumes/x`, {NOWHERE}", id="a new name in a list"
    ),
    pytest.param(
        operation("remove", "/volumes/1"), f"`remove` at `/volumes/1`, {NOWHERE}", id="the number after the last"
    ),
    pytest.param(
        operation("add", "/containerDefinitions/ap/cpu", value=1),
        f"`add` at `/containerDefinitions/ap/cpu`, {NOWHERE} Did you mean `app`?",
        id="a member of no container",
    ),
    pytest.param(
        operation("move", "/containerDefinitions/ap/memory", **{"from": "/cpuu"}),
        f"`move` at `/containerDefinitions/ap/memory`, {NOWHERE} Did you mean `cpu`?",
        id="from nowhere to nowhere",
    ),
    pytest.param(operation("add", "/a/b/c", value={}), f"`add` at `/a/b/c`, {NOWHERE}", id="no parent"),
    pytest.param(operation("replace", "/cpu/x", value=1), f"`replace` at `/cpu/x`, {NOWHERE}", id="inside a text"),
    pytest.param(
        operation("copy", "/memory", **{"from": "/cpuu"}),
        f"`copy` at `/memory`, {NOWHERE} Did you mean `cpu`?",
        id="from",
    ),
    pytest.param(
        operation("test", "/containerDefinitions/app/environment/LEVEL/value", value="x"),
        "`test` at `/containerDefinitions/app/environment/LEVEL/value`, where the value there is another one.",
        id="a test",
    ),
    pytest.param(operation("test", "/nothing", value=1), f"`test` at `/nothing`, {NOWHERE}", id="a test of nothing"),
    pytest.param(operation("test", "/cpu/x", value=1), f"`test` at `/cpu/x`, {NOWHERE}", id="a test inside a text"),
    pytest.param(
        operation("remove", "/containerDefinitions/0/imag"),
        f"`remove` at `/containerDefinitions/0/imag`, {NOWHERE} Did you mean `image`?",
        id="a member of a container by number",
    ),
    pytest.param(
        operation("remove", "/containerDefinitions/app/mountPoints/logs"),
        f"`remove` at `/containerDefinitions/app/mountPoints/logs`, {NOWHERE}",
        id="a name where nothing has one",
    ),
]


@pytest.mark.parametrize(("wanted", "said"), FAILS)
def test_an_operation_that_fails_is_named_with_its_path_and_no_value(wanted: Mapping[str, object], said: str) -> None:
    with pytest.raises(Refused) as caught:
        patched(operation("test", "/cpu", value="256"), wanted)
    told = f"{caught.value.message} {caught.value.hint}"
    assert told == f"Operation 2 of `--patch` fails: {said} Nothing was registered."
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "wanted",
    [
        operation("replace", "/containerDefinitions", value={"app": {}}),
        operation("replace", "/containerDefinitions", value=["app"]),
        operation("remove", "/containerDefinitions"),
        operation("replace", "", value=[]),
    ],
    ids=["an object", "texts", "gone", "all of it"],
)
def test_containers_stay_a_list_of_objects(wanted: Mapping[str, object]) -> None:
    with pytest.raises(Refused) as caught:
        patched(wanted)
    assert caught.value.message == "`--patch` leaves a definition whose `containerDefinitions` are no list of objects."
    assert caught.value.hint == "Correct the patch. Nothing was registered."


def test_a_definition_of_a_file_is_patched_too() -> None:
    file = TaskDefinition(payload={"family": "web", "containerDefinitions": [APP]})
    revised = revise(file, (Patch(operations=(operation("add", "/cpu", value="512"),)),)).definition
    assert revised.payload == {**file.payload, "cpu": "512"}


def test_a_representation_shows_no_value() -> None:
    assert "hunter2" not in repr(Patch(operations=(operation("add", "/cpu", value="hunter2"),)))
