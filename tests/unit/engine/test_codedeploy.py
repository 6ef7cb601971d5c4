"""F46: a service under the CODE_DEPLOY controller is released through CodeDeploy, with the same verdicts."""

import json
from dataclasses import replace

import pytest

from ecsdeploy.errors import AccessDenied, Refused, ReplyLost
from ecsdeploy.model.events import Said, Started
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import (
    CodeDeployWish,
    DeployRequest,
    IfBusy,
    Sizing,
    WaitUntil,
    WholeBudget,
)
from ecsdeploy.model.settings import CapacityShare
from ecsdeploy.plan.codedeploy import revision_in
from tests.unit.engine.codedeploy_planes import APPSPEC, a_plane, both, nothing, released_before
from tests.unit.engine.codedeployed import (
    GREEN,
    ROUTE,
    ScriptedCodeDeploy,
    begins,
    fails,
    is_back,
    rolls_back,
    shifts,
    stops,
    succeeds,
    waits,
)
from tests.unit.engine.happenings import says
from tests.unit.engine.runs import FORCED, RELEASE, REVISION, run
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import event, running_task

WAITING = DeployRequest(service=WEB, edits=RELEASE.edits, if_busy=IfBusy.WAIT)


def test_f46_a_release_goes_through_code_deploy_and_never_through_update_service() -> None:
    plane = a_plane([begins, shifts, waits, succeeds])
    ran = run(plane)
    assert (ran.status, ran.outcome.deployment_id, ran.outcome.to_revision) == (Status.SUCCEEDED, "d-1", REVISION(2))
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(2)]
    assert plane.writes == ["register", "codedeploy.create"]
    (started,) = ran.told.of(Started)
    assert (started.deployment_id, started.by) == ("d-1", "codedeploy")


def test_f46_a_forced_deployment_brings_the_revision_in_use_again() -> None:
    plane = a_plane([begins, succeeds])
    assert run(plane, FORCED).status is Status.SUCCEEDED
    assert [revision_in(each) for each in plane.codedeploy.created] == [REVISION(1)]


@pytest.mark.parametrize("groups", [(), (ROUTE, replace(ROUTE, group="other"))], ids=["none", "two"])
def test_f46_without_one_group_nothing_is_written(groups: tuple[object, ...]) -> None:
    plane = a_plane()
    plane.codedeploy.groups = groups  # type: ignore[assignment]
    ran = run(plane)
    assert isinstance(ran.error, Refused)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_f46_sizing_is_refused() -> None:
    plane = a_plane()
    ran = run(plane, replace(RELEASE, sizing=Sizing(desired_count=5)))
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


def test_to_register_alone_code_deploy_is_not_asked() -> None:
    plane = a_plane()
    plane.codedeploy.groups = ()
    assert run(plane, replace(RELEASE, wait_until=WaitUntil.REGISTERED)).status is Status.SUCCEEDED
    assert not plane.made("codedeploy.routes")


def test_one_may_wait_until_the_new_version_is_healthy() -> None:
    plane = a_plane([begins, shifts])
    assert run(plane, replace(RELEASE, wait_until=WaitUntil.HEALTHY)).status is Status.SUCCEEDED


def test_the_hooks_of_the_last_app_spec_run_again() -> None:
    plane = a_plane([succeeds])
    released_before(plane, "Succeeded")
    assert run(plane).status is Status.SUCCEEDED
    document = json.loads(plane.codedeploy.created[0])
    assert document["Hooks"] == [{"BeforeAllowTraffic": "check"}]
    assert revision_in(plane.codedeploy.created[0]) == REVISION(2)


def test_hooks_that_cannot_be_read_are_told() -> None:
    plane = a_plane([succeeds])
    released_before(plane, "Succeeded")
    plane.fail("codedeploy.appspec", AccessDenied("No."))
    ran = run(plane)
    assert ran.status is Status.SUCCEEDED
    assert ran.outcome.warnings == ("W-APPSPEC-NOT-KEPT d-1 No.",)


def test_an_app_spec_of_a_strange_form_is_told() -> None:
    plane = a_plane([succeeds])
    plane.codedeploy.keep("strange", "Succeeded")
    ran = run(plane)
    assert (ran.status, len(ran.outcome.warnings)) == (Status.SUCCEEDED, 1)


def test_p08_an_app_spec_in_yaml_that_takes_the_strategy_away_is_told() -> None:
    plane = a_plane([succeeds])
    plane.codedeploy.keep("Properties:\n  TaskDefinition: web:1\n", "Succeeded")
    settings = replace(plane.now.settings, capacity=(CapacityShare(provider="FARGATE_SPOT", weight=1),))
    plane.now = replace(plane.now, settings=settings)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-CAPACITY-LOST d-1",))


@pytest.mark.parametrize("if_busy", [IfBusy.FAIL, IfBusy.SUPERSEDE])
def test_a_group_at_work_is_busy_whatever_may_be_superseded(if_busy: IfBusy) -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    ran = run(plane, replace(RELEASE, if_busy=if_busy))
    assert (ran.status, ran.outcome.verdict.by, plane.writes) == (Status.BUSY, "d-1", [])


def test_one_may_wait_for_the_group_and_for_its_rollback() -> None:
    plane = a_plane([begins, succeeds])
    released_before(plane, "InProgress")
    plane.codedeploy.under_way(nothing, both(stops, rolls_back), nothing, is_back)
    ran = run(plane, WAITING)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-3")


def test_waiting_for_the_group_has_an_end() -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    ran = run(plane, replace(WAITING, budget=WholeBudget(seconds=70)))
    assert (ran.status, ran.outcome.verdict.limit_seconds, plane.writes) == (Status.BUSY, 70, [])


def test_f46_lost_contact_is_waited_for() -> None:
    plane = a_plane([begins, succeeds])
    plane.fail("codedeploy.deployment", ReplyLost("Lost."), times=3)
    assert run(plane).status is Status.SUCCEEDED


def test_f46_what_may_not_be_read_is_done_without() -> None:
    plane = a_plane([begins, succeeds])
    plane.fail("codedeploy.target", AccessDenied("No."), times=10)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-UNREADABLE No.",))


def test_f46_the_service_is_read_only_while_tasks_start() -> None:
    plane = a_plane([begins, begins, shifts, shifts, shifts, waits, waits, succeeds])
    run(plane)
    assert plane.made("service") == 1 + 2


def test_f46_ecs_s_lines_are_told_too() -> None:
    plane = a_plane([lambda there, _: _say(there), begins, succeeds])
    ran = run(plane)
    assert [each.id for each in ran.told.of(Said)] == [event(7).id]


def _say(there: ScriptedCodeDeploy) -> None:
    there.world.now = says(7)(there.world.now)


def test_f46_stopped_tasks_are_those_of_the_new_task_set() -> None:
    plane = a_plane([begins, fails])
    plane.stopped = (running_task(1, status="STOPPED"),)
    run(plane)
    assert plane.asked_tasks == [GREEN]


def test_min_stable_looks_at_the_new_task_set() -> None:
    plane = a_plane([begins, succeeds])
    assert run(plane, replace(RELEASE, min_stable_seconds=10)).status is Status.SUCCEEDED
    assert set(plane.asked_tasks) == {GREEN}


def test_f46_a_failed_release_ends_in_the_phase_it_was_in() -> None:
    plane = a_plane([begins, stops, stops])
    ran = run(plane)
    assert (ran.status, ran.outcome.verdict.phase) == (Status.STOPPED, Phase.WAITING)


def test_of_several_groups_the_one_that_is_named_is_used() -> None:
    other = replace(ROUTE, group="other")
    plane = a_plane([begins, shifts, waits, succeeds])
    plane.codedeploy.groups = (ROUTE, other)
    assert run(plane).status is Status.REFUSED
    plane = a_plane([begins, shifts, waits, succeeds])
    plane.codedeploy.groups = (ROUTE, other)
    wish = CodeDeployWish(application=ROUTE.application, group=ROUTE.group, appspec=APPSPEC)
    ran = run(plane, replace(RELEASE, codedeploy=wish))
    (sent,) = plane.codedeploy.created
    assert (ran.status, json.loads(sent)["Hooks"]) == (Status.SUCCEEDED, json.loads(APPSPEC)["Hooks"])
    assert revision_in(sent) == REVISION(2)
