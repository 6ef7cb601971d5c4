"""What runs already is not deployed again where that was asked for."""

from dataclasses import replace

import pytest

from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Deployment
from tests.unit.engine.happenings import completes, goes_on
from tests.unit.engine.others_at_work import busy
from tests.unit.engine.runs import RELEASE, REVISION, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import OUR_ID, old, service_with

SKIPPING = replace(RELEASE, skip_unchanged=True, edits=())


def test_f63_what_runs_already_is_not_deployed_again() -> None:
    plane = ScriptedPlane()
    ran = run(plane, SKIPPING)
    assert (ran.status, plane.writes) == (Status.UNCHANGED, [])


@pytest.mark.parametrize(
    ("now", "status"),
    [
        pytest.param(old(status="PRIMARY"), Status.UNCHANGED, id="all run"),
        pytest.param(replace(old(status="PRIMARY"), pending=1), Status.UNCHANGED, id="and one more starts"),
        pytest.param(old(status="PRIMARY", running=1), Status.SUCCEEDED, id="one is down"),
        pytest.param(old(status="PRIMARY", running=0), Status.SUCCEEDED, id="none runs"),
        pytest.param(old("", status="PRIMARY"), Status.UNCHANGED, id="classic"),
        pytest.param(replace(old("", status="PRIMARY"), pending=1), Status.SUCCEEDED, id="classic, one starts"),
    ],
)
def test_t12_only_what_runs_well_is_unchanged(now: Deployment, status: Status) -> None:
    plane = ScriptedPlane(now=service_with(now), courses=[[completes]])
    assert run(plane, SKIPPING).status is status


def test_f63_without_being_asked_the_same_content_is_deployed_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    assert (run(plane, replace(SKIPPING, skip_unchanged=False)).status, plane.made("register")) == (Status.SUCCEEDED, 1)


def test_f24_a_deployment_of_the_same_content_is_followed() -> None:
    plane = busy(goes_on, completes)
    ran = run(plane, SKIPPING)
    assert (ran.status, ran.outcome.deployment_id, plane.writes) == (Status.SUCCEEDED, OUR_ID, [])
    assert ran.outcome.warnings == (f"W-ATTACHED {OUR_ID}",)


def test_f23_a_revision_that_a_killed_run_left_behind_is_used() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    left = plane.store[REVISION(1)]
    plane.store["web"] = replace(
        left,
        payload={
            **left.payload,
            "taskDefinitionArn": REVISION(2),
            "containerDefinitions": [{**each.payload, "image": "acme/app:2"} for each in left.containers],
        },
    )
    ran = run(plane, replace(RELEASE, skip_unchanged=True))
    assert (ran.status, ran.outcome.to_revision, plane.made("register")) == (Status.SUCCEEDED, REVISION(2), 0)
