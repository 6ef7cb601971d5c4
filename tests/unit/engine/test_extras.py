"""Reads beyond a look's first one: denied once, failing for a while, and never the end of a watch."""

from dataclasses import replace

import pytest

from ecsdeploy.engine.follow.reads import Looker
from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, NoSuchResource, ReplyLost, Throttled, Unfinished
from ecsdeploy.model.events import LostContact
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Breaker
from ecsdeploy.model.snapshot import Snapshot
from tests.unit.engine.happenings import completes, ecs_goes_back, fails, goes_on
from tests.unit.engine.runs import a_run, run
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import TARGET_GROUP, begun, deployed, ours, service_with

SLOW = [goes_on] * 12


def fails_once(service: Service) -> Service:
    """ECS counts one failed task of ours."""
    new, *others = service.deployments
    return replace(service, deployments=(replace(new, failed=1), *others))


def test_f21_what_is_denied_is_not_asked_for_again() -> None:
    plane = ScriptedPlane(courses=[[*SLOW, completes]])
    plane.fail("service_deployment", AccessDenied("No."), times=ALWAYS)
    ran = run(plane)
    assert (ran.status, plane.made("service_deployment")) == (Status.SUCCEEDED, 1)
    assert len(ran.outcome.warnings) == 1


@pytest.mark.parametrize("error", [Throttled("Slow down."), ReplyLost("503")], ids=["throttled", "broken"])
def test_f10_what_fails_is_left_alone_for_a_while_and_costs_no_contact(error: AwsError) -> None:
    plane = ScriptedPlane(courses=[[*SLOW, completes]])
    plane.fail("service_deployment", error, times=ALWAYS)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings, ran.told.of(LostContact)) == (Status.SUCCEEDED, (), [])
    assert plane.made("service_deployment") < 20


def test_f10_the_list_alone_tells_a_rollback() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails, ecs_goes_back, completes, completes]])
    plane.now = replace(plane.now, breaker=Breaker(enabled=True, rollback=True))
    plane.fail("service_deployment", ReplyLost("503"), times=ALWAYS)
    assert run(plane).status is Status.ROLLED_BACK


def test_what_is_not_there_is_asked_for_again() -> None:
    plane = ScriptedPlane(courses=[[*SLOW, completes]], deployed=deployed("IN_PROGRESS"))
    plane.fail("service_deployment", NoSuchResource("Not yet."), times=2)
    ran = run(plane)
    assert ran.outcome.service_deployment_arn


@pytest.mark.parametrize(("times", "status"), [(2, Status.SUCCEEDED), (ALWAYS, Status.UNKNOWN)])
def test_f18_credentials_that_are_gone_are_waited_for(times: int, status: Status) -> None:
    plane = ScriptedPlane(courses=[[*SLOW, completes]])
    plane.fail("service_deployment", CredentialsError("Expired."), times=times)
    plane.fail("service", CredentialsError("Expired."), times=times if times == ALWAYS else 0, after=3)
    ran = run(plane)
    assert ran.status is status
    assert ran.seconds < 200 if times == 2 else ran.seconds >= 900
    assert ran.told.of(LostContact)[0].error == "Expired."


def test_tasks_that_have_stopped_count_until_their_targets_have_left() -> None:
    plane = ScriptedPlane()
    looker, state = Looker(a_run(plane, plane.clock), WEB, None), begun()
    counts = []
    for count in (4, 3, 3, 3, 3):
        plane.now = replace(plane.now, running=count)
        seen = looker.look(state)
        assert isinstance(seen, Snapshot)
        counts.append(seen.lately_running)
        plane.clock.sleep(5)
    assert counts == [4, 4, 4, 4, 3]


def test_t14_a_long_list_of_stopped_tasks_is_read_over_several_looks() -> None:
    plane = ScriptedPlane(courses=[[goes_on, fails_once, *SLOW, completes]])
    plane.fail("tasks_started_by", Unfinished("More."), times=12)
    ran = run(plane)
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ())
    assert plane.made("tasks_started_by") > 12


def test_reads_that_hang_hold_up_the_next_look_no_longer_than_one_of_them_takes() -> None:
    """What is left out for want of time is asked for in the next look, while the one that failed is left alone."""
    plane = ScriptedPlane(now=service_with(ours(running=2), target_groups=(TARGET_GROUP,)), deployed=None)
    plane.targets_now = {"10.0.0.1:80": "healthy"}
    plane.fail("service_deployment", ReplyLost("Timed out."), takes=10)
    looker, state = Looker(a_run(plane, plane.clock), WEB, None), begun(wait_until=WaitUntil.HEALTHY)
    looker.look(state)
    assert (plane.clock.seconds, plane.calls) == (1010, ["service", "service_deployment"])
    looker.look(state)
    assert plane.calls[2:] == ["service", "tasks_started_by", "target_health"]
