"""What one wave of tasks missed is asked for: only an answer confirms that it is not there."""

import pytest

from ecsdeploy.engine.follow.confirm import Confirmation
from ecsdeploy.errors import AccessDenied, CredentialsError, EcsDeployError, Unreachable
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import logging
from tests.unit.engine.world import ScriptedPlane

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:2"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
KNOWN = TaskDefinition(
    payload={
        "executionRoleArn": "arn:aws:iam::111122223333:role/execution",
        "containerDefinitions": [
            {
                "name": "app",
                "image": IMAGE,
                "logConfiguration": logging(),
                "secrets": [{"name": "A", "valueFrom": SECRET}, {"name": "B", "valueFrom": "/web/key"}],
            },
            {"name": "queue", "image": "acme/queue:2"},
        ],
    }
)
NEEDS = {
    "E-IMAGE-NOT-FOUND": ("images", "2"),
    "E-DIGEST-NOT-FOUND": ("images", "2"),
    "E-PULL-DENIED": ("images", "2"),
    "E-SECRET-NOT-FOUND": ("secret", SECRET),
    "E-PARAMETER-NOT-FOUND": ("parameters", "/web/key"),
    "E-LOG-GROUP-NOT-FOUND": ("log_group", "/ecs/web"),
    "E-REGISTRY-AUTH": ("role", "execution"),
    "E-SECRET": ("role", "execution"),
    "E-LOG-DENIED": ("role", "execution"),
}


def is_confirmed(plane: ScriptedPlane, code: str, container: str = "app") -> bool:
    suspect = (code, container)
    found = Confirmation(plane=plane, clock=plane.clock, definition=KNOWN, service=plane.now).confirmed(
        frozenset({suspect})
    )
    return found == {suspect}


@pytest.mark.parametrize(("code", "call", "name"), [(code, *need) for code, need in NEEDS.items()], ids=NEEDS)
def test_t01_only_the_answer_that_it_is_not_there_confirms(code: str, call: str, name: str) -> None:
    plane = ScriptedPlane()
    assert not is_confirmed(plane, code)
    plane.surroundings.gone = frozenset({name})
    assert is_confirmed(plane, code)
    assert {each[0] for each in plane.surroundings.calls} == {call}
    errors: tuple[EcsDeployError, ...] = (AccessDenied("No."), Unreachable("No answer."))
    for error in errors:
        plane.surroundings.fails = {call: error}
        assert not is_confirmed(plane, code)


def test_t01_what_nobody_can_be_asked_is_not_confirmed() -> None:
    plane = ScriptedPlane()
    plane.surroundings.gone = frozenset({"2", "execution"})
    assert not is_confirmed(plane, "E-IMAGE-NOT-FOUND", "queue")
    assert not is_confirmed(plane, "E-IMAGE-NOT-FOUND", "")
    assert not is_confirmed(plane, "E-EXEC-FORMAT")
    assert plane.surroundings.calls == []


def test_t10_credentials_that_are_gone_are_no_matter_of_this_read_alone() -> None:
    plane = ScriptedPlane()
    plane.surroundings.fails = {"role": CredentialsError("Expired.")}
    with pytest.raises(CredentialsError):
        is_confirmed(plane, "E-SECRET")
