"""Deployments that are under way: waited for, refused, superseded, attached to, answered."""

from dataclasses import replace

import pytest

from ecsdeploy.errors import AwsRefused, NoSuchResource, ReplyLost
from ecsdeploy.model.events import Continued
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.planned import Planned
from ecsdeploy.model.request import ContinueRequest, IfBusy, WatchRequest, WholeBudget
from ecsdeploy.model.service import Hook
from tests.unit.engine.happenings import Happening, completes, fails, goes_on
from tests.unit.engine.others_at_work import busy
from tests.unit.engine.runs import RELEASE, REVISION, run
from tests.unit.engine.world import ALWAYS
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import OUR_ID, deployed

WATCH = WatchRequest(service=WEB)


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
