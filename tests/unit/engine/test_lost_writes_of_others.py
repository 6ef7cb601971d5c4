"""Which of several deployments is ours after a lost reply; others' are neither taken for ours nor overwritten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    CredentialsError,
    ReplyLost,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.events import Concluded
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import DeployRequest, IfBusy, Sizing
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.happenings import completes, fails, goes_on
from tests.unit.engine.lost_writes import (
    FIRST,
    LOST,
    SECOND,
    THEIRS,
    forced_by_others,
    nothing_of_ours_is_listed,
    others_have_deployed,
    recorded,
)
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, NOON, OUR_ID, SERVICE_DEPLOYMENT_ARN, deployed, old


@pytest.mark.parametrize(
    ("listed_since", "revision", "updates"),
    [
        pytest.param(30, 2, 1, id="ours, and over"),
        pytest.param(0, 2, 2, id="an earlier one of that revision"),
        pytest.param(30, 1, 2, id="one of another revision"),
    ],
)
def test_f06_a_deployment_that_is_over_when_it_is_looked_for_is_not_made_twice(
    listed_since: int, revision: int, updates: int
) -> None:
    plane = ScriptedPlane(courses=[[nothing_of_ours_is_listed], [completes]], deployed=deployed("ROLLBACK_SUCCESSFUL"))
    plane.past = (
        PastDeployment(
            arn=SERVICE_DEPLOYMENT_ARN,
            status="ROLLBACK_SUCCESSFUL",
            revision=REVISION(revision),
            deployment_id=OUR_ID,
            created_at=NOON + timedelta(seconds=listed_since),
        ),
    )
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert plane.made("update_service") == updates
    if updates == 1:
        assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, OUR_ID)


def test_f06_without_a_time_nothing_is_taken_for_ours() -> None:
    plane = ScriptedPlane(courses=[[nothing_of_ours_is_listed], [completes]])
    plane.now = replace(plane.now, deployments=(replace(old(status="PRIMARY"), created_at=None),))
    plane.fail("update_service", LOST, applied=True)
    run(plane)
    assert (plane.made("update_service"), plane.made("history")) == (2, 0)


@pytest.mark.parametrize("lists_ours", [True, False], ids=["both listed", "ours is over"])
@pytest.mark.parametrize("readable", [True, False], ids=["records", "no records"])
def test_f31_a_deployment_that_others_forced_of_our_revision_is_not_taken_for_ours(
    lists_ours: bool, readable: bool
) -> None:
    plane = forced_by_others(lists_ours=lists_ours)
    if not readable:
        plane.fail("history", AwsRefused("No."), times=ALWAYS)
    ran = run(plane, WITH_ROLLBACK)
    if lists_ours or readable:
        assert (ran.status, ran.outcome.deployment_id) == (Status.SUPERSEDED, FIRST)
        assert (plane.made("update_service"), plane.made("stop_deployment")) == (1, 0)


def test_f05_of_a_revision_that_stood_before_the_newest_deployment_is_the_forced_one() -> None:
    def forced_twice(service: Service) -> Service:
        earlier = replace(old(status="ACTIVE"), id=FIRST, created_at=NOON)
        ours = replace(earlier, id=SECOND, status="PRIMARY", created_at=NOON + timedelta(seconds=31))
        return replace(service, deployments=(ours, earlier))

    plane = ScriptedPlane(courses=[[forced_twice, completes]])
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane, FORCED)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, SECOND)


@pytest.mark.parametrize("request_", [RELEASE, replace(RELEASE, if_busy=IfBusy.SUPERSEDE)], ids=["fail", "supersede"])
@pytest.mark.parametrize(
    ("records", "status"),
    [
        pytest.param((THEIRS, recorded(OUR_ID, 2, 30, "STOPPED")), Status.SUPERSEDED, id="applied"),
        pytest.param((THEIRS,), Status.BUSY, id="not applied"),
        pytest.param((), Status.UNKNOWN, id="nobody tells"),
    ],
)
def test_f31_a_lost_update_is_not_sent_again_over_what_others_have_deployed_since(
    records: tuple[PastDeployment, ...], status: Status, request_: DeployRequest
) -> None:
    plane = ScriptedPlane(past=records)
    plane.fail("update_service", LOST)
    plane.meanwhile["update_service"] = others_have_deployed
    ran = run(plane, request_)
    assert (ran.status, plane.made("update_service"), plane.updates) == (status, 1, [])
    if status is not Status.UNKNOWN:
        assert ran.outcome.verdict.by == FOREIGN_ID
        assert [each.verdict.status for each in ran.told.of(Concluded)] == [status]


def test_f33_a_lost_rollback_is_not_sent_again_over_what_others_have_deployed_since() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]], past=(THEIRS,))
    plane.fail("update_service", LOST, after=1)

    def meanwhile(service: Service) -> Service:
        plane.meanwhile["update_service"] = others_have_deployed
        return service

    plane.meanwhile["update_service"] = meanwhile
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service"), len(plane.updates)) == (Status.FAILED, 2, 1)
    assert any(each.startswith("W-NOT-OURS") for each in ran.outcome.warnings)


@pytest.mark.parametrize(
    "error",
    [
        Throttled("Slow down."),
        AccessDenied("No."),
        CredentialsError("Expired."),
        Unreachable("Away."),
        AwsRefused("No."),
    ],
    ids=lambda each: type(each).__name__,
)
@pytest.mark.parametrize(
    "request_",
    [RELEASE, replace(RELEASE, edits=(), revision=REVISION(1), sizing=Sizing(desired_count=7))],
    ids=["release", "sizing"],
)
def test_f06_however_a_second_request_ends_the_lost_one_may_have_been_applied(
    error: AwsError, request_: DeployRequest
) -> None:
    plane = ScriptedPlane(courses=[[goes_on]], lag=99)
    plane.fail("update_service", ReplyLost("Lost."), applied=True)
    plane.fail("update_service", error, times=ALWAYS)
    ran = run(plane, request_)
    assert (ran.status, len(plane.updates)) == (Status.UNKNOWN, 1)
