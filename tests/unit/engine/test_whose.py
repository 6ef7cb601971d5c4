"""Whose the deployment is that took the place of ours, or is in its way."""

import pytest

from ecsdeploy.engine.others import other_of
from ecsdeploy.errors import AccessDenied, Terminated
from ecsdeploy.model.outcome import Status
from tests.unit.engine.happenings import goes_on, started
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of

THEIRS = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:9"
WHO = "arn:aws:sts::111122223333:assumed-role/deployer/ci"


def superseded() -> ScriptedPlane:
    """Somebody deploys another revision while ours is under way."""
    plane = ScriptedPlane(courses=[[goes_on, started("ecs-svc/9", THEIRS)]])
    plane.keep(definition_of(container("app", "acme/app:9"), taskDefinitionArn=THEIRS, revision=9, registeredBy=WHO))
    return plane


def test_m04_who_superseded_ours_is_told_with_images_and_caller() -> None:
    ran = run(superseded())
    other = ran.outcome.other
    assert ran.status is Status.SUPERSEDED
    assert other is not None
    assert (other.deployment_id, other.revision, other.registered_by) == ("ecs-svc/9", THEIRS, WHO)
    assert dict(other.images) == {"app": "acme/app:9"}


@pytest.mark.parametrize(("call", "revision"), [("definition", REVISION(1)), ("service", "")])
def test_m04_what_may_not_be_read_of_it_is_left_out(call: str, revision: str) -> None:
    plane = ScriptedPlane()
    plane.fail(call, AccessDenied("No."), times=ALWAYS)
    found = other_of(plane, plane.clock, WEB, plane.now.deployments[0].id)
    assert (found.revision if found else "") == revision
    assert other_of(plane, plane.clock, WEB, "ecs-svc/elsewhere") is None


def test_m04_a_signal_while_that_is_read_ends_the_reading_and_leaves_the_verdict() -> None:
    calm = superseded()
    run(calm)
    plane = superseded()
    plane.fail("definition", Terminated(), after=calm.made("definition") - 1, times=ALWAYS)
    ran = run(plane)
    assert ran.status is Status.SUPERSEDED
    assert ran.outcome.other is None
    assert plane.made("definition") == calm.made("definition")
