"""What a release would be refused for without a word from AWS, its plan is refused for too."""

import pytest

from ecsdeploy.errors import UsageError
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import Request
from tests.unit.engine.runs import FORCED, REGISTRATION, RELEASE, run
from tests.unit.engine.world import ScriptedPlane


@pytest.mark.parametrize("request_", [RELEASE, REGISTRATION], ids=["release", "registration"])
def test_p01_what_cannot_be_registered_is_refused_before_anything_is_asked_or_written(request_: Request) -> None:
    plane = ScriptedPlane(unusable="`cpu` must be a string")
    ran = run(plane, request_)
    assert isinstance(ran.error, UsageError)
    assert plane.writes == []
    assert ran.told.of(Planned) == []


def test_p01_a_forced_deployment_registers_nothing() -> None:
    assert run(ScriptedPlane(unusable="`cpu` must be a string"), FORCED).error is None
