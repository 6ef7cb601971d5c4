"""Waiting for another deployment: what is told on the way, how it ends, and what counts as unchanged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.engine.prepare.unchanged import handle_of
from ecsdeploy.errors import Throttled
from ecsdeploy.model.events import Warned
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import FromRunning, IfBusy, WholeBudget
from ecsdeploy.model.service import Deployment, Service
from tests.unit.engine.happenings import completes, goes_on, started
from tests.unit.engine.others_at_work import busy, of_number
from tests.unit.engine.runs import RELEASE, REVISION, Ran, run
from tests.unit.engine.test_hopeless import FAILING, LOOP, failing
from tests.unit.engine.world import ALWAYS, ScriptedPlane
from tests.unit.plan.builders import set_image
from tests.unit.rollout.builders import FOREIGN_ID, NOON, OLD_ID, OUR_ID, foreign, old, ours, service_with

WAITS = replace(RELEASE, if_busy=IfBusy.WAIT, budget=WholeBudget(seconds=240))
WAITING_FOR = f"W-WAITING-FOR {OUR_ID} arn:aws:ecs:eu-west-1:111122223333:task-definition/web:2"


def reminders(ran: Ran) -> list[tuple[str, int]]:
    """What was told besides the plan while it waited, and after how many seconds."""
    begun = ran.told.records[0].time
    return [
        (" ".join((each.event.finding.code, *each.event.finding.subjects)), round((each.time - begun).total_seconds()))
        for each in ran.told.records
        if isinstance(each.event, Warned)
    ]


def test_whoever_waits_is_told_at_once_and_each_minute_for_whom() -> None:
    ran = run(busy(), WAITS)
    assert reminders(ran) == [(WAITING_FOR, seconds) for seconds in (0, 60, 120, 180)]
    assert [each.split()[0] for each in ran.outcome.warnings] == ["C-BUSY"], "reminders are not kept"
    verdict = ran.outcome.verdict
    assert (verdict.status, verdict.by, verdict.limit_seconds, verdict.phase) == (
        Status.BUSY,
        OUR_ID,
        240,
        Phase.PLANNING,
    )


def test_whoever_waits_does_so_to_the_last_half_second() -> None:
    assert run(busy(), replace(WAITS, budget=WholeBudget(seconds=240.5))).seconds == 210.5


def test_whoever_waits_in_vain_for_an_answer_is_told_for_whom_it_waited() -> None:
    plane = busy()
    plane.fail("service", Throttled("Slow down."), times=ALWAYS, after=2)
    verdict = run(plane, WAITS).outcome.verdict
    assert (verdict.status, verdict.by, verdict.limit_seconds, verdict.phase) == (
        Status.BUSY,
        OUR_ID,
        240,
        Phase.PLANNING,
    )


def test_whoever_waits_hears_of_the_next_deployment_too() -> None:
    plane = busy(*[goes_on] * 13, started(FOREIGN_ID, REVISION(3)), *[lambda now: now] * 12, completes)
    plane.keep(of_number(3))
    plane.courses = [[completes]]
    ran = run(plane, WAITS)
    assert [told.split()[1] for told, _ in reminders(ran)] == [OUR_ID, OUR_ID, FOREIGN_ID]
    assert ran.status is Status.SUCCEEDED


@pytest.mark.parametrize("if_busy", [IfBusy.FAIL, IfBusy.WAIT])
def test_what_cannot_succeed_is_superseded_with_its_name_and_its_cause(if_busy: IfBusy) -> None:
    _, ran = failing(if_busy)
    (warning,) = [each for each in ran.outcome.warnings if each.startswith("W-SUPERSEDES-HOPELESS")]
    assert warning.startswith(f"W-SUPERSEDES-HOPELESS {OUR_ID} {REVISION(2)} ")
    assert "exit" in warning, "the cause is named"


def test_what_becomes_hopeless_while_it_is_waited_for_is_superseded() -> None:
    plane = busy(*[goes_on] * 8, lambda now: replace(FAILING, events=now.events))
    plane.stopped, plane.courses = LOOP, [[completes]]
    ran = run(plane, WAITS)
    assert (ran.status, plane.made("update_service")) == (Status.SUCCEEDED, 1)
    assert 60 <= ran.seconds < 90


SKIPPING = replace(RELEASE, skip_unchanged=True)


def test_what_runs_already_is_compared_with_the_revision_in_use_whatever_the_base_is() -> None:
    plane = ScriptedPlane()
    plane.now = service_with(replace(old(status="PRIMARY"), task_definition=REVISION(2)))
    plane.now = replace(plane.now, task_definition=REVISION(2))
    plane.keep(of_number(2, revision=2))
    plane.keep(of_number(3, revision=3))
    on_the_newest = replace(SKIPPING, base=FromRunning.LATEST, edits=(set_image("acme/app:2"),))
    assert (run(plane, on_the_newest).status, plane.writes) == (Status.UNCHANGED, [])
    plane.courses = [[completes]]
    other = replace(on_the_newest, edits=(set_image("acme/app:4"),))
    assert (run(plane, other).status, plane.made("register")) == (Status.SUCCEEDED, 1)


AFTER = NOON + timedelta(seconds=9)
STOOD = old(status="ACTIVE")
BACK = replace(old("IN_PROGRESS", status="PRIMARY"), created_at=NOON)
OTHERS: dict[str, tuple[Service, Deployment, tuple[str, ...]]] = {
    "what stood before it": (service_with(ours(), STOOD), ours(), (OLD_ID,)),
    "a primary one that began after it": (
        service_with(replace(foreign(), created_at=AFTER), replace(ours(status="ACTIVE"), created_at=NOON), STOOD),
        replace(ours(status="ACTIVE"), created_at=NOON),
        (OLD_ID,),
    ),
    "one that ECS made primary again": (
        service_with(BACK, replace(ours("FAILED", status="ACTIVE"), created_at=AFTER)),
        replace(ours("FAILED", status="ACTIVE"), created_at=AFTER),
        (OLD_ID,),
    ),
    "a primary one of an unknown time": (
        service_with(foreign(), ours(status="ACTIVE")),
        ours(status="ACTIVE"),
        (),
    ),
    "one that is no more primary than it": (
        service_with(foreign(), replace(STOOD, created_at=AFTER), ours(status="ACTIVE")),
        ours(status="ACTIVE"),
        (OLD_ID,),
    ),
}


@pytest.mark.parametrize(("service", "deployment", "previous"), OTHERS.values(), ids=OTHERS)
def test_what_stood_before_a_deployment_that_is_followed(
    service: Service, deployment: Deployment, previous: tuple[str, ...]
) -> None:
    handle = handle_of(service, deployment)
    assert (handle.deployment_id, handle.revision, handle.previous) == (OUR_ID, REVISION(2), previous)


def test_who_is_superseded_is_named() -> None:
    plane = busy()
    plane.courses = [[completes]]
    ran = run(plane, replace(RELEASE, if_busy=IfBusy.SUPERSEDE))
    assert ran.outcome.warnings[-1] == f"W-SUPERSEDES {OUR_ID} {REVISION(2)}"


@pytest.mark.parametrize("if_busy", [IfBusy.FAIL, IfBusy.SUPERSEDE])
def test_who_began_while_we_registered_is_named_and_how_far_we_were(if_busy: IfBusy) -> None:
    plane = ScriptedPlane(courses=[[completes]])
    plane.fail("register", Throttled("Slow down."), takes=10)
    plane.meanwhile["register"] = started(FOREIGN_ID, REVISION(9))
    ran = run(plane, replace(RELEASE, if_busy=if_busy))
    if if_busy is IfBusy.SUPERSEDE:
        assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, (f"W-SUPERSEDES {FOREIGN_ID} {REVISION(9)}",))
        return
    verdict = ran.outcome.verdict
    assert (verdict.status, verdict.by, verdict.phase) == (Status.BUSY, FOREIGN_ID, Phase.REGISTERED)
    assert plane.made("update_service") == 0
