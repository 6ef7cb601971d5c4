"""A service that took long to plan for is looked at again before it is changed."""

from dataclasses import replace

from ecsdeploy.errors import (
    Throttled,
)
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import IfBusy
from tests.unit.engine.happenings import TAKEN_OVER, completes
from tests.unit.engine.runs import RELEASE, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID


def test_f32_a_service_that_took_long_to_plan_is_looked_at_again_before_it_is_changed() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    plane.meanwhile["register"] = TAKEN_OVER
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.made("update_service")) == (Status.BUSY, FOREIGN_ID, 0)


def test_f32_what_began_while_we_registered_is_superseded_where_that_was_asked_for() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    plane.meanwhile["register"] = TAKEN_OVER
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.SUPERSEDE))
    assert ran.status is Status.SUCCEEDED
    assert any(each.startswith(f"W-SUPERSEDES {FOREIGN_ID}") for each in ran.outcome.warnings)


def test_f03_where_nobody_deployed_while_we_registered_it_goes_on() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Too many attempts."), times=5)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ())
