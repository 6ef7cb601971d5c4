"""The reply to our update is a reply like any other: what it shows is ours only if it can be."""

from dataclasses import replace

import pytest

from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.happenings import completes, goes_on, started
from tests.unit.engine.lost_writes import THEIRS, nothing_of_ours_is_listed, others_have_deployed, recorded
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, OUR_ID, old

ANOTHERS = "ecs-svc/7000000000000000007"


def as_before(service: Service) -> Service:
    """A stale view: our write is not in it."""
    return replace(service, deployments=(old(status="PRIMARY"),), task_definition=REVISION(1))


def superseded(service: Service) -> Service:
    """Others have deployed between our write and its reply; ours is listed beside theirs."""
    return started(FOREIGN_ID, REVISION(9))(service)


@pytest.mark.parametrize("asked", [RELEASE, FORCED], ids=["release", "forced"])
def test_t05_a_reply_that_shows_what_was_there_before_is_not_taken_for_ours(asked: object) -> None:
    plane = ScriptedPlane(courses=[[goes_on, completes]], replies=[as_before])
    ran = run(plane, asked)  # type: ignore[arg-type]
    assert (ran.status, len(plane.updates)) == (Status.SUCCEEDED, 1)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id != old().id


def test_t05_a_reply_that_shows_anothers_deployment_does_not_make_it_ours() -> None:
    plane = ScriptedPlane(courses=[[superseded]], replies=[superseded])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.by, len(plane.updates)) == (Status.SUPERSEDED, FOREIGN_ID, 1)
    assert ran.outcome.deployment_id not in ("", FOREIGN_ID)


def test_t05_a_reply_without_a_primary_deployment_is_settled_by_a_look() -> None:
    plane = ScriptedPlane(courses=[[goes_on, completes]], replies=[lambda now: replace(now, deployments=())])
    assert (run(plane).status, len(plane.updates)) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize(
    ("records", "status"),
    [
        pytest.param((THEIRS, recorded(OUR_ID, 2, 30, "STOPPED")), Status.SUPERSEDED, id="recorded"),
        pytest.param((THEIRS,), Status.UNKNOWN, id="not recorded"),
        pytest.param((), Status.UNKNOWN, id="nothing is"),
    ],
)
def test_t05_an_update_that_was_accepted_is_never_called_not_made(
    records: tuple[PastDeployment, ...], status: Status
) -> None:
    plane = ScriptedPlane(past=records, courses=[[others_have_deployed]], replies=[others_have_deployed])
    ran = run(plane)
    assert (ran.status, len(plane.updates)) == (status, 1)


def test_t05_an_update_that_was_accepted_is_not_sent_again_where_nothing_shows_it() -> None:
    plane = ScriptedPlane(courses=[[nothing_of_ours_is_listed]], replies=[as_before])
    ran = run(plane)
    assert (ran.status, len(plane.updates)) == (Status.UNKNOWN, 1)
