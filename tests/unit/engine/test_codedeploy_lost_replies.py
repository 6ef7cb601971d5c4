"""A request to CodeDeploy whose reply was lost leads to one deployment at most, and never over somebody else's."""

from datetime import timedelta

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, AwsRefused, ReplyLost, Throttled
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service
from tests.unit.engine.codedeploy_planes import APPSPEC, a_plane, released_before
from tests.unit.engine.codedeployed import (
    ROUTE,
    begins,
    fails,
    shifts,
    stops,
    succeeds,
)
from tests.unit.engine.happenings import Happening
from tests.unit.engine.runs import WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane


@pytest.mark.parametrize("applied", [True, False])
def test_f46_a_lost_reply_leads_to_exactly_one_deployment(applied: bool) -> None:
    plane = a_plane([begins, succeeds], [begins, succeeds])
    released_before(plane, "Succeeded")
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=applied)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-2")
    assert len(plane.codedeploy.created) == 1


def test_f46_a_deployment_that_is_listed_late_is_not_made_twice() -> None:
    plane = a_plane([begins, succeeds])
    plane.codedeploy.unlisted = 5
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.create", AwsRefused("The group already has an active deployment."))
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, len(plane.codedeploy.created)) == (Status.SUCCEEDED, "d-1", 1)


def test_f46_a_request_that_is_lost_twice_leads_to_exactly_one_deployment() -> None:
    plane = a_plane([begins, succeeds])
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, len(plane.codedeploy.created)) == (Status.SUCCEEDED, "d-1", 1)


def test_f46_the_rollback_of_ours_is_not_taken_for_ours_after_a_lost_reply() -> None:
    plane = a_plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.meanwhile["codedeploy.deployments"] = _is_taken_back(plane)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")


def test_f46_an_older_deployment_is_not_taken_for_ours_after_a_lost_reply() -> None:
    plane = a_plane([begins, succeeds])
    released_before(plane, "Succeeded", "Succeeded")
    newest = plane.codedeploy.there["d-2"].created_at
    plane.codedeploy.change("d-1", appspec_hash="another", created_at=newest and newest - timedelta(milliseconds=1))
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    assert run(plane).status is Status.SUCCEEDED


@pytest.mark.parametrize("ended", ["Succeeded", "InProgress"])
def test_f46_a_lost_request_is_not_sent_again_over_what_others_have_released_since(ended: str) -> None:
    plane = a_plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.meanwhile["codedeploy.deployments"] = _theirs(plane, ended)
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.codedeploy.created) == (Status.BUSY, "d-1", [])
    assert plane.made("codedeploy.create") == 1


def test_f46_a_second_request_that_others_were_faster_than_is_busy() -> None:
    plane = a_plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.fail("codedeploy.create", AwsRefused("The group already has an active deployment."))
    plane.meanwhile["codedeploy.create"] = _theirs(plane, "InProgress")
    plane.codedeploy.unlisted = 5
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.codedeploy.created) == (Status.BUSY, "d-1", [])


@pytest.mark.parametrize("error", [AwsRefused("The group is at work."), Throttled("Slow down."), AccessDenied("No.")])
def test_f46_however_a_second_request_ends_the_first_one_may_have_been_carried_out(error: AwsError) -> None:
    plane = a_plane()
    plane.codedeploy.unlisted = 99
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.create", error, times=ALWAYS)
    ran = run(plane)
    assert (ran.status, len(plane.codedeploy.created)) == (Status.UNKNOWN, 1)
    assert isinstance(ran.error, ReplyLost)


def test_f46_a_write_that_stays_lost_is_unknown() -> None:
    plane = a_plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.deployments", AwsRefused("No."))
    ran = run(plane, WITH_ROLLBACK)
    assert isinstance(ran.error, ReplyLost)
    assert ran.status is Status.UNKNOWN
    assert not plane.made("codedeploy.stop")


def test_f46_a_throttled_write_is_sent_again() -> None:
    plane = a_plane([succeeds])
    plane.fail("codedeploy.create", Throttled("Slowly."))
    assert run(plane).status is Status.SUCCEEDED


def test_f46_a_lost_request_to_go_back_is_not_sent_again_over_what_others_have_released_since() -> None:
    plane = a_plane([begins, shifts, fails])
    plane.fail("codedeploy.create", ReplyLost("Lost."), after=1)
    plane.meanwhile["codedeploy.deployments"] = _theirs(plane, "Succeeded")
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback, plane.made("codedeploy.create")) == (Status.FAILED, None, 2)
    assert ran.outcome.warnings == (f"W-NOT-OURS d-2 {ROUTE}",)


def _is_taken_back(plane: ScriptedPlane) -> Happening:
    """Somebody stops ours, and CodeDeploy is done with the rollback, which it lists with the same AppSpec."""

    def happen(service: Service) -> Service:
        there = plane.codedeploy
        stops(there, "d-1")
        back = there.keep(there.created[0], "Succeeded", creator="codeDeployRollback")
        there.change(back, rolls_back="d-1")
        there.change("d-1", rollback_id=back)
        return service

    return happen


def _theirs(plane: ScriptedPlane, status: str) -> Happening:
    """Somebody else releases through the group."""

    def happen(service: Service) -> Service:
        plane.codedeploy.keep(APPSPEC, status)
        return service

    return happen
