"""What a poll reads beside the service: what may decide something at that moment, and nothing else."""

from dataclasses import replace

import pytest

from ecsdeploy.model.judgement import Doom, Judgement, Rule
from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.reads import TASKS_EVERY, TASKS_RARELY, LastReads, PlannedReads, monitor_after, plan_reads
from ecsdeploy.rollout.state import State
from tests.unit.rollout.builders import (
    TARGET_GROUP,
    begun,
    deployed,
    event,
    follow,
    look,
    old,
    ours,
    running_task,
    service_with,
)

NEVER = LastReads()


def planned(
    state: State, service: Service, last: LastReads = NEVER, now: float = 5, *, checked: bool = False
) -> PlannedReads:
    return plan_reads(state, service, last, now, checked=checked)


ROLLING = look(ours(running=1), old())
SEEN, _ = follow(begun(), ROLLING)
STAGED, _ = follow(begun(), look(ours(running=1), old(), deployed=deployed("IN_PROGRESS", stage="SCALE_UP")))
BACK, _ = follow(begun(), ROLLING, look(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE")))
AS_BEFORE = service_with(ours(running=1), old())
GOING_BACK = service_with(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
CANARY = service_with(ours(running=1), old(), strategy="CANARY")
DEPLOYMENTS: dict[str, tuple[State, Service, float | None, float, bool]] = {
    "not listed yet": (begun(), AS_BEFORE, None, 9.9, False),
    "not listed for long": (begun(), AS_BEFORE, None, 10, True),
    "never read": (SEEN, AS_BEFORE, None, 5, True),
    "as before": (SEEN, AS_BEFORE, 0, 39.9, False),
    "as before for long": (SEEN, AS_BEFORE, 0, 40, True),
    "a failure more": (SEEN, service_with(ours(running=1, failed=1), old()), 0, 5, True),
    "failed": (SEEN, service_with(ours("FAILED"), old()), 0, 5, True),
    "no longer primary": (SEEN, service_with(old(status="PRIMARY"), ours(status="ACTIVE")), 0, 5, True),
    "no longer listed": (SEEN, service_with(old(status="PRIMARY")), 0, 5, True),
    "ours is primary though it rolls back": (BACK, AS_BEFORE, 0, 1, True),
    "rolling back": (BACK, GOING_BACK, 0, 19.9, False),
    "rolling back for long": (BACK, GOING_BACK, 0, 20, True),
    "rolling back, and ours is listed no longer": (
        BACK,
        service_with(old("IN_PROGRESS", status="PRIMARY")),
        0,
        1,
        True,
    ),
    "has gone back": (BACK, service_with(old(status="PRIMARY"), ours("FAILED", status="ACTIVE")), 0, 1, True),
    "its stage is not known": (SEEN, CANARY, 0, 1, True),
    "its stage is known": (STAGED, CANARY, 0, 19.9, False),
    "stages move": (STAGED, CANARY, 0, 20, True),
    "its traffic is waited for": (replace(STAGED, wait_until=WaitUntil.TRAFFIC), CANARY, 0, 1, True),
    "may end early": (SEEN, replace(AS_BEFORE, ends_early=True), 0, 20, True),
}


@pytest.mark.parametrize(("state", "service", "read", "now", "wanted"), DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_the_service_deployment_is_read_where_it_says_more(
    state: State, service: Service, read: float | None, now: float, wanted: bool
) -> None:
    assert planned(state, service, LastReads(deployment_at=read), now).deployment == wanted


STARTS, _ = follow(begun(), look(ours(pending=2), old()))
FAILED_ONCE, _ = follow(begun(), look(ours(running=1, failed=1), old()))
ONE_FAILED = service_with(ours(running=1, failed=1), old())
JUDGED = replace(FAILED_ONCE, judgement=Judgement(stopped=(running_task(1),)))
DOOM = Doom(code="E-X", what="", rule=Rule.PERMANENT, tasks=(), because="", link="")
STOPPED: dict[str, tuple[State, Service, float, bool]] = {
    "the first look": (begun(), ONE_FAILED, 5, False),
    "not listed": (SEEN, service_with(old(status="PRIMARY")), 5, False),
    "as before": (SEEN, AS_BEFORE, 5, False),
    "ECS counts one": (SEEN, ONE_FAILED, 5, True),
    "fewer are alive": (SEEN, service_with(ours(), old()), 5, True),
    "x02 those that start are alive": (STARTS, service_with(ours(pending=2), old()), 5, False),
    "x02 fewer start, and none runs": (STARTS, service_with(ours(pending=1), old()), 5, True),
    "x02 ECS counts one long after the last change": (SEEN, ONE_FAILED, 60, True),
    "x02 ECS has counted one for half a minute": (FAILED_ONCE, ONE_FAILED, 30, True),
    "ECS has counted one that no list shows": (FAILED_ONCE, ONE_FAILED, 25, True),
    "and never will": (FAILED_ONCE, ONE_FAILED, 31, False),
    "it was judged": (JUDGED, ONE_FAILED, 5, False),
    "one was healthy": (replace(SEEN, judgement=Judgement(any_healthy=True)), ONE_FAILED, 5, False),
    "t01 it is hopeless, as far as is known": (replace(SEEN, judgement=Judgement(doom=DOOM)), ONE_FAILED, 5, True),
    "ECS rolls back": (BACK, ONE_FAILED, 5, False),
}


@pytest.mark.parametrize(("state", "service", "now", "wanted"), STOPPED.values(), ids=STOPPED)
def test_stopped_tasks_are_read_once_there_may_be_new_ones(
    state: State, service: Service, now: float, wanted: bool
) -> None:
    assert planned(state, service, LastReads(), now).stopped == wanted


def test_f52_a_line_about_what_ecs_cannot_do_is_heard_once() -> None:
    trouble = service_with(ours(), old(), events=(event(1, "(service web) was unable to place a task."),))
    assert planned(begun(), trouble).lines
    assert not planned(begun(), service_with(ours(), old(), events=(event(1),))).lines
    state, _ = follow(begun(), look(service=trouble))
    assert not planned(state, trouble).lines


STARTING, HEALTHY = begun(), begun(wait_until=WaitUntil.HEALTHY)
WAITING, TRAFFIC = replace(STARTING, phase=Phase.WAITING), begun(wait_until=WaitUntil.TRAFFIC)
NONE_RUNS, ONE_RUNS, ALL_RUN = (service_with(ours(running=count)) for count in range(3))
BALANCED = service_with(ours(running=2), target_groups=(TARGET_GROUP,))

READS: dict[str, tuple[State, Service, bool, bool, bool]] = {
    "no task runs": (STARTING, NONE_RUNS, True, False, False),
    "not listed": (STARTING, service_with(old(status="PRIMARY")), True, False, False),
    "the first one's health": (STARTING, ONE_RUNS, True, True, False),
    "the first one has no health check": (STARTING, ONE_RUNS, False, False, False),
    "the first one was healthy": (WAITING, ALL_RUN, True, False, False),
    "all shall be healthy, not all run": (replace(HEALTHY, phase=Phase.WAITING), ONE_RUNS, True, False, False),
    "all shall be healthy": (HEALTHY, ALL_RUN, True, True, True),
    "all shall run": (HEALTHY, ALL_RUN, False, False, False),
    "all shall be healthy targets": (HEALTHY, BALANCED, False, True, True),
    "all traffic is wanted, of healthy targets": (TRAFFIC, BALANCED, False, True, True),
    "all traffic is wanted, and shifts": (TRAFFIC, replace(BALANCED, strategy="CANARY"), False, False, False),
    "healthy, but not listed": (HEALTHY, service_with(old(status="PRIMARY")), True, False, False),
}


@pytest.mark.parametrize(("state", "service", "checked", "tasks", "targets"), READS.values(), ids=READS)
def test_only_what_decides_something_is_read(
    state: State, service: Service, checked: bool, tasks: bool, targets: bool
) -> None:
    wanted = planned(state, service, checked=checked)
    assert (wanted.tasks, wanted.targets) == (tasks, targets)


@pytest.mark.parametrize(
    ("state", "service", "read", "now", "wanted"),
    [
        pytest.param(HEALTHY, ALL_RUN, 0, TASKS_EVERY - 1, False, id="all of them, a moment ago"),
        pytest.param(HEALTHY, ALL_RUN, 0, TASKS_EVERY, True, id="all of them"),
        pytest.param(STARTING, ONE_RUNS, 0, TASKS_RARELY - 1, False, id="the first one, a moment ago"),
        pytest.param(STARTING, ONE_RUNS, 0, TASKS_RARELY, True, id="the first one"),
        pytest.param(STARTING, ONE_RUNS, 890, 896, True, id="the first one, at the last moment"),
        pytest.param(STARTING, ONE_RUNS, 890, 895, False, id="the first one, when the next look is in time too"),
        pytest.param(HEALTHY, ALL_RUN, 100, 107.9, False, id="x02 all of them, not yet eight seconds ago"),
        pytest.param(HEALTHY, ALL_RUN, 100, 108, True, id="x02 all of them, eight seconds ago"),
        pytest.param(STARTING, ONE_RUNS, 100, 114.9, False, id="x02 the first one, not yet fifteen seconds ago"),
        pytest.param(STARTING, ONE_RUNS, 100, 115, True, id="x02 the first one, fifteen seconds ago"),
    ],
)
def test_health_is_read_less_often_than_counts(
    state: State, service: Service, read: float, now: float, wanted: bool
) -> None:
    assert planned(state, service, LastReads(tasks_at=read), now, checked=True).tasks == wanted


@pytest.mark.parametrize(("took", "seconds"), [(0, 10), (0.5, 10), (0.6, 12), (3, 60)])
def test_x02_what_stands_beside_is_read_every_ten_seconds_and_rarely_where_that_is_slow(
    took: float, seconds: float
) -> None:
    """It takes a twentieth of the time at most: what decides is never held up by what is only shown."""
    assert monitor_after(took) == seconds


def test_nothing_is_read_once_the_service_itself_shows_ours_complete() -> None:
    complete = service_with(ours("COMPLETED", running=2), target_groups=(TARGET_GROUP,))
    read = LastReads(stopped_begun=True, beside_due=0)
    assert planned(HEALTHY, complete, read, checked=True) == PlannedReads(is_over=True)
    assert not planned(HEALTHY, service_with(old(status="PRIMARY"), ours("COMPLETED", status="ACTIVE"))).is_over
    assert not planned(HEALTHY, service_with(old(status="PRIMARY"))).is_over


def test_stopped_tasks_that_were_read_in_part_are_read_on() -> None:
    assert planned(STARTING, AS_BEFORE, LastReads(stopped_begun=True)).stopped
    assert not planned(STARTING, AS_BEFORE).stopped


@pytest.mark.parametrize(("due", "wanted"), [(5, True), (5.1, False)])
def test_what_stands_beside_is_read_when_it_is_due_and_never_where_nobody_looks_on(due: float, *, wanted: bool) -> None:
    assert planned(STARTING, AS_BEFORE, LastReads(beside_due=due)).beside == wanted
    assert not planned(STARTING, AS_BEFORE).beside
