"""What follows a verdict, whole: the causes with all that shows them, one way back, and not a word or a write twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from ecsdeploy.errors import AwsError, AwsRefused, NoSuchResource, Throttled
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.events import RollingBack
from ecsdeploy.model.outcome import Phase, RollbackReport, Status
from ecsdeploy.model.request import Answer, FromFile, OnFailure, OnInterrupt
from ecsdeploy.model.service import PastDeployment, Service
from tests.unit.engine.happenings import completes, fails, goes_on, started
from tests.unit.engine.lost_writes import LOST, THEIRS, lost_for_long, others_have_deployed
from tests.unit.engine.others_at_work import BACK, busy, past, settled
from tests.unit.engine.runs import RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.test_examine import LOGGED, WITH_URL, failing
from tests.unit.engine.test_going_back import planned, rolling_back
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.rollout.builders import FOREIGN_ID, OUR_ID, deployed

BASELINE = REVISION(1)


def test_a_cause_is_told_with_what_changed_since_the_revision_before() -> None:
    plane = failing()
    plane.keep(WITH_URL)
    file = FromFile(path="web.json", definition=replace(LOGGED, payload={**LOGGED.payload, "taskDefinitionArn": ""}))
    cause = run(plane, replace(RELEASE, base=file)).outcome.cause
    assert cause is not None
    assert cause.remedy.startswith("web:1 defined DATABASE_URL, web:2 does not.")


ALARM = "Service deployment rolled back because of one or more active alarms."


def test_the_reason_and_the_alarms_of_the_last_look_are_evidence() -> None:
    plane = failing(stopped=(), courses=[[goes_on, fails]])
    plane.deployed = replace(deployed("STOPPED", reason=ALARM), triggered_alarms=("web-5xx",))
    (cause,) = run(plane).outcome.causes
    assert (cause.code, cause.evidence) == ("E-ALARM", (ALARM, "alarm web-5xx"))


def test_a_stopped_task_that_ecs_no_longer_lists_is_a_cause_all_the_same() -> None:
    plane = failing(courses=[[goes_on, one_more_failed, fails]])

    def forgotten(now: Service) -> Service:
        if plane.made("tasks_started_by") > 1:
            plane.stopped = ()
        else:
            plane.meanwhile["tasks_started_by"] = forgotten
        return now

    plane.meanwhile["tasks_started_by"] = forgotten
    assert [each.code for each in run(plane).outcome.causes] == ["E-CONTAINER-EXIT"]


def one_more_failed(now: Service) -> Service:
    first, *others = now.deployments
    return replace(now, deployments=(replace(first, failed=first.failed + 1), *others))


def test_a_service_that_no_look_ever_found_has_failed_and_is_no_mistake_of_ours() -> None:
    plane = ScriptedPlane(courses=[[goes_on]])
    plane.fail("service", NoSuchResource("The service was not found."), times=ALWAYS, after=1)
    ran = run(plane)
    assert (ran.status, ran.error, ran.outcome.causes) == (Status.FAILED, None, ())


def test_an_answer_to_go_back_puts_the_service_back_where_only_a_stop_was_asked_for_on_failure() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [completes]])
    plane.clock.interrupt_at = plane.clock.seconds + 12
    asks = replace(RELEASE, on_interrupt=OnInterrupt.ASK, on_failure=OnFailure.STOP)
    ran = run(plane, asks, lambda: Answer.ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving, plane.made("update_service")) == (Status.INTERRUPTED, BASELINE, 2)


def test_a_signal_puts_the_service_back_where_it_cannot_be_stopped_whatever_a_failure_would_do() -> None:
    plane = ScriptedPlane(courses=[[goes_on], [goes_on]], deployed=deployed("IN_PROGRESS"))
    plane.clock.interrupt_at = plane.clock.seconds + 12
    plane.fail("stop_deployment", Throttled("Slow down."), times=ALWAYS)
    ran = run(plane, replace(RELEASE, on_interrupt=OnInterrupt.ROLLBACK, on_failure=OnFailure.STOP))
    assert (ran.status, plane.made("update_service")) == (Status.INTERRUPTED, 2)


def test_a_signal_while_a_rollback_is_followed_sends_and_tells_nothing_more() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails], [goes_on]])

    def second(now: Service) -> Service:
        if plane.made("update_service") < 2:
            plane.meanwhile["update_service"] = second
        else:
            plane.clock.interrupt_at = plane.clock.seconds + 12
        return now

    plane.meanwhile["update_service"] = second
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("update_service"), len(ran.told.of(RollingBack))) == (Status.INTERRUPTED, 2, 1)


def test_a_signal_while_the_cause_is_looked_for_stops_nothing_where_others_took_over() -> None:
    plane = failing(courses=[[goes_on, fails]], deployed=deployed("STOPPED"))

    def taken_over(now: Service) -> Service:
        if now.deployments[0].rollout_state != "FAILED":
            plane.meanwhile["service"] = taken_over
            return now
        plane.fail("tasks_started_by", KeyboardInterrupt())
        return started(FOREIGN_ID, REVISION(9))(now)

    plane.meanwhile["service"] = taken_over
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, plane.made("stop_deployment"), plane.made("update_service")) == (Status.FAILED, 0, 1)


def test_what_was_only_followed_is_not_undone_and_is_named() -> None:
    plane = busy(goes_on, fails)
    ran = run(plane, replace(WITH_ROLLBACK, edits=(), skip_unchanged=True))
    assert ran.outcome.warnings == (f"W-ATTACHED {OUR_ID}", f"W-NOT-OURS {OUR_ID} {REVISION(2)}")
    assert plane.writes == []


def test_a_way_back_that_ecs_refuses_is_reported_with_where_it_led_and_why() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails]])
    plane.fail("update_service", AwsRefused("No."), times=ALWAYS, after=1)
    assert run(plane, WITH_ROLLBACK).outcome.rollback == RollbackReport(
        by="us", to_revision=BASELINE, status=Status.ROLLBACK_FAILED, reason="No.", running=None, desired=None
    )


@dataclass(slots=True)
class Circling(ScriptedPlane):
    """Each page of the releases names the same next one."""

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        page, _ = ScriptedPlane.history_page(self, ref, token, most=most, statuses=statuses)
        return page, "20"


def test_releases_whose_pages_never_end_are_told_as_not_read() -> None:
    plane = Circling(past=(past(1, "STOPPED"),))
    ran = run(plane, BACK)
    assert isinstance(ran.error, AwsError)
    assert ran.error.message == "The releases of `web` were not read whole: AWS names one page twice."


def test_a_plan_under_code_deploy_asks_ecs_for_no_releases() -> None:
    plane = settled()
    plane.now = replace(rolling_back().now, controller="CODE_DEPLOY")
    plane.codedeploy.groups = ()
    with pytest.raises(NoSuchResource):
        planned(plane, BACK)
    assert plane.made("history") == 0


def test_a_write_that_stays_lost_is_left_alone_where_no_rollback_was_asked_for() -> None:
    plane = lost_for_long()
    ran = run(plane)
    assert (ran.error, [revision for _, revision in plane.updates]) == (LOST, [REVISION(2)])


def test_how_far_a_lost_release_was_is_told_with_its_end() -> None:
    assert run(lost_for_long(), WITH_ROLLBACK).outcome.verdict.phase is Phase.STARTING
    overtaken = ScriptedPlane(past=(THEIRS,))
    overtaken.fail("update_service", LOST)
    overtaken.meanwhile["update_service"] = others_have_deployed
    verdict = run(overtaken).outcome.verdict
    assert (verdict.status, verdict.by, verdict.phase) == (Status.BUSY, FOREIGN_ID, Phase.REGISTERED)
