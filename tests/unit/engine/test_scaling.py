"""A count that somebody else changes between the plan and our write stays as they set it."""

from dataclasses import replace

from ecsdeploy.engine.upkeep.scale import ScaleCommand
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.scaling import ScaleRequest
from tests.unit.engine.runs import a_run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.builders import WEB


def test_a_count_that_somebody_has_set_since_the_plan_is_left_alone() -> None:
    plane = ScriptedPlane()
    command = ScaleCommand(run=a_run(plane, plane.clock), request=ScaleRequest(service=WEB, count=2, relative=True))
    planned = command.plan()
    plane.now = replace(plane.now, desired=9)
    (ended,) = command.scale(planned)
    assert (ended.kind, ended.status, plane.writes) == ("ended", Status.SUPERSEDED, [])
    assert ended.text == "Somebody else, or auto scaling, has set 9 tasks since we looked. Nothing was changed."
