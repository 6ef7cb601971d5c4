"""F46: a service under the CODE_DEPLOY controller is released through CodeDeploy, with the same verdicts."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.errors import AccessDenied, AwsError, AwsRefused, NoSuchResource, Refused, ReplyLost, Throttled, Untold
from ecsdeploy.model.events import RollingBack, Said, Started
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import (
    CodeDeployWish,
    ContinueRequest,
    DeployRequest,
    IfBusy,
    OnFailure,
    OnInterrupt,
    Request,
    RollbackRequest,
    Sizing,
    WaitUntil,
    WatchRequest,
    WholeBudget,
)
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import CapacityShare
from ecsdeploy.plan.codedeploy import revision_in
from tests.unit.engine.codedeployed import (
    GREEN,
    ROUTE,
    Course,
    ScriptedCodeDeploy,
    begins,
    cannot_go_back,
    fails,
    is_back,
    rolls_back,
    shifts,
    stops,
    succeeds,
    under_code_deploy,
    waits,
)
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, WITH_ROLLBACK, run
from tests.unit.engine.world import ALWAYS, Happening, ScriptedPlane, says
from tests.unit.plan.builders import WEB, container, definition_of, set_image
from tests.unit.rollout.builders import NOON, event, running_task

APPSPEC = json.dumps(
    {"Resources": [{"T": {"Properties": {"TaskDefinition": REVISION(1)}}}], "Hooks": [{"BeforeAllowTraffic": "check"}]}
)
WAITING = DeployRequest(service=WEB, edits=RELEASE.edits, if_busy=IfBusy.WAIT)


def _plane(*courses: list[Course]) -> ScriptedPlane:
    plane = ScriptedPlane()
    plane.now = under_code_deploy()
    plane.keep(definition_of(container("app", "acme/app:1", portMappings=[{"containerPort": 8080}])))
    plane.codedeploy.courses = list(courses)
    return plane


def _released_before(plane: ScriptedPlane, *statuses: str) -> None:
    for status in statuses:
        plane.codedeploy.keep(APPSPEC, status)


def _nothing(there: ScriptedCodeDeploy, identifier: str) -> None:
    """A look that finds no change."""


def _both(one: Course, other: Course) -> Course:
    def happen(there: ScriptedCodeDeploy, identifier: str) -> None:
        one(there, identifier)
        other(there, identifier)

    return happen


def test_f46_a_release_goes_through_code_deploy_and_never_through_update_service() -> None:
    plane = _plane([begins, shifts, waits, succeeds])
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, ran.outcome.to_revision) == (Status.SUCCEEDED, "d-1", REVISION(2))
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(2)]
    assert plane.writes == ["register", "codedeploy.create"]
    (started,) = ran.told.of(Started)
    assert (started.deployment_id, started.by) == ("d-1", "codedeploy")


def test_f46_a_forced_deployment_brings_the_revision_in_use_again() -> None:
    plane = _plane([begins, succeeds])
    assert run(plane, FORCED).status is Status.SUCCEEDED
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(1)]


@pytest.mark.parametrize("groups", [(), (ROUTE, replace(ROUTE, group="other"))], ids=["none", "two"])
def test_f46_without_one_group_nothing_is_written(groups: tuple[object, ...]) -> None:
    plane = _plane()
    plane.codedeploy.groups = groups  # type: ignore[assignment]
    ran = run(plane)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_f46_sizing_is_refused() -> None:
    plane = _plane()
    ran = run(plane, replace(RELEASE, sizing=Sizing(desired_count=5)))
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_to_register_alone_code_deploy_is_not_asked() -> None:
    plane = _plane()
    plane.codedeploy.groups = ()
    assert run(plane, replace(RELEASE, wait_until=WaitUntil.REGISTERED)).status is Status.SUCCEEDED
    assert not plane.made("codedeploy.routes")


def test_one_may_wait_until_the_new_version_is_healthy() -> None:
    plane = _plane([begins, shifts])
    assert run(plane, replace(RELEASE, wait_until=WaitUntil.HEALTHY)).status is Status.SUCCEEDED


def test_the_hooks_of_the_last_app_spec_run_again() -> None:
    plane = _plane([succeeds])
    _released_before(plane, "Succeeded")
    assert run(plane).status is Status.SUCCEEDED
    document = json.loads(plane.codedeploy.created[0])
    assert document["Hooks"] == [{"BeforeAllowTraffic": "check"}]
    assert revision_in(plane.codedeploy.created[0]) == REVISION(2)


def test_hooks_that_cannot_be_read_are_told() -> None:
    plane = _plane([succeeds])
    _released_before(plane, "Succeeded")
    plane.fail("codedeploy.appspec", AccessDenied("No."))
    ran = run(plane)
    assert ran.status is Status.SUCCEEDED
    assert ran.outcome.warnings == ("W-APPSPEC-NOT-KEPT d-1 No.",)


def test_an_app_spec_of_a_strange_form_is_told() -> None:
    plane = _plane([succeeds])
    plane.codedeploy.keep("strange", "Succeeded")
    ran = run(plane)
    assert (ran.status, len(ran.outcome.warnings)) == (Status.SUCCEEDED, 1)


def test_p08_an_app_spec_in_yaml_that_takes_the_strategy_away_is_told() -> None:
    plane = _plane([succeeds])
    plane.codedeploy.keep("Properties:\n  TaskDefinition: web:1\n", "Succeeded")
    settings = replace(plane.now.settings, capacity=(CapacityShare(provider="FARGATE_SPOT", weight=1),))
    plane.now = replace(plane.now, settings=settings)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-CAPACITY-LOST d-1",))


@pytest.mark.parametrize("applied", [True, False])
def test_f46_a_lost_reply_leads_to_exactly_one_deployment(applied: bool) -> None:
    plane = _plane([begins, succeeds], [begins, succeeds])
    _released_before(plane, "Succeeded")
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=applied)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-2")
    assert len(plane.codedeploy.created) == 1


def test_f46_a_deployment_that_is_listed_late_is_not_made_twice() -> None:
    plane = _plane([begins, succeeds])
    plane.codedeploy.unlisted = 5
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.create", AwsRefused("The group already has an active deployment."))
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, len(plane.codedeploy.created)) == (Status.SUCCEEDED, "d-1", 1)


def test_f46_a_request_that_is_lost_twice_leads_to_exactly_one_deployment() -> None:
    plane = _plane([begins, succeeds])
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, len(plane.codedeploy.created)) == (Status.SUCCEEDED, "d-1", 1)


def test_f46_the_rollback_of_ours_is_not_taken_for_ours_after_a_lost_reply() -> None:
    plane = _plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.meanwhile["codedeploy.deployments"] = _is_taken_back(plane)
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")


def test_f46_an_older_deployment_is_not_taken_for_ours_after_a_lost_reply() -> None:
    plane = _plane([begins, succeeds])
    _released_before(plane, "Succeeded", "Succeeded")
    newest = plane.codedeploy.there["d-2"].created_at
    plane.codedeploy.change("d-1", appspec_hash="another", created_at=newest and newest - timedelta(milliseconds=1))
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    assert run(plane).status is Status.SUCCEEDED


@pytest.mark.parametrize("ended", ["Succeeded", "InProgress"])
def test_f46_a_lost_request_is_not_sent_again_over_what_others_have_released_since(ended: str) -> None:
    plane = _plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.meanwhile["codedeploy.deployments"] = _theirs(plane, ended)
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.codedeploy.created) == (Status.BUSY, "d-1", [])
    assert plane.made("codedeploy.create") == 1


def test_f46_a_second_request_that_others_were_faster_than_is_busy() -> None:
    plane = _plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."))
    plane.fail("codedeploy.create", AwsRefused("The group already has an active deployment."))
    plane.meanwhile["codedeploy.create"] = _theirs(plane, "InProgress")
    plane.codedeploy.unlisted = 5
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.by, plane.codedeploy.created) == (Status.BUSY, "d-1", [])


@pytest.mark.parametrize("error", [AwsRefused("The group is at work."), Throttled("Slow down."), AccessDenied("No.")])
def test_f46_however_a_second_request_ends_the_first_one_may_have_been_carried_out(error: AwsError) -> None:
    plane = _plane()
    plane.codedeploy.unlisted = 99
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.create", error, times=ALWAYS)
    ran = run(plane)
    assert (ran.status, len(plane.codedeploy.created)) == (Status.UNKNOWN, 1)
    assert isinstance(ran.error, ReplyLost)


def test_f46_a_write_that_stays_lost_is_unknown() -> None:
    plane = _plane()
    plane.fail("codedeploy.create", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.deployments", AwsRefused("No."))
    ran = run(plane, WITH_ROLLBACK)
    assert isinstance(ran.error, ReplyLost)
    assert ran.status is Status.UNKNOWN
    assert not plane.made("codedeploy.stop")


def test_f46_a_throttled_write_is_sent_again() -> None:
    plane = _plane([succeeds])
    plane.fail("codedeploy.create", Throttled("Slowly."))
    assert run(plane).status is Status.SUCCEEDED


@pytest.mark.parametrize("if_busy", [IfBusy.FAIL, IfBusy.SUPERSEDE])
def test_a_group_at_work_is_busy_whatever_may_be_superseded(if_busy: IfBusy) -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    ran = run(plane, replace(RELEASE, if_busy=if_busy))
    assert (ran.status, ran.outcome.verdict.by, plane.writes) == (Status.BUSY, "d-1", [])


def test_one_may_wait_for_the_group_and_for_its_rollback() -> None:
    plane = _plane([begins, succeeds])
    _released_before(plane, "InProgress")
    plane.codedeploy.under_way(_nothing, _both(stops, rolls_back), _nothing, is_back)
    ran = run(plane, WAITING)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-3")


def test_waiting_for_the_group_has_an_end() -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    ran = run(plane, replace(WAITING, budget=WholeBudget(seconds=70)))
    assert (ran.status, ran.outcome.verdict.limit_seconds, plane.writes) == (Status.BUSY, 70, [])


def test_f46_code_deploy_s_own_rollback_is_told_as_its_own() -> None:
    plane = _plane([begins, _both(fails, rolls_back), is_back])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert ran.outcome.rollback is not None
    assert (ran.outcome.rollback.by, ran.outcome.rollback.to_revision) == ("codedeploy", REVISION(1))
    assert not plane.made("codedeploy.stop")


def test_f46_a_rollback_that_fails_too_says_so() -> None:
    plane = _plane([begins, _both(fails, rolls_back), cannot_go_back])
    assert run(plane).status is Status.ROLLBACK_FAILED


def test_f46_a_failure_before_any_traffic_leaves_nothing_to_undo() -> None:
    plane = _plane([begins, fails])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.FAILED, REVISION(1))
    assert plane.writes == ["register", "codedeploy.create"]


def test_f46_what_is_under_way_at_the_end_of_time_is_stopped_with_a_rollback() -> None:
    plane = _plane([begins])
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.ROLLED_BACK
    assert plane.writes == ["register", "codedeploy.create", "codedeploy.stop"]
    (back,) = ran.told.of(RollingBack)
    assert (back.by, back.stopped, back.to_revision) == ("us", True, REVISION(1))
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.deployment_id == "d-1"


def test_t04_a_way_back_has_the_time_that_the_service_s_own_settings_take_and_tells_it() -> None:
    plane = _plane([begins])
    plane.now = replace(plane.now, grace_seconds=600)
    plane.codedeploy.on_stop = [stops, rolls_back]
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.TIMED_OUT
    assert ran.outcome.verdict.limit_seconds > 600
    assert ran.seconds >= 60 + ran.outcome.verdict.limit_seconds


def test_f46_a_rollback_that_does_not_come_after_our_stop_has_failed() -> None:
    plane = _plane([begins])
    plane.codedeploy.on_stop = [stops]
    assert run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60))).status is Status.ROLLBACK_FAILED


def test_f46_traffic_that_has_moved_is_brought_back_by_a_new_deployment() -> None:
    plane = _plane([begins, shifts, fails], [begins, succeeds])
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.verdict.serving) == (Status.ROLLED_BACK, REVISION(1))
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(2), REVISION(1)]
    assert ran.outcome.rollback is not None
    assert ran.outcome.rollback.deployment_id == "d-2"


def test_f46_a_deployment_that_succeeds_before_it_is_stopped_has_succeeded() -> None:
    plane = _plane([begins], [begins, succeeds])
    plane.codedeploy.on_stop = [succeeds]
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.outcome.rollback) == (Status.SUCCEEDED, None)
    assert len(plane.codedeploy.created) == 1


def test_f46_a_deployment_that_ended_just_before_our_stop_is_judged_as_it_is() -> None:
    plane = _plane([begins])
    plane.fail("codedeploy.stop", AwsRefused("It has ended."))
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert ran.status is Status.TIMED_OUT


def test_f46_to_stop_on_failure_deploys_nothing_again() -> None:
    stop = replace(WITH_ROLLBACK, on_failure=OnFailure.STOP)
    moving = _plane([begins])
    assert run(moving, replace(stop, budget=WholeBudget(seconds=60))).status is Status.ROLLED_BACK
    assert moving.writes == ["register", "codedeploy.create", "codedeploy.stop"]
    ended = _plane([begins, shifts, fails])
    ran = run(ended, stop)
    assert (ran.status, ended.writes) == (Status.FAILED, ["register", "codedeploy.create"])
    assert ran.outcome.warnings == ("W-NOTHING-TO-STOP web",)


def test_what_runs_already_is_no_reason_to_ignore_a_deployment_under_way() -> None:
    plane = _plane()
    asked = replace(RELEASE, edits=(set_image("acme/app:1"),), skip_unchanged=True)
    assert run(plane, asked).status is Status.UNCHANGED
    _released_before(plane, "InProgress")
    assert run(plane, asked).status is Status.BUSY


def test_f46_another_s_deployment_is_never_undone() -> None:
    plane = _plane([begins, shifts, _both(fails, lambda there, _: _keep_foreign(there))])
    ran = run(plane, WITH_ROLLBACK)
    assert ran.status is Status.FAILED
    assert any(each.startswith("W-NOT-OURS") for each in ran.outcome.warnings)
    assert len(plane.codedeploy.created) == 1


def test_f46_a_lost_request_to_go_back_is_not_sent_again_over_what_others_have_released_since() -> None:
    plane = _plane([begins, shifts, fails])
    plane.fail("codedeploy.create", ReplyLost("Lost."), after=1)
    plane.meanwhile["codedeploy.deployments"] = _theirs(plane, "Succeeded")
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback, plane.made("codedeploy.create")) == (Status.FAILED, None, 2)
    assert ran.outcome.warnings == (f"W-NOT-OURS d-2 {ROUTE}",)


def _keep_foreign(there: ScriptedCodeDeploy) -> None:
    there.keep(APPSPEC, "InProgress")


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


def test_f46_an_error_on_the_way_back_is_a_failed_rollback() -> None:
    plane = _plane([begins, shifts, fails])
    plane.fail("codedeploy.create", AccessDenied("No."), after=1)
    ran = run(plane, WITH_ROLLBACK)
    assert (ran.status, ran.outcome.rollback and ran.outcome.rollback.reason) == (Status.ROLLBACK_FAILED, "No.")


def test_f46_a_forced_deployment_has_nothing_to_go_back_to() -> None:
    plane = _plane([begins, fails])
    ran = run(plane, replace(FORCED, on_failure=WITH_ROLLBACK.on_failure))
    assert ran.status is Status.FAILED
    assert any(each.startswith("W-NO-ROLLBACK-TARGET") for each in ran.outcome.warnings)


@pytest.mark.parametrize(
    ("on_interrupt", "stopped"), [(OnInterrupt.DETACH, 0), (OnInterrupt.ROLLBACK, 1)], ids=["detach", "rollback"]
)
def test_f46_a_signal_detaches_or_stops_as_it_was_asked(on_interrupt: OnInterrupt, stopped: int) -> None:
    plane = _plane([begins])
    plane.clock.interrupt_at = plane.clock.seconds + 20
    ran = run(plane, replace(RELEASE, on_interrupt=on_interrupt))
    assert (ran.status, plane.made("codedeploy.stop")) == (Status.INTERRUPTED, stopped)
    assert not plane.made("update_service")


def test_f46_a_rollback_that_cannot_be_asked_for_after_a_signal_is_told() -> None:
    plane = _plane([begins])
    plane.clock.interrupt_at = plane.clock.seconds + 20
    plane.fail("codedeploy.stop", AwsRefused("It has ended."))
    ran = run(plane, replace(RELEASE, on_interrupt=OnInterrupt.ROLLBACK))
    assert ran.outcome.warnings == ("W-ROLLBACK-NOT-SENT It has ended.",)


def test_f46_lost_contact_is_waited_for() -> None:
    plane = _plane([begins, succeeds])
    plane.fail("codedeploy.deployment", ReplyLost("Lost."), times=3)
    assert run(plane).status is Status.SUCCEEDED


def test_f46_what_may_not_be_read_is_done_without() -> None:
    plane = _plane([begins, succeeds])
    plane.fail("codedeploy.target", AccessDenied("No."), times=10)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-UNREADABLE No.",))


def test_f46_the_service_is_read_only_while_tasks_start() -> None:
    plane = _plane([begins, begins, shifts, shifts, shifts, waits, waits, succeeds])
    run(plane)
    assert plane.made("service") == 1 + 2


def test_f46_ecs_s_lines_are_told_too() -> None:
    plane = _plane([lambda there, _: _say(there), begins, succeeds])
    ran = run(plane)
    assert [each.id for each in ran.told.of(Said)] == [event(7).id]


def _say(there: ScriptedCodeDeploy) -> None:
    there.world.now = says(7)(there.world.now)


def test_f46_stopped_tasks_are_those_of_the_new_task_set() -> None:
    plane = _plane([begins, fails])
    plane.stopped = (running_task(1, status="STOPPED"),)
    run(plane)
    assert plane.asked_tasks == [GREEN]


def test_min_stable_looks_at_the_new_task_set() -> None:
    plane = _plane([begins, succeeds])
    assert run(plane, replace(RELEASE, min_stable_seconds=10)).status is Status.SUCCEEDED
    assert set(plane.asked_tasks) == {GREEN}


@pytest.mark.parametrize("deployment", ["", "d-1"])
def test_f46_watch_follows_what_another_process_began(deployment: str) -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    plane.codedeploy.under_way(begins, begins, succeeds)
    plane.codedeploy.created.append(APPSPEC)
    ran = run(plane, WatchRequest(service=WEB, deployment=deployment))
    assert (ran.status, ran.outcome.deployment_id, ran.outcome.to_revision) == (Status.SUCCEEDED, "d-1", REVISION(1))
    assert plane.writes == []


def test_f45_a_watch_does_not_count_the_time_that_code_deploy_keeps_the_old_version() -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    plane.codedeploy.under_way(begins, shifts, *[waits] * 30, succeeds)
    ran = run(plane, WatchRequest(service=WEB, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.seconds > 60) == (Status.SUCCEEDED, True)


def test_f46_watching_a_rollback_is_watching_what_it_rolls_back() -> None:
    plane = _plane()
    _released_before(plane, "Stopped")
    rolls_back(plane.codedeploy, "d-1")
    plane.codedeploy.under_way(_nothing, _nothing, _nothing, is_back)
    ran = run(plane, WatchRequest(service=WEB))
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")


def test_f46_there_must_be_something_to_watch() -> None:
    assert isinstance(run(_plane(), WatchRequest(service=WEB)).error, NoSuchResource)


def test_f46_only_deployments_of_the_service_s_group_are_watched() -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    plane.codedeploy.change("d-1", group="other")
    error = run(plane, WatchRequest(service=WEB, deployment="d-1")).error
    assert isinstance(error, NoSuchResource)
    assert "d-1" in error.message


@pytest.mark.parametrize("request_", [WatchRequest(service=WEB), RollbackRequest(service=WEB)], ids=["watch", "back"])
def test_f46_without_a_group_there_is_nothing_to_watch_or_stop(request_: Request) -> None:
    plane = _plane()
    plane.codedeploy.groups = ()
    ran = run(plane, request_)
    assert isinstance(ran.error, NoSuchResource)
    assert plane.writes == []


STOP = RollbackRequest(service=WEB, only_running=True)


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_f46_stop_and_rollback_stop_what_is_under_way(request_: Request) -> None:
    plane = _plane()
    _released_before(plane, "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    ran = run(plane, request_)
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")
    assert plane.writes == ["codedeploy.stop"]


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_t03_a_stop_that_may_not_be_asked_for_is_not_called_nothing_to_stop(request_: Request) -> None:
    plane = _plane()
    _released_before(plane, "Succeeded", "InProgress")
    plane.fail("codedeploy.stop", AccessDenied("May not call `codedeploy:StopDeployment`."), times=ALWAYS)
    ran = run(plane, request_)
    assert isinstance(ran.error, AccessDenied)
    assert set(plane.writes) == {"codedeploy.stop"}


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_t03_a_stop_whose_reply_was_lost_and_that_is_refused_then_is_followed(request_: Request) -> None:
    plane = _plane()
    _released_before(plane, "Succeeded", "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    plane.fail("codedeploy.stop", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.stop", AwsRefused("It has ended."), times=ALWAYS)
    ran = run(plane, request_)
    assert (ran.status, ran.outcome.deployment_id, set(plane.writes)) == (
        Status.ROLLED_BACK,
        "d-2",
        {"codedeploy.stop"},
    )


def test_t02_the_reads_of_a_way_back_share_one_deadline() -> None:
    plane = _plane([begins, shifts, fails])
    slow = Throttled("Slow down.")
    for call, after in (("codedeploy.deployment", 3), ("service", 3), ("codedeploy.target", 3)):
        plane.fail(call, slow, times=4, takes=12, after=after)
    ran = run(plane, replace(WITH_ROLLBACK, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.seconds < 60 + 90) == (Status.ROLLBACK_FAILED, True)


def test_t09_a_good_release_before_a_hundred_others_is_found() -> None:
    plane = _plane([begins, succeeds])
    _released_before(plane, "Succeeded")
    for _ in range(120):
        plane.codedeploy.keep(APPSPEC.replace("web:1", "web:9"), "Failed")
    plane.now = replace(plane.now, task_definition=REVISION(3))
    assert run(plane, RollbackRequest(service=WEB)).outcome.to_revision == REVISION(1)


def test_m01_a_wait_of_code_deploy_is_answered_there_and_followed_with_our_own_command() -> None:
    plane = _plane()
    _released_before(plane, "Ready")
    error = run(plane, ContinueRequest(service=WEB)).error
    assert isinstance(error, Refused)
    assert "`d-1`" in error.message
    assert ("ecs-deploy watch" in error.hint, "aws deploy" in error.hint, plane.writes) == (True, False, [])


def test_f46_stop_refuses_where_nothing_is_under_way() -> None:
    plane = _plane()
    _released_before(plane, "Succeeded")
    assert isinstance(run(plane, STOP).error, Refused)
    assert plane.writes == []


def test_f46_rollback_releases_the_last_good_revision_again() -> None:
    plane = _plane([begins, succeeds])
    _released_before(plane, "Succeeded")
    plane.codedeploy.keep(APPSPEC.replace("web:1", "web:9"), "Failed")
    plane.now = replace(plane.now, task_definition=REVISION(3))
    ran = run(plane, RollbackRequest(service=WEB))
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(1))
    assert plane.writes == ["codedeploy.create"]


def test_f46_a_failed_release_ends_in_the_phase_it_was_in() -> None:
    plane = _plane([begins, stops, stops])
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.STOPPED, Phase.WAITING)


def _of(revision: int) -> str:
    return json.dumps({"Resources": [{"T": {"Properties": {"TaskDefinition": REVISION(revision)}}}]})


SECOND = WatchRequest(service=WEB, revision="web:2", start_seconds=20)


def test_f46_a_watch_finds_the_deployment_that_brings_a_revision() -> None:
    plane = _plane()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    for revision in (2, 1):
        plane.codedeploy.created.append(_of(revision))
        plane.codedeploy.keep(_of(revision), "Succeeded")
    ended = (plane.codedeploy.there["d-1"].created_at or NOON) + timedelta(minutes=5)
    plane.codedeploy.change("d-1", ended_at=ended)
    ran = run(plane, SECOND)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-1")
    assert ran.outcome.warnings == (f"W-ENDED-ALREADY d-1 Succeeded {ended:%Y-%m-%dT%H:%M:%SZ}",)


def test_f46_a_watch_takes_no_rollback_and_nothing_older_for_what_is_looked_for() -> None:
    plane = _plane()
    _released_before(plane, "Failed")
    rolls_back(plane.codedeploy, "d-1")
    since = (plane.codedeploy.there["d-1"].created_at or NOON) + timedelta(milliseconds=1)
    ran = run(plane, WatchRequest(service=WEB, since=since, start_seconds=20))
    assert (ran.status, isinstance(ran.error, NoSuchResource), ran.seconds) == (Status.REFUSED, True, 20)


def test_f46_a_watch_waits_for_a_deployment_of_code_deploy_to_begin() -> None:
    plane = _plane()
    _released_before(plane, "Succeeded")
    assert run(plane, SECOND).status is Status.REFUSED


@pytest.mark.parametrize(
    "looked_for", [SECOND, WatchRequest(service=WEB, since=NOON, start_seconds=20)], ids=["revision", "time"]
)
@pytest.mark.parametrize("appspec", ["", "resources: none"], ids=["not CodeDeploy's own", "without a revision"])
def test_a_younger_deployment_of_code_deploy_that_does_not_tell_its_revision_leaves_it_unknown(
    looked_for: WatchRequest, appspec: str
) -> None:
    plane = _plane()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.codedeploy.keep(_of(2), "Succeeded")
    younger = plane.codedeploy.keep(appspec, "Failed")
    plane.codedeploy.change(younger, **({} if appspec else {"appspec_hash": ""}))
    ran = run(plane, looked_for)
    assert (ran.status, isinstance(ran.error, Untold)) == (Status.UNKNOWN, True)
    assert f"`{younger}`" in str(ran.error)


def test_a_watch_reads_each_of_a_hundred_appspecs_once_and_says_that_it_read_no_more() -> None:
    plane = _plane()
    plane.codedeploy.keep(_of(2), "Succeeded")
    for _ in range(100):
        plane.codedeploy.keep(_of(1), "Succeeded")
    ran = run(plane, SECOND)
    assert (ran.status, isinstance(ran.error, Untold)) == (Status.UNKNOWN, True)
    assert "100" in str(ran.error)
    assert plane.made("codedeploy.appspec") == 100


def test_of_several_groups_the_one_that_is_named_is_used() -> None:
    other = replace(ROUTE, group="other")
    plane = _plane([begins, shifts, waits, succeeds])
    plane.codedeploy.groups = (ROUTE, other)
    assert run(plane).status is Status.REFUSED
    plane = _plane([begins, shifts, waits, succeeds])
    plane.codedeploy.groups = (ROUTE, other)
    wish = CodeDeployWish(application=ROUTE.application, group=ROUTE.group, appspec=APPSPEC)
    ran = run(plane, replace(RELEASE, codedeploy=wish))
    (sent,) = plane.codedeploy.created
    assert (ran.status, json.loads(sent)["Hooks"]) == (Status.SUCCEEDED, json.loads(APPSPEC)["Hooks"])
    assert revision_in(sent) == REVISION(2)
