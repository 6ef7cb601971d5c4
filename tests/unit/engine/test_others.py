"""Deployments that are under way: waited for, refused, superseded, attached to, stopped, gone back from."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, AwsRefused, NoSuchResource, Refused, ReplyLost, Throttled
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import Continued, RollingBack, Started
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import ContinueRequest, IfBusy, OnInterrupt, RollbackRequest, WatchRequest, WholeBudget
from ecsdeploy.model.service import Deployment, Hook, PastDeployment, Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import exited, stopped
from tests.unit.engine.hearing import Hearing
from tests.unit.engine.runs import RELEASE, REVISION, WITH_ROLLBACK, Ran, run
from tests.unit.engine.world import ALWAYS, Happening, ScriptedPlane, completes, ecs_goes_back, fails, goes_on
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import NOON, OUR_ID, deployed, old, ours, service_with

BUSY = service_with(ours(), old())
"""Somebody's deployment of revision 2 is under way."""
WATCH = WatchRequest(service=WEB)
BACK = RollbackRequest(service=WEB)
STOP = replace(BACK, only_running=True)


def busy(*course: Happening) -> ScriptedPlane:
    plane = ScriptedPlane(now=BUSY)
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.happen(*course)
    return plane


def test_f32_a_busy_service_is_refused_by_default() -> None:
    ran = run(busy(), RELEASE)
    assert (ran.status, ran.outcome.verdict.by, ran.outcome.to_revision) == (Status.BUSY, OUR_ID, "")
    assert ran.outcome.verdict.phase is Phase.PLANNING, "it did not start meanwhile"


def test_f32_a_running_deployment_may_be_superseded() -> None:
    plane = busy()
    plane.courses = [[completes]]
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.SUPERSEDE))
    assert (ran.status, [each.split()[0] for each in ran.outcome.warnings]) == (
        Status.SUCCEEDED,
        ["C-BUSY", "W-SUPERSEDES"],
    )


def test_f36_a_running_deployment_is_waited_for_and_a_plan_that_stays_the_same_is_told_once() -> None:
    plane = busy(goes_on, goes_on, completes)
    plane.courses = [[completes]]
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.WAIT))
    assert (ran.status, ran.outcome.from_revision) == (Status.SUCCEEDED, REVISION(2))
    assert len(ran.told.of(Planned)) == 1


def test_f36_waiting_for_another_deployment_ends_with_the_budget() -> None:
    plane = busy()
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.WAIT, budget=WholeBudget(seconds=120)))
    assert (ran.status, plane.writes, ran.seconds) == (Status.BUSY, [], 90), "a watch would still have fitted"


@pytest.mark.parametrize(
    ("course", "status"),
    [([goes_on, completes], Status.SUCCEEDED), ([goes_on, fails], Status.FAILED)],
    ids=["completes", "fails"],
)
def test_f24_a_deployment_that_another_process_began_has_the_same_verdict(
    course: list[Happening], status: Status
) -> None:
    plane = busy(*course)
    ran = run(plane, WATCH)
    assert (ran.status, ran.outcome.deployment_id, plane.writes) == (status, OUR_ID, [])


def test_a_deployment_that_is_not_there_cannot_be_watched() -> None:
    ran = run(busy(), replace(WATCH, deployment="ecs-svc/9"))
    assert isinstance(ran.error, NoSuchResource)


def test_a_watch_that_is_interrupted_leaves_the_deployment_alone() -> None:
    plane = busy()
    plane.clock.interrupt_at = plane.clock.seconds + 8
    assert (run(plane, WATCH).status, plane.writes) == (Status.INTERRUPTED, [])


PAUSED = replace(
    deployed("IN_PROGRESS", stage="PRE_SCALE_UP"),
    target_revision=f"arn:aws:ecs:eu-west-1:111122223333:service-revision/prod/web/{OUR_ID.rpartition('/')[2]}",
    hooks=(Hook(id="ecs-pause-1", status="AWAITING_ACTION"), Hook(id="ecs-lambda-2", status="IN_PROGRESS")),
)
GO_ON = ContinueRequest(service=WEB)


def test_f45_a_pause_is_answered_once_and_the_deployment_followed() -> None:
    plane = busy(goes_on, completes)
    plane.deployed = PAUSED
    ran = run(plane, GO_ON)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, OUR_ID)
    assert ran.told.of(Continued) == [Continued(hook="ecs-pause-1", stage="PRE_SCALE_UP")]
    assert plane.made("continue_deployment") == 1


def test_f04_an_answer_that_stays_lost_leaves_the_outcome_unknown() -> None:
    plane = busy()
    plane.deployed = PAUSED
    plane.fail("continue_deployment", ReplyLost("No reply."), times=ALWAYS, takes=60)
    ran = run(plane, GO_ON)
    assert (ran.status, isinstance(ran.error, ReplyLost)) == (Status.UNKNOWN, True)


def test_an_answer_that_is_refused_while_the_pause_waits_is_an_error() -> None:
    plane = busy()
    plane.deployed = PAUSED
    plane.fail("continue_deployment", ReplyLost("No reply."))
    plane.fail("continue_deployment", AwsRefused("No."), times=ALWAYS)
    assert run(plane, GO_ON).status is Status.REFUSED


def test_an_interrupted_answer_leaves_the_deployment_alone() -> None:
    plane = busy()
    plane.deployed = PAUSED
    plane.clock.interrupt_at = plane.clock.seconds + 8
    ran = run(plane, GO_ON)
    assert (ran.status, ran.outcome.verdict.phase is Phase.PLANNING) == (Status.INTERRUPTED, False)


def past(number: int, status: str = "SUCCESSFUL") -> PastDeployment:
    return PastDeployment(arn=f"sd/{number}", status=status, revision=REVISION(number), deployment_id="ecs-svc/1")


def settled() -> ScriptedPlane:
    """Revision 3 runs; 2 was released with success before, and 1 before that."""
    plane = ScriptedPlane(past=(past(3), past(2), past(1)), courses=[[completes]])
    plane.now = replace(plane.now, task_definition=REVISION(3))
    for number in (2, 3):
        plane.keep(definition_of(container("app", f"acme/app:{number}"), taskDefinitionArn=REVISION(number)))
    return plane


def test_a_rollback_goes_to_the_newest_revision_released_with_success() -> None:
    plane = settled()
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision, plane.writes) == (Status.SUCCEEDED, REVISION(2), ["update_service"])
    assert ran.told.of(Planned)[0].target == REVISION(2)


def test_f44_a_revision_that_no_longer_exists_is_passed_over() -> None:
    plane = settled()
    del plane.store[REVISION(2)]
    plane.fail("definition", NoSuchResource("Gone."))
    assert run(plane, BACK).outcome.to_revision == REVISION(1)


def test_f44_an_older_revision_that_is_active_goes_before_a_newer_one_that_is_not() -> None:
    plane = settled()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), status="INACTIVE"))
    assert run(plane, BACK).outcome.to_revision == REVISION(1)


def test_f44_where_no_revision_is_active_a_copy_of_the_newest_is_deployed() -> None:
    plane = settled()
    for number in (1, 2):
        image = container("app", f"acme/app:{number}")
        plane.keep(definition_of(image, taskDefinitionArn=REVISION(number), status="INACTIVE"))
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.images) == (Status.SUCCEEDED, (("app", "acme/app:2"),))
    assert (ran.outcome.to_revision, plane.writes) == (REVISION(4), ["register", "update_service"])


def test_a_rollback_may_be_told_where_to_go() -> None:
    plane = settled()
    plane.store["web:1"] = plane.store[REVISION(1)]
    assert run(plane, replace(BACK, to="1")).outcome.to_revision == REVISION(1)


def of_number(number: int, **members: object) -> TaskDefinition:
    return definition_of(container("app", f"acme/app:{number}"), taskDefinitionArn=REVISION(number), **members)


def test_t09_a_second_rollback_does_not_put_the_bad_release_back() -> None:
    plane = settled()
    plane.courses = [[completes], [completes]]
    run(plane, BACK)
    plane.past = (past(2), *plane.past)
    assert run(plane, BACK).outcome.to_revision == REVISION(1)
    plane.past = (past(1), *plane.past)
    third = run(plane, BACK)
    assert (third.status, len(plane.updates)) == (Status.REFUSED, 2)


def test_t09_after_many_failed_tries_the_good_one_is_found() -> None:
    plane = settled()
    plane.past = (*[past(number, "STOPPED") for number in range(60, 3, -1)], past(3), past(2))
    plane.now = replace(
        service_with(replace(ours("FAILED"), task_definition=REVISION(60))), task_definition=REVISION(60)
    )
    plane.keep(of_number(60))
    assert run(plane, BACK).outcome.to_revision == REVISION(3)


API = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:9"


@pytest.mark.parametrize("has_run", [True, False])
def test_t09_a_revision_of_another_family_must_have_run_here(has_run: bool) -> None:
    plane = settled()
    plane.store[API] = definition_of(container("app", "acme/api:9"), family="api", taskDefinitionArn=API)
    if has_run:
        plane.past = (*[past(3)] * 25, replace(past(1, "STOPPED"), revision=API))
    ran = run(plane, replace(BACK, to=API))
    assert (ran.status, plane.writes) == ((Status.SUCCEEDED, ["update_service"]) if has_run else (Status.REFUSED, []))


def test_t09_a_revision_of_another_family_that_is_listed_has_run_here() -> None:
    plane = settled()
    plane.store[API] = definition_of(container("app", "acme/api:9"), family="api", taskDefinitionArn=API)
    plane.now = service_with(old(status="PRIMARY"), replace(ours("COMPLETED", status="ACTIVE"), task_definition=API))
    assert run(plane, replace(BACK, to=API)).outcome.to_revision == API


def test_t09_where_the_history_cannot_be_read_another_family_is_not_released() -> None:
    plane = settled()
    plane.fail("history", AwsRefused("No."), times=ALWAYS)
    ran = run(plane, replace(BACK, to=API))
    assert (ran.error is not None, plane.writes) == (True, [])


def test_t09_to_the_revision_in_use_nothing_is_done_and_that_is_said() -> None:
    plane = settled()
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.UNCHANGED, [])
    assert "C-REVISION-IN-USE" in str(ran.outcome.warnings)


def test_t09_to_the_revision_under_way_it_is_followed() -> None:
    plane = settled()
    plane.now = replace(service_with(replace(ours(), task_definition=REVISION(3)), old()), task_definition=REVISION(3))
    plane.happen(lambda now: now, lambda now: now, completes)
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.SUCCEEDED, [])


def test_t09_to_the_revision_in_use_that_has_failed_is_refused() -> None:
    plane = settled()
    failed = replace(ours("FAILED"), task_definition=REVISION(3))
    plane.now = replace(service_with(failed, old()), task_definition=REVISION(3))
    ran = run(plane, replace(BACK, to=REVISION(3)))
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_t09_the_plan_knows_where_it_goes_and_where_a_failure_leads() -> None:
    plane = settled()
    plane.past = (past(3), replace(past(2), created_at=NOON), past(1))
    planned = run(plane, BACK).told.of(Planned)[0]
    assert (planned.target, planned.released, planned.back) == (REVISION(2), NOON, REVISION(1))


def test_without_a_known_good_release_nothing_is_changed() -> None:
    plane = ScriptedPlane()
    ran = run(plane, BACK)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def stopping(*course: Happening) -> ScriptedPlane:
    plane = busy(*course)
    plane.deployed = deployed("IN_PROGRESS")
    return plane


def test_what_is_under_way_is_stopped_rather_than_overtaken() -> None:
    plane = stopping(ecs_goes_back, ecs_goes_back)
    plane.deployed = deployed("IN_PROGRESS")
    ran = run(plane, STOP)
    assert plane.calls.count("stop_deployment") == 1
    assert plane.made("update_service") == 0
    assert ran.told.of(Started)[0].deployment_id == OUR_ID


def test_nothing_under_way_cannot_be_stopped() -> None:
    plane = ScriptedPlane()
    ran = run(plane, STOP)
    assert isinstance(ran.error, Refused)
    assert plane.calls.count("stop_deployment") == 0


def test_a_rollback_of_a_deployment_that_cannot_be_stopped_releases_the_old_revision() -> None:
    plane = stopping()
    plane.past, plane.courses = (past(1),), [[completes]]
    plane.fail("stop_deployment", AwsRefused("No."), times=ALWAYS)
    assert (run(plane, BACK).status, plane.made("update_service")) == (Status.SUCCEEDED, 1)


OPTIONAL = [Throttled("Slow down."), ReplyLost("500"), AccessDenied("No.")]


@pytest.mark.parametrize("error", OPTIONAL, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("calls", [("service_deployment",), ("stop_deployment",), ("service_deployment", "history")])
def test_t03_no_optional_call_stands_between_the_request_and_the_way_back(
    calls: tuple[str, ...], error: Exception
) -> None:
    plane = stopping()
    plane.past, plane.courses = (past(1),), [[completes]]
    for call in calls:
        plane.fail(call, error, times=ALWAYS)
    ran = run(plane, BACK)
    assert (ran.status, ran.outcome.to_revision, plane.made("update_service")) == (Status.SUCCEEDED, REVISION(1), 1)
    assert ran.seconds < 90


@pytest.mark.parametrize("error", OPTIONAL, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("call", ["service_deployment", "stop_deployment"])
def test_t03_a_stop_that_cannot_be_asked_for_says_why(call: str, error: Exception) -> None:
    plane = stopping()
    plane.fail(call, error, times=ALWAYS)
    ran = run(plane, STOP)
    assert isinstance(ran.error, type(error)), "not asked is not: there was nothing to stop"
    assert plane.made("update_service") == 0


def test_t03_what_cannot_be_stopped_for_want_of_a_record_is_not_called_nothing() -> None:
    ran = run(busy(), STOP)
    assert (type(ran.error), ran.status) == (Refused, Status.REFUSED)
    assert OUR_ID in str(ran.error)


@pytest.mark.parametrize("after", [ReplyLost("Reset."), AwsRefused("It is rolled back.")], ids=["silent", "refused"])
def test_t03_a_lost_stop_that_arrived_is_followed_and_nothing_is_put_back_twice(after: Exception) -> None:
    plane = Hearing(now=BUSY, deployed=deployed("IN_PROGRESS"), past=(past(2, "IN_PROGRESS"), past(1)))
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.fail("stop_deployment", ReplyLost("Reset."))
    plane.fail("stop_deployment", after, times=ALWAYS)
    ran = run(plane, BACK)
    assert (ran.status, plane.made("update_service")) == (Status.ROLLED_BACK, 0)


def test_t03_without_a_listed_way_back_the_history_must_be_read() -> None:
    plane = settled()
    plane.fail("history", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, BACK)
    assert isinstance(ran.error, Throttled), "not read is not: there was none"
    assert plane.writes == []


def rolling(**stopping: AwsRefused) -> ScriptedPlane:
    """A release of ours that goes on until somebody presses Ctrl-C."""
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]])
    plane.clock.interrupt_at = plane.clock.seconds + 12
    for call, error in stopping.items():
        plane.fail(call, error, times=ALWAYS)
    return plane


GOES_BACK = replace(WITH_ROLLBACK, on_interrupt=OnInterrupt.ROLLBACK)


def asked_back(ran: Ran) -> list[tuple[str, bool]]:
    return [(each.to_revision, each.stopped) for each in ran.told.of(RollingBack)]


def test_f25_an_interrupt_detaches_by_default() -> None:
    plane = rolling()
    ran = run(plane, RELEASE)
    assert (ran.status, plane.writes, asked_back(ran)) == (Status.INTERRUPTED, ["register", "update_service"], [])


def test_f26_an_interrupt_may_send_one_stop_and_waits_for_nothing() -> None:
    plane = rolling()
    plane.deployed = deployed("IN_PROGRESS")
    ran = run(plane, GOES_BACK)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.INTERRUPTED, Phase.ROLLING_BACK)
    assert (plane.calls[-1], asked_back(ran)) == ("stop_deployment", [(REVISION(1), True)])


@pytest.mark.parametrize("cannot", [None, AwsRefused("No.")], ids=["nothing to stop", "refused"])
def test_f26_where_it_cannot_be_stopped_the_service_is_put_back(cannot: AwsRefused | None) -> None:
    plane = rolling(**{"stop_deployment": cannot} if cannot else {})
    plane.deployed = deployed("IN_PROGRESS") if cannot else None
    ran = run(plane, GOES_BACK)
    assert (plane.calls[-1], asked_back(ran)) == ("update_service", [(REVISION(1), False)])


def test_f26_a_rollback_that_cannot_be_sent_is_a_warning() -> None:
    plane = rolling()
    plane.fail("update_service", AwsRefused("No."), after=1)
    ran = run(plane, GOES_BACK)
    assert (ran.status, ran.outcome.rollback) == (Status.INTERRUPTED, None)
    assert ran.outcome.warnings[-1].startswith("W-ROLLBACK-NOT-SENT")


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


DEAD = stopped("EssentialContainerExited", "Essential container in task exited", exited("app", 1))
STABLE = replace(RELEASE, min_stable_seconds=30)


def test_f40_a_release_that_stays_up_has_succeeded() -> None:
    ran = run(ScriptedPlane(courses=[[completes]]), STABLE)
    assert (ran.status, ran.seconds >= 30) == (Status.SUCCEEDED, True)


class Mortal(ScriptedPlane):
    """A task dies some seconds after the deployment has completed."""

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        self.calls.append("tasks_started_by")
        return (DEAD,) if self.made("tasks_started_by") > 2 else ()


def test_f40_a_task_that_dies_soon_after_completion_fails_the_release() -> None:
    ran = run(Mortal(courses=[[completes]]), STABLE)
    assert (ran.status, ran.outcome.verdict.reason) == (Status.FAILED, DEAD.stopped_reason)


def test_t09_a_history_that_repeats_a_page_is_not_taken_for_the_whole_of_it() -> None:
    plane = Circling(past=(past(3),), now=replace(ScriptedPlane().now, task_definition=REVISION(3)))
    ran = run(plane, BACK)
    assert isinstance(ran.error, AwsError)
    assert (plane.writes, plane.made("history") < 5) == ([], True)


def test_t09_a_history_without_an_end_is_not_taken_for_the_whole_of_it() -> None:
    plane = Endless(past=(past(3),), now=replace(ScriptedPlane().now, task_definition=REVISION(3)))
    ran = run(plane, BACK)
    assert isinstance(ran.error, AwsError)
    assert (plane.writes, plane.made("history") < 60) == ([], True)


class Endless(ScriptedPlane):
    """Each page of the history names another one as the next."""

    def history_page(self, ref: ServiceRef, token: str = "") -> tuple[tuple[PastDeployment, ...], str]:
        return self.do("history", lambda: (self.past, str(int(token or 0) + 1)))


class Circling(ScriptedPlane):
    """Each page of the history names the second one as the next."""

    def history_page(self, ref: ServiceRef, token: str = "") -> tuple[tuple[PastDeployment, ...], str]:
        return self.do("history", lambda: (self.past, "2"))
