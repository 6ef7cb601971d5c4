"""What is not there blocks a release, unless the running revision has it too."""

from dataclasses import replace

from ecsdeploy.model.surroundings import Resource, ResourceType
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.existence import check_existence
from tests.unit.plan.attempts import attempt, known
from tests.unit.plan.builders import container, definition_of


def _with(*parameters: str) -> TaskDefinition:
    secrets = [{"name": each, "valueFrom": f"/{each}"} for each in parameters]
    return definition_of(container("app", "app:1", secrets=secrets))


def _gone(*parameters: str) -> dict[Resource, bool]:
    return {Resource(type=ResourceType.PARAMETER, name=f"/{each}", region="eu-west-1"): False for each in parameters}


def test_p03_what_the_running_revision_has_too_never_blocks() -> None:
    going = replace(attempt(definition=_with("a", "b")), running=_with("a"))
    findings = list(check_existence(going, known(resources=_gone("a", "b"))))
    assert [(each.code, each.subjects, each.blocking) for each in findings] == [
        ("C-PARAMETER-MISSING", ("/b",), True),
        ("C-PARAMETER-MISSING", ("/a",), False),
    ]


def test_p03_without_a_running_revision_all_that_is_missing_blocks() -> None:
    (found,) = check_existence(attempt(definition=_with("a")), known(resources=_gone("a")))
    assert found.blocking
