"""A watch that is bound to a revision or a time: what it waits for, and what it says where nobody can tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, NoSuchResource, Throttled, Untold
from ecsdeploy.model.events import Warned
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import WatchRequest, WholeBudget
from ecsdeploy.model.service import PastDeployment, ServiceEvent
from tests.unit.engine.happenings import at_once, completes, goes_on, started
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import NOON, OUR_ID, deployed, event, old, service_with

SECOND = WatchRequest(service=WEB, revision="web:2")


def there(*records: PastDeployment) -> ScriptedPlane:
    """Revision 1 runs, and revision 2 is registered."""
    plane = ScriptedPlane(past=records)
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    return plane


def record(number: int, revision: int, status: str = "SUCCESSFUL", *, at: float = 0) -> PastDeployment:
    began = NOON + timedelta(seconds=at)
    return PastDeployment(
        arn="",
        status=status,
        revision=REVISION(revision) if revision else "",
        deployment_id=f"ecs-svc/{number}",
        created_at=began,
        finished_at=began + timedelta(seconds=60),
    )


def test_one_that_begins_is_waited_for_which_is_told_once() -> None:
    plane = there(record(1, 1))
    begins = at_once(started(OUR_ID, REVISION(2)), goes_on)
    plane.happen(lambda now: now, lambda now: now, begins, completes)
    ran = run(plane, SECOND)
    assert (ran.status, ran.outcome.deployment_id, plane.writes) == (Status.SUCCEEDED, OUR_ID, [])
    assert [each.finding.code for each in ran.told.of(Warned)] == ["W-AWAITING"]
    assert ran.outcome.warnings == (), "to wait is no fault"


@pytest.mark.parametrize("seconds", [5.0, 60.0])
def test_it_is_waited_for_as_long_as_was_asked_for(seconds: float) -> None:
    ran = run(there(record(1, 1)), replace(SECOND, start_seconds=seconds))
    assert isinstance(ran.error, NoSuchResource)
    assert (ran.status, ran.seconds) == (Status.REFUSED, seconds)


def test_the_wait_for_its_start_takes_none_of_its_own_time() -> None:
    plane = there(record(1, 1))
    plane.happen(*[lambda now: now] * 8, started(OUR_ID, REVISION(2)), *[goes_on] * 10, completes)
    assert run(plane, replace(SECOND, budget=WholeBudget(seconds=60))).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    ("error", "times"),
    [(AccessDenied("You may not call `ecs:ListServiceDeployments`."), ALWAYS), (Throttled("Slow down."), ALWAYS)],
    ids=["denied", "throttled"],
)
def test_records_that_cannot_be_read_leave_it_unknown(error: AwsError, times: int) -> None:
    plane = there(record(1, 1))
    plane.fail("history", error, times=times)
    ran = run(plane, SECOND)
    assert (ran.status, isinstance(ran.error, Untold)) == (Status.UNKNOWN, True)
    assert error.message in str(ran.error)


def test_records_that_can_be_read_again_are_believed() -> None:
    plane = there(record(1, 1))
    plane.fail("history", AwsError("Something."))
    assert run(plane, SECOND).status is Status.REFUSED


@pytest.mark.parametrize(
    "records",
    [(), (record(1, 0, at=60), record(0, 1))],
    ids=["an endpoint without records", "a record without its revision"],
)
def test_records_that_do_not_tell_leave_it_unknown(records: tuple[PastDeployment, ...]) -> None:
    assert run(there(*records), SECOND).status is Status.UNKNOWN


def test_a_record_without_its_revision_is_no_doubt_where_any_would_do() -> None:
    plane = there(record(1, 0))
    assert run(plane, WatchRequest(service=WEB, since=NOON + timedelta(hours=1))).status is Status.REFUSED


def test_an_old_one_is_found_behind_many_others_and_they_are_read_once() -> None:
    others = [record(number, 1, at=number) for number in range(90, 1, -1)]
    plane = there(*others)
    assert run(plane, replace(SECOND, start_seconds=10)).status is Status.REFUSED
    assert plane.made("history") == 5 + 2, "five pages, and then the first one alone"
    plane = there(*others, record(1, 2))
    plane.deployed = deployed("SUCCESSFUL")
    ran = run(plane, SECOND)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "ecs-svc/1")


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=30), timedelta(minutes=-30), None])
def test_so_long_ago_is_counted_by_aws_s_clock(ahead: timedelta | None) -> None:
    """By our own clock it would be half an hour too early, or too late."""
    plane = there()
    plane.ahead = ahead
    of_aws = plane.clock.now() + (ahead or timedelta())
    seconds = (of_aws - NOON).total_seconds() - 60
    plane.past = (record(1, 2, at=seconds),)
    plane.deployed = deployed("SUCCESSFUL")
    began, now = plane.past[0].created_at, old(status="PRIMARY")
    plane.now = service_with(replace(now, task_definition=REVISION(2), id="ecs-svc/1", created_at=began))
    ran = run(plane, WatchRequest(service=WEB, since=timedelta(minutes=2), start_seconds=1))
    assert ran.status is Status.SUCCEEDED
    ran = run(plane, WatchRequest(service=WEB, since=timedelta(seconds=30), start_seconds=1))
    assert ran.status is Status.REFUSED


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=-5), "This machine's clock is 300 s ahead of AWS's."),
        (timedelta(minutes=5), "This machine's clock is 300 s behind AWS's."),
        (timedelta(seconds=3), ""),
        (None, ""),
    ],
)
def test_a_time_that_may_have_come_from_a_wrong_clock_is_told(ahead: timedelta | None, said: str) -> None:
    plane = there(record(1, 1))
    plane.ahead = ahead
    error = run(plane, replace(SECOND, since=NOON + timedelta(days=1), start_seconds=1)).error
    assert isinstance(error, NoSuchResource)
    assert ("clock" in error.hint, said in error.hint) == (bool(said), True)


def test_the_task_sets_of_an_external_controller_are_looked_through_like_deployments() -> None:
    """ECS has no service deployments of such a service: what is not listed may have been there all the same."""
    plane = there()
    first = replace(old(status="PRIMARY"), id="ecs-svc/1", task_definition=REVISION(1))
    plane.now = replace(service_with(first), controller="EXTERNAL", task_definition="")
    ran = run(plane, replace(SECOND, revision="web:1"))
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "ecs-svc/1")
    assert run(plane, SECOND).status is Status.UNKNOWN


def test_one_that_succeeded_and_was_replaced_since_has_succeeded_whatever_can_be_read_now() -> None:
    plane = there(record(2, 1, at=600), record(1, 2))
    plane.fail("service_deployment", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, SECOND)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "ecs-svc/1")
    assert [each.split()[0] for each in ran.outcome.warnings] == ["W-ENDED-ALREADY", "W-MOVED-ON"]


def test_a_wait_that_is_interrupted_has_no_verdict() -> None:
    plane = there(record(1, 1))
    plane.clock.interrupt_at = plane.clock.seconds + 8
    assert (run(plane, SECOND).status, plane.writes) == (Status.INTERRUPTED, [])


def test_a_service_that_is_yet_to_be_created_is_waited_for() -> None:
    plane = there(record(1, 2))
    plane.fail("service", NoSuchResource("There is no service `web`."), times=4)
    plane.now = service_with(replace(old(status="PRIMARY"), id="ecs-svc/1", task_definition=REVISION(2)))
    ran = run(plane, SECOND)
    assert (ran.status, ran.seconds) == (Status.SUCCEEDED, 20)
    assert [each.finding.code for each in ran.told.of(Warned)][:1] == ["W-AWAITING-SERVICE"]


def test_a_service_that_is_not_created_in_time_is_missing() -> None:
    plane = there()
    plane.fail("service", NoSuchResource("There is no service `web`."), times=ALWAYS)
    ran = run(plane, replace(SECOND, start_seconds=30))
    assert (ran.status, isinstance(ran.error, NoSuchResource), ran.seconds) == (Status.REFUSED, True, 30)
    assert run(plane, WatchRequest(service=WEB)).seconds == 0, "where nothing is looked for, nothing is waited for"


ANOTHER = event(60, "(service web) (deployment ecs-svc/7) deployment failed: tasks failed to start.")


@pytest.mark.parametrize(
    ("events", "status"),
    [
        pytest.param((event(90), event(60)), Status.SUCCEEDED, id="nothing is told of another"),
        pytest.param((event(90), ANOTHER), Status.UNKNOWN, id="another failed since"),
        pytest.param(
            (event(90), event(60, "(service web) rolling back to deployment ecs-svc/1.")),
            Status.UNKNOWN,
            id="another was taken back",
        ),
        pytest.param(
            (event(90), replace(ANOTHER, at=NOON - timedelta(1))), Status.SUCCEEDED, id="another failed before"
        ),
    ],
)
def test_without_records_one_that_is_complete_may_be_what_a_younger_one_went_back_to(
    events: tuple[ServiceEvent, ...], status: Status
) -> None:
    """A forced deployment of the same revision, which failed: the list shows the one before, complete."""
    plane = there(record(2, 2, "ROLLBACK_SUCCESSFUL", at=50))
    plane.fail("history", AccessDenied("No."), times=ALWAYS)
    complete = replace(old(status="PRIMARY"), id="ecs-svc/1", task_definition=REVISION(2))
    plane.now = service_with(complete, events=events)
    assert run(plane, SECOND).status is status


def test_without_records_one_that_is_complete_and_has_no_time_is_believed_where_no_line_names_another() -> None:
    plane = there()
    complete = replace(old(status="PRIMARY"), id="ecs-svc/1", task_definition=REVISION(2), created_at=None)
    plane.now = service_with(complete, events=(event(1),))
    assert run(plane, SECOND).status is Status.SUCCEEDED
    plane.now = service_with(complete, events=(ANOTHER,))
    assert run(plane, SECOND).status is Status.UNKNOWN


SINCE = WatchRequest(service=WEB, since=NOON - timedelta(minutes=5))
COMPLETE = replace(old(status="PRIMARY"), id="ecs-svc/1", task_definition=REVISION(2), created_at=NOON)


def test_without_records_the_newest_since_a_time_may_be_what_a_younger_one_went_back_to_as_well() -> None:
    plane = there()
    plane.fail("history", AccessDenied("No."), times=ALWAYS)
    plane.now = service_with(COMPLETE, events=(event(90), ANOTHER))
    assert run(plane, SINCE).status is Status.UNKNOWN
    plane.now = service_with(COMPLETE, events=(event(90),))
    assert run(plane, SINCE).status is Status.SUCCEEDED


@pytest.mark.parametrize("request_", [SECOND, SINCE], ids=["a revision", "a time"])
@pytest.mark.parametrize(
    ("records", "status"),
    [
        pytest.param((record(7, 0, "ROLLBACK_SUCCESSFUL", at=50), record(1, 2)), Status.UNKNOWN, id="a younger one"),
        pytest.param((record(1, 2), record(0, 0, at=-50)), Status.SUCCEEDED, id="an older one"),
        pytest.param((record(1, 0),), Status.SUCCEEDED, id="its own"),
    ],
)
def test_a_younger_record_without_its_revision_may_be_of_the_one_that_is_looked_for(
    request_: WatchRequest, records: tuple[PastDeployment, ...], status: Status
) -> None:
    plane = there(*records)
    plane.now = service_with(COMPLETE)
    assert run(plane, request_).status is status


@pytest.mark.parametrize("records", [(record(1, 2),), ()], ids=["by its record", "by the list"])
def test_what_has_completed_stays_a_success_whatever_begins_while_it_is_looked_at(
    records: tuple[PastDeployment, ...],
) -> None:
    """Another one begins between two looks, and takes its place at once."""
    plane = there(*records)
    plane.now = service_with(COMPLETE)
    another = replace(COMPLETE, id="ecs-svc/8", task_definition=REVISION(1), created_at=NOON + timedelta(minutes=9))
    plane.meanwhile["definition"] = lambda service: replace(service, deployments=(another,))
    plane.fail("service_deployment", Throttled("Slow down."), times=ALWAYS)
    assert (run(plane, SECOND).status, plane.now.deployments) == (Status.SUCCEEDED, (another,))


def test_without_records_another_primary_shows_that_there_were_younger_ones() -> None:
    plane = there()
    plane.fail("history", AccessDenied("No."), times=ALWAYS)
    another = replace(COMPLETE, id="ecs-svc/8", task_definition=REVISION(1), created_at=NOON + timedelta(minutes=9))
    plane.now = service_with(another, replace(COMPLETE, status="ACTIVE"))
    assert run(plane, SECOND).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("records", "status"),
    [
        pytest.param((record(7, 0, "ROLLBACK_SUCCESSFUL", at=50), record(1, 2)), Status.UNKNOWN, id="went back"),
        pytest.param((record(7, 2, "ROLLBACK_SUCCESSFUL", at=50), record(1, 2)), Status.ROLLED_BACK, id="told whole"),
        pytest.param((record(1, 0), record(0, 0, at=-50)), Status.SUCCEEDED, id="its own"),
    ],
)
def test_the_newest_of_all_is_told_by_the_records(records: tuple[PastDeployment, ...], status: Status) -> None:
    plane = there(*records)
    plane.now = service_with(COMPLETE)
    plane.deployed = deployed(records[0].status)
    assert run(plane, WatchRequest(service=WEB)).status is status


@pytest.mark.parametrize(
    ("records", "error", "status"),
    [
        pytest.param((record(7, 2),), None, Status.SUCCEEDED, id="past"),
        pytest.param((record(7, 0),), None, Status.UNKNOWN, id="of no revision"),
        pytest.param((record(1, 2),), None, Status.REFUSED, id="none of that id"),
        pytest.param((), AccessDenied("No."), Status.UNKNOWN, id="denied"),
    ],
)
def test_one_that_is_named_and_not_listed(
    records: tuple[PastDeployment, ...], error: AwsError | None, status: Status
) -> None:
    plane = there(*records)
    plane.now = service_with(COMPLETE)
    if error:
        plane.fail("history", error, times=ALWAYS)
    assert run(plane, WatchRequest(service=WEB, deployment="ecs-svc/7")).status is status


@pytest.mark.parametrize("request_", [SECOND, WatchRequest(service=WEB)], ids=["a revision", "the newest"])
def test_without_records_one_that_is_gone_back_to_is_not_what_was_released(request_: WatchRequest) -> None:
    """What ECS goes back from had no task any more, and is not listed."""
    plane = there()
    plane.fail("history", AccessDenied("No."), times=ALWAYS)
    reason = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."
    back = replace(COMPLETE, rollout_state="IN_PROGRESS", rollout_reason=reason)
    plane.now = service_with(back, events=(event(60, "(service web) rolling back to deployment ecs-svc/1."),))
    assert run(plane, request_).status is Status.UNKNOWN
