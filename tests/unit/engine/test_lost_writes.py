"""A write whose reply was lost is settled by its effect; it is never repeated blindly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    CredentialsError,
    NoSuchResource,
    ReplyLost,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.events import Concluded, RollingBack
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import DeployRequest, FromFile, IfBusy, OnInterrupt, Sizing
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane, completes, fails, goes_on, started
from tests.unit.plan.builders import container, definition_of
from tests.unit.rollout.builders import FOREIGN_ID, NOON, OUR_ID, SERVICE_DEPLOYMENT_ARN, deployed, foreign, old

LOST = ReplyLost("Connection reset.")


@pytest.mark.parametrize(
    ("applied", "calls"), [pytest.param(True, 1, id="applied"), pytest.param(False, 2, id="not applied")]
)
def test_f04_a_lost_registration_makes_one_revision(applied: bool, calls: int) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST, applied=applied)
    ran = run(plane)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))
    assert (plane.made("register"), sorted(plane.store)) == (calls, [REVISION(1), REVISION(2)])


def test_t16_a_lost_registration_whose_sizes_ecs_rewrote_makes_one_revision() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2, cpu="1024"))
    read = definition_of(container("app", "acme/app:1"), taskDefinitionArn="", revision=0, cpu="1 vCPU")
    plane.fail("register", LOST)
    ran = run(plane, replace(RELEASE, base=FromFile(path="web.json", definition=read)))
    assert (plane.made("register"), ran.outcome.to_revision) == (1, REVISION(2))


def test_f04_another_pipelines_revision_is_not_taken_for_ours() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.keep(definition_of(container("app", "acme/app:9"), taskDefinitionArn=REVISION(2), revision=2))
    plane.fail("register", LOST)
    assert run(plane).outcome.to_revision == REVISION(3)


def test_f04_reads_after_a_lost_registration_are_asked_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST, applied=True)
    plane.fail("revisions", Throttled("Slow down."), times=3)
    assert run(plane).status is Status.SUCCEEDED
    assert plane.made("register") == 1


def test_f04_a_registration_of_another_family_is_found_too() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.now = replace(plane.now, task_definition=REVISION(40))
    read = definition_of(container("app", "acme/app:1"), family="api", taskDefinitionArn="", revision=0)
    plane.fail("register", LOST, applied=True)
    run(plane, replace(RELEASE, base=FromFile(path="api.json", definition=read)))
    assert plane.made("register") == 1


def test_f04_a_registration_lost_twice_leaves_the_service_alone() -> None:
    plane = ScriptedPlane()
    plane.fail("register", LOST, times=2)
    ran = run(plane)
    assert (ran.error, plane.updates) == (LOST, [])


@pytest.mark.parametrize(
    ("applied", "calls"), [pytest.param(True, 1, id="applied"), pytest.param(False, 2, id="not applied")]
)
def test_f06_a_lost_update_starts_one_deployment(applied: bool, calls: int) -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=applied)
    ran = run(plane)
    assert (ran.status, plane.made("update_service"), len(plane.updates)) == (Status.SUCCEEDED, calls, 1)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id


def test_f06_the_effect_may_show_late() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]], lag=3)
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_f06_the_network_may_stay_away_for_a_while() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", Unreachable("No route."), times=6, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_t06_a_look_that_does_not_find_the_service_says_nothing_of_a_lost_update() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", NoSuchResource("The service was not found."), times=2, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


@pytest.mark.parametrize("call", ["service", "history"])
def test_t06_a_lost_update_to_a_service_that_is_not_found_is_unknown(call: str) -> None:
    """It may have been carried out: to call it refused would say that nothing was changed."""
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    plane.fail(call, NoSuchResource("The service was not found."), times=ALWAYS, after=call == "service")
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.UNKNOWN, 1)


def test_f06_a_lost_update_that_cannot_be_looked_for_is_unknown() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, applied=True)
    plane.fail("service", Unreachable("No route."), times=ALWAYS, after=1)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.UNKNOWN, 1)


def test_f31_a_lost_update_that_was_superseded_is_not_sent_again() -> None:
    plane = ScriptedPlane(courses=[[started(FOREIGN_ID, REVISION(9))]])
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, plane.made("update_service")) == (Status.SUPERSEDED, 1)


def test_f05_a_throttled_update_was_not_applied_and_is_sent_again() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("update_service", Throttled("Slow down."), times=2)
    assert run(plane).status is Status.SUCCEEDED
    assert len(plane.updates) == 1


def test_f05_a_lost_forced_update_that_was_applied_is_adopted() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane, FORCED)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


def test_f05_a_lost_forced_update_is_never_sent_again() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    ran = run(plane, FORCED)
    assert (ran.error, ran.status, plane.made("update_service")) == (LOST, Status.UNKNOWN, 1)


def test_f06_an_update_that_is_lost_twice_starts_one_deployment() -> None:
    plane = ScriptedPlane(courses=[[lambda now: now, completes]])
    plane.fail("update_service", LOST)
    plane.fail("update_service", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, len(plane.updates)) == (Status.SUCCEEDED, 1)
    assert ran.outcome.deployment_id == plane.now.deployments[0].id


def test_f04_a_registration_that_is_lost_twice_makes_one_revision() -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", LOST)
    plane.fail("register", LOST, applied=True)
    ran = run(plane)
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(2))
    assert sorted(plane.store) == [REVISION(1), REVISION(2)]


def lost_for_long() -> ScriptedPlane:
    """The second attempt was applied, its reply was lost too, and reads lag until it has been given up."""
    plane = ScriptedPlane(courses=[[], [completes]], lag=5)
    plane.fail("update_service", LOST)
    plane.fail("update_service", LOST, applied=True)
    return plane


def test_d11_a_write_that_stays_lost_is_rolled_back_where_asked() -> None:
    plane = lost_for_long()
    ran = run(plane, WITH_ROLLBACK)
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert ran.outcome.verdict.reason == LOST.message
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.ROLLED_BACK


def test_f42_a_write_that_stays_lost_and_whose_rollback_fails_is_that() -> None:
    plane = lost_for_long()
    plane.courses = [[], [goes_on, fails]]
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.reason) == (Status.ROLLBACK_FAILED, LOST.message)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.ROLLBACK_FAILED


def test_f18_a_write_that_stays_lost_and_whose_rollback_cannot_be_sent_is_unknown() -> None:
    plane = lost_for_long()
    plane.fail("update_service", CredentialsError("The token has expired."), times=ALWAYS)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, ran.status) == (LOST, Status.UNKNOWN)
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.status is Status.UNKNOWN


@pytest.mark.parametrize("phase", ["settling", "undoing"])
def test_f26_a_signal_while_a_write_is_lost_has_the_rollback_sent(phase: str) -> None:
    plane = lost_for_long() if phase == "undoing" else ScriptedPlane(courses=[[], [completes]])
    if phase == "undoing":
        plane.fail("service", KeyboardInterrupt(), after=11)
    else:
        plane.fail("update_service", LOST, applied=True)
        plane.fail("service", KeyboardInterrupt(), after=1)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is Status.INTERRUPTED
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert ran.outcome.rollback is not None


def test_f26_a_signal_right_after_the_undo_of_a_lost_write_was_sent_says_that_it_was() -> None:
    plane = lost_for_long()
    plane.fail("update_service", KeyboardInterrupt(), applied=True)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is Status.INTERRUPTED
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]
    assert (ran.outcome.rollback is not None, ran.outcome.warnings) == (True, ())


def test_f26_what_others_did_is_not_told_as_our_undo_of_a_lost_write() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)
    plane.fail("service", KeyboardInterrupt(), after=11)

    def right_after_the_signal(service: Service) -> Service:
        if plane.made("service") > 12:
            return started(FOREIGN_ID, REVISION(1))(service)
        plane.meanwhile["service"] = right_after_the_signal
        return service

    plane.meanwhile["service"] = right_after_the_signal
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, plane.updates, ran.outcome.rollback) == (Status.INTERRUPTED, [], None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


def test_f26_a_signal_while_a_lost_write_is_not_to_be_seen_says_that_nothing_was_sent() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST)
    plane.fail("service", KeyboardInterrupt(), after=1)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, plane.updates) == (Status.INTERRUPTED, [])
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


def test_d11_a_lost_write_that_was_not_applied_needs_no_rollback() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, ran.outcome.rollback, plane.updates) == (LOST, None, [])
    assert not ran.told.of(RollingBack)


def test_x02_what_others_began_while_our_write_was_lost_is_not_undone() -> None:
    plane = ScriptedPlane()
    plane.fail("update_service", LOST, times=2)

    def once_it_is_given_up(service: Service) -> Service:
        if plane.made("service") > 11:
            return started(FOREIGN_ID, REVISION(9))(service)
        plane.meanwhile["service"] = once_it_is_given_up
        return service

    plane.meanwhile["service"] = once_it_is_given_up
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.error, plane.updates, ran.outcome.rollback) == (LOST, [], None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-NOT-OURS"]


def test_x02_what_ecs_took_back_itself_is_not_told_as_our_undo_of_a_lost_write() -> None:
    plane = lost_for_long()
    plane.fail("update_service", KeyboardInterrupt())

    def once_the_signal_came(service: Service) -> Service:
        if plane.made("update_service") > 2:
            return over(service)
        plane.meanwhile["service"] = once_the_signal_came
        return service

    plane.meanwhile["service"] = once_the_signal_came
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert (ran.status, ran.outcome.rollback) == (Status.INTERRUPTED, None)
    assert [each.partition(" ")[0] for each in ran.outcome.warnings] == ["W-ROLLBACK-NOT-SENT"]


@pytest.mark.parametrize("signal", [False, True], ids=["given up", "a signal"])
def test_x02_while_our_write_is_lost_no_deployment_is_stopped(signal: bool) -> None:
    """One that moves may be anybody's: what was asked for is the service pointed back, where its revision is ours."""
    plane = lost_for_long()
    plane.deployed = deployed("IN_PROGRESS")
    if signal:
        plane.fail("service", KeyboardInterrupt(), after=11)
    ran = run(plane, replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.status is (Status.INTERRUPTED if signal else Status.ROLLED_BACK)
    assert plane.made("stop_deployment") == 0
    assert [revision for _, revision in plane.updates] == [REVISION(2), REVISION(1)]


def over(service: Service) -> Service:
    """ECS has rolled ours back, and lists only what stood before."""
    return replace(service, deployments=(old(status="PRIMARY"),), task_definition=REVISION(1))


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
    plane = ScriptedPlane(courses=[[over], [completes]], deployed=deployed("ROLLBACK_SUCCESSFUL"))
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
    plane = ScriptedPlane(courses=[[over], [completes]])
    plane.now = replace(plane.now, deployments=(replace(old(status="PRIMARY"), created_at=None),))
    plane.fail("update_service", LOST, applied=True)
    run(plane)
    assert (plane.made("update_service"), plane.made("history")) == (2, 0)


FIRST, SECOND = "ecs-svc/1111111111111111111", "ecs-svc/2222222222222222222"


def forced_by_others(*, lists_ours: bool) -> ScriptedPlane:
    """Our update's reply was lost; others have forced another deployment of our revision before we look."""

    def both(service: Service) -> Service:
        stood = replace(old(status="ACTIVE"), created_at=NOON)
        began = NOON + timedelta(seconds=30)
        ours = replace(stood, id=FIRST, task_definition=REVISION(2), created_at=began, rollout_state="IN_PROGRESS")
        theirs = replace(ours, id=SECOND, status="PRIMARY", created_at=NOON + timedelta(seconds=31))
        listed = (theirs, *((ours,) if lists_ours else ()), stood)
        return replace(service, deployments=listed, task_definition=REVISION(2))

    plane = ScriptedPlane(courses=[[both]])
    plane.past = tuple(
        PastDeployment(
            arn=SERVICE_DEPLOYMENT_ARN,
            status="IN_PROGRESS" if identifier == SECOND else "STOPPED",
            revision=REVISION(2),
            deployment_id=identifier,
            created_at=NOON + timedelta(seconds=after),
        )
        for identifier, after in ((SECOND, 31), (FIRST, 30))
    )
    plane.fail("update_service", LOST, applied=True)
    return plane


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


def recorded(identifier: str, revision: int, after: float, status: str) -> PastDeployment:
    return PastDeployment(
        arn=SERVICE_DEPLOYMENT_ARN,
        status=status,
        revision=REVISION(revision),
        deployment_id=identifier,
        created_at=NOON + timedelta(seconds=after),
    )


def others_have_deployed(service: Service) -> Service:
    """Their release has completed, and nothing of before is listed any more."""
    theirs = replace(foreign(revision=REVISION(9)), rollout_state="COMPLETED", created_at=NOON + timedelta(seconds=60))
    return replace(service, deployments=(theirs,), task_definition=REVISION(9))


THEIRS = recorded(FOREIGN_ID, 9, 60, "SUCCESSFUL")


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
