"""Looks give a verdict, and only ever one about our own deployment."""

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, CredentialsError, NoSuchResource, ReplyLost, Throttled
from ecsdeploy.model.outcome import Phase, Share, Status, Verdict
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.snapshot import Look, Unseen
from tests.unit.rollout.builders import (
    FOREIGN_ID,
    OLD,
    begun,
    deployed,
    follow,
    foreign,
    look,
    old,
    ours,
    service_with,
)

ROLLING = look(ours(running=1), old())
DONE = look(ours("COMPLETED", running=2))
NOT_LISTED = look(old(status="PRIMARY"))
GONE_BACK = look(old(status="PRIMARY"))
FAILED = look(ours("FAILED"), old())
FAILED_TO_GO_BACK = look(service=service_with(ours("FAILED"), old(), rollback=True))
ROLLING_BACK = look(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
TAKEN_OVER = look(foreign(running=1), ours(status="ACTIVE"), old())


def blind(error: Exception) -> Unseen:
    return Unseen(error=error)


MISSED = blind(NoSuchResource("No service."))

VERDICTS: dict[str, tuple[tuple[Look, ...], Status | None]] = {
    "completed": ((ROLLING, DONE), Status.SUCCEEDED),
    "completed at the first look": ((DONE,), Status.SUCCEEDED),
    "service deployment successful": ((look(ours(running=2), deployed=deployed("SUCCESSFUL")),), Status.SUCCEEDED),
    "f13 not listed yet": ((NOT_LISTED,) * 20, None),
    "f13 not listed yet, then completed": ((NOT_LISTED, ROLLING, DONE), Status.SUCCEEDED),
    "f13 one look older than our write": ((ROLLING, NOT_LISTED, ROLLING), None),
    "f13 one look older than our write, then completed": ((ROLLING, NOT_LISTED, DONE), Status.SUCCEEDED),
    "f38 failed, no rollback": ((ROLLING, FAILED), Status.FAILED),
    "f37 failed, rollback to come": ((ROLLING, FAILED_TO_GO_BACK), None),
    "f37 failed, rollback never shown": ((FAILED_TO_GO_BACK,) * 7, Status.FAILED),
    "f37 failed, then rolled back": ((FAILED_TO_GO_BACK, ROLLING_BACK, GONE_BACK), Status.ROLLED_BACK),
    "f37 rolled back between two looks": ((ROLLING, GONE_BACK, GONE_BACK), Status.ROLLED_BACK),
    "f37 rolled back, by the service deployment": (
        (ROLLING, look(old(status="PRIMARY"), deployed=deployed("ROLLBACK_SUCCESSFUL"))),
        Status.ROLLED_BACK,
    ),
    "rolling back": ((ROLLING, ROLLING_BACK), None),
    "rollback requested": ((ROLLING, look(ours(running=1), old(), deployed=deployed("ROLLBACK_REQUESTED"))), None),
    "rollback cancelled": (
        (look(ours(running=1), old(), deployed=deployed("ROLLBACK_REQUESTED")), DONE),
        Status.SUCCEEDED,
    ),
    "f42 rollback failed": (
        (ROLLING_BACK, look(ROLLING_BACK.service.deployments[0], deployed=deployed("ROLLBACK_FAILED"))),
        Status.ROLLBACK_FAILED,
    ),
    "f31 superseded": ((ROLLING, TAKEN_OVER), Status.SUPERSEDED),
    "f31 superseded before we were listed": ((look(foreign(), old()),), Status.SUPERSEDED),
    "f31 superseded, whatever its service deployment says": (
        (ROLLING, look(foreign(), ours(status="ACTIVE"), deployed=deployed("STOPPED"))),
        Status.SUPERSEDED,
    ),
    "f31 ours had succeeded before another one began": (
        (ROLLING, look(foreign(), ours(status="ACTIVE"), deployed=deployed("SUCCESSFUL"))),
        Status.SUCCEEDED,
    ),
    "f31 ours had been rolled back before another one began": (
        (ROLLING, look(foreign(), deployed=deployed("ROLLBACK_SUCCESSFUL"))),
        Status.ROLLED_BACK,
    ),
    "f31 a stop is the first sign of being superseded": (
        (ROLLING, look(ours(running=1), old(), deployed=deployed("STOPPED")), TAKEN_OVER),
        Status.SUPERSEDED,
    ),
    "stopped": ((ROLLING, *(look(ours(running=1), old(), deployed=deployed("STOPPED")),) * 2), Status.STOPPED),
    "stopped because it failed": (
        (ROLLING, look(ours("FAILED"), old(), deployed=deployed("STOPPED"))),
        Status.FAILED,
    ),
    "f15 service being deleted": ((ROLLING, look(service=service_with(ours(), status="DRAINING"))), Status.FAILED),
    "f15 service deleted": ((ROLLING, look(service=service_with(status="INACTIVE"))), Status.FAILED),
    "f15 service no longer known": ((ROLLING, *[MISSED] * 7), Status.FAILED),
    "t06 service not found for less than half a minute": ((ROLLING, *[MISSED] * 6), None),
    "t06 service found again": ((ROLLING, *[MISSED] * 6, ROLLING, *[MISSED] * 6, DONE), Status.SUCCEEDED),
    "t06 looks that fail say nothing of it": ((ROLLING, MISSED, *[blind(ReplyLost("Reset."))] * 5, MISSED), None),
    "f15 service not found once": ((ROLLING, blind(NoSuchResource("No service."))), None),
    "f13 service not known yet": ((blind(NoSuchResource("No service.")),), None),
    "f15 service gone before we were listed": (
        (*(blind(ReplyLost("Reset.")),) * 4, *[MISSED] * 7),
        Status.FAILED,
    ),
    "f15 service not found after silence": ((blind(ReplyLost("Reset.")), blind(NoSuchResource("No service."))), None),
    "f37 rolled back before we were listed": (
        (blind(ReplyLost("Reset.")), look(old(status="PRIMARY"), deployed=deployed("ROLLBACK_SUCCESSFUL"))),
        Status.ROLLED_BACK,
    ),
    "f12 unknown status": ((look(ours(running=1), deployed=deployed("MARINATING")),), None),
    "f12 unknown rollout state": ((look(ours("MARINATING", running=2)),), None),
    "f12 unknown stage": ((look(ours(), deployed=deployed("IN_PROGRESS", stage="MARINATING")),), None),
    "f12 no primary at all": ((ROLLING, look(ours(status="MARINATING"))), None),
    "t07 no rollout state, settled": ((look(ours("", running=2), old()), look(ours("", running=2))), None),
    "t07 no rollout state, settled for a minute and a half": ((look(ours("", running=2)),) * 19, Status.SUCCEEDED),
    "t07 no rollout state, a task failed meanwhile": (
        (*(look(ours("", running=2)),) * 10, *(look(ours("", running=2, failed=1)),) * 18),
        None,
    ),
    "t07 no rollout state, a task restarted meanwhile": (
        (*(look(ours("", running=2)),) * 10, look(ours("", running=1)), *(look(ours("", running=2)),) * 18),
        None,
    ),
    "no rollout state, old tasks left": ((look(ours("", running=2), old()),), None),
    "no rollout state, tasks starting": ((look(ours("", running=2, pending=1)),), None),
    "f47 nothing desired, completed": ((look(ours("COMPLETED", desired=0)),), Status.SUCCEEDED),
    "f47 nothing desired, in progress": ((look(ours(desired=0)),), None),
    "f34 scaled out midway": ((ROLLING, look(ours(running=2, desired=9), old())), None),
    "f34 scaled out midway, completed": ((ROLLING, look(ours("COMPLETED", running=9, desired=9))), Status.SUCCEEDED),
    "an older view of the service deployment": (
        (look(ours("COMPLETED", running=2), deployed=deployed("IN_PROGRESS")),),
        Status.SUCCEEDED,
    ),
    "the service deployment outranks the list": (
        (ROLLING, look(ours("FAILED"), old(), deployed=deployed("ROLLBACK_IN_PROGRESS"))),
        None,
    ),
    "f01 throttled": ((ROLLING, *(blind(Throttled("Slow down.")),) * 20), None),
    "f08 contact lost and found": ((ROLLING, *(blind(ReplyLost("Reset.")),) * 20, DONE), Status.SUCCEEDED),
    "refused once": ((ROLLING, blind(AwsRefused("No.")), DONE), Status.SUCCEEDED),
    "f18 credentials expired": ((ROLLING, blind(CredentialsError("Expired."))), None),
    "f18 permission withdrawn": ((ROLLING, blind(AccessDenied("No."))), None),
}


@pytest.mark.parametrize(("looks", "status"), VERDICTS.values(), ids=VERDICTS)
def test_looks_give_a_verdict(looks: tuple[Look, ...], status: Status | None) -> None:
    state, _ = follow(begun(), *looks)
    assert (state.verdict.status if state.verdict else None) == status


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        pytest.param(
            (ROLLING, TAKEN_OVER),
            Verdict(
                status=Status.SUPERSEDED,
                by=FOREIGN_ID,
                serving=foreign().task_definition,
                serves=(Share(revision=OLD, running=2), Share(revision=foreign().task_definition, running=1)),
                reason=ours().rollout_reason,
            ),
            id="who superseded ours",
        ),
        pytest.param(
            (ROLLING, FAILED),
            Verdict(status=Status.FAILED, serving=OLD, reason=ours("FAILED").rollout_reason),
            id="what serves after a failure",
        ),
        pytest.param(
            (ROLLING, look(ours("FAILED"))),
            Verdict(status=Status.FAILED, reason=ours("FAILED").rollout_reason),
            id="nothing serves",
        ),
        pytest.param(
            (ROLLING_BACK, GONE_BACK),
            Verdict(status=Status.ROLLED_BACK, serving=OLD, phase=Phase.ROLLING_BACK),
            id="what ECS went back to",
        ),
        pytest.param(
            (ROLLING, look(ours(), old(), deployed=deployed("ROLLBACK_FAILED", reason="Stuck."))),
            Verdict(status=Status.ROLLBACK_FAILED, serving=OLD, reason="Stuck."),
            id="the service deployment's reason",
        ),
        pytest.param(
            (ROLLING, *[blind(NoSuchResource("The service is gone."))] * 7),
            Verdict(status=Status.FAILED, reason="The service is gone."),
            id="f15 who says that it is gone",
        ),
    ],
)
def test_a_verdict_says_what_is_known(looks: tuple[Look, ...], verdict: Verdict) -> None:
    state, _ = follow(begun(), *looks)
    assert state.verdict == verdict


def test_rolled_back_is_not_success_although_one_deployment_is_left_and_steady() -> None:
    state, _ = follow(begun(wait_until=WaitUntil.HEALTHY), ROLLING, GONE_BACK, GONE_BACK)
    assert state.verdict is not None
    assert state.verdict.status is Status.ROLLED_BACK


@pytest.mark.parametrize(
    ("then", "status"), [(GONE_BACK, Status.ROLLED_BACK), (ROLLING, Status.TIMED_OUT)], ids=["so it is", "it was old"]
)
def test_a_second_look_is_taken_after_the_deadline_too(then: Look, status: Status) -> None:
    state, _ = follow(begun(), ROLLING)
    state, _ = follow(state, GONE_BACK, start=900)
    assert state.verdict is None
    state, _ = follow(state, then, start=905)
    assert state.verdict is not None
    assert state.verdict.status is status


def test_an_end_takes_no_further_look() -> None:
    ended, _ = follow(begun(), ROLLING, TAKEN_OVER)
    assert follow(ended, ROLLING, blind(CredentialsError("The token has expired."))) == (ended, ())
