"""What a judgement about our chances does to the wait: told once, and an end only where that was asked for."""

from dataclasses import replace

from ecsdeploy.model.events import Delayed, Doomed, Event, Paused, Reconsidered
from ecsdeploy.model.judgement import Doom, Judgement, Rule
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Hook
from ecsdeploy.model.snapshot import Snapshot
from ecsdeploy.rollout.machine import TABLE, Trigger
from ecsdeploy.rollout.state import State
from tests.unit.rollout.builders import (
    OLD,
    SERVICE_DEPLOYMENT_ARN,
    begun,
    deployed,
    follow,
    look,
    old,
    ours,
    running_task,
    service_with,
)

DOOM = Doom(code="E-IMAGE-NOT-FOUND", what="no image", rule=Rule.PERMANENT, tasks=("a", "b"), because="so", link="")
ROLLING = look(ours(failed=2), old())
FAST = replace(begun(), ends_early=True)


def judged(judgement: Judgement) -> Snapshot:
    return look(ours(failed=2), old(), judgement=judgement)


def told(events: tuple[Event, ...]) -> list[Event]:
    return [each for each in events if isinstance(each, Doomed | Delayed | Paused)]


def status(state: State) -> Status | None:
    return state.verdict.status if state.verdict else None


def test_f39_a_doomed_deployment_is_not_waited_for() -> None:
    state, events = follow(FAST, ROLLING, judged(Judgement(doom=DOOM)))
    assert state.verdict is not None
    assert (state.verdict.status, state.verdict.doom, state.verdict.serving) == (Status.FAILED, DOOM, OLD)
    assert told(events) == [Doomed(doom=DOOM, ends=True)]


def test_f39_it_is_told_once_and_waited_for_where_that_was_asked_for() -> None:
    state, events = follow(begun(), *[judged(Judgement(doom=DOOM))] * 3, ROLLING)
    assert status(state) is None
    assert told(events) == [Doomed(doom=DOOM, ends=False)]


def test_f40_one_healthy_task_lifts_the_judgement() -> None:
    for_now = replace(FAST, ends_early=False)
    state, _ = follow(for_now, judged(Judgement(doom=DOOM)), judged(Judgement(any_healthy=True)))
    state, _ = follow(replace(state, ends_early=True), judged(Judgement(doom=DOOM)), start=20)
    assert (status(state), state.judgement.doom) == (None, None)


def test_t01_a_doom_that_tasks_no_longer_show_is_taken_back() -> None:
    lines_alone = judged(Judgement(of_tasks=False, waits_for="no room"))
    state, events = follow(begun(), judged(Judgement(doom=DOOM)), lines_alone, ROLLING)
    assert (state.judgement.doom, told(events)) == (DOOM, [Doomed(doom=DOOM, ends=False), Delayed(reason="no room")])
    state, events = follow(state, judged(Judgement()), judged(Judgement()), start=20)
    assert (state.judgement.doom, events.count(Reconsidered(doom=DOOM))) == (None, 1)
    state, events = follow(replace(state, ends_early=True), ROLLING, start=40)
    assert (status(state), told(events)) == (None, [])


def test_x02_nothing_is_taken_back_where_nothing_was_judged_or_the_judgement_stays() -> None:
    _, events = follow(begun(), judged(Judgement()), *[judged(Judgement(doom=DOOM))] * 3)
    assert Reconsidered not in map(type, events)


def test_x02_a_look_may_show_both_that_it_cannot_succeed_and_what_it_waits_for() -> None:
    _, events = follow(begun(), judged(Judgement(doom=DOOM, waits_for="no room")))
    assert told(events) == [Doomed(doom=DOOM, ends=False), Delayed(reason="no room")]
    _, events = follow(begun(), judged(Judgement(doom=DOOM)), judged(Judgement(waits_for="no room")))
    assert [each for each in events if isinstance(each, Reconsidered | Delayed)] == [
        Reconsidered(doom=DOOM),
        Delayed(reason="no room"),
    ]


def test_f37_what_ecs_says_comes_before_our_judgement() -> None:
    going_back = look(old("IN_PROGRESS", status="PRIMARY"), ours("FAILED", status="ACTIVE"))
    state, _ = follow(FAST, ROLLING, replace(going_back, judgement=Judgement(doom=DOOM)), going_back)
    assert status(state) is None
    state, _ = follow(state, look(old(status="PRIMARY")), start=20)
    assert status(state) is Status.ROLLED_BACK


def test_f60_stopped_tasks_are_remembered_though_ecs_forgets_them() -> None:
    first, second = running_task(1), running_task(2)
    state, _ = follow(
        begun(), *(judged(Judgement(stopped=each)) for each in ((first,), (first, second), (second,), ()))
    )
    assert state.judgement.stopped == (first, second)


def test_f52_what_passes_by_itself_is_told_each_time_that_it_is_something_else() -> None:
    waits = [judged(Judgement(waits_for=text)) for text in ("no room", "no room", "", "a rate limit")]
    state, events = follow(FAST, *waits)
    assert status(state) is None
    assert told(events) == [Delayed(reason="no room"), Delayed(reason="a rate limit")]


def test_f45_a_hook_that_waits_for_somebody_is_told_once() -> None:
    hook = Hook(id="ecs-pause-1", status="AWAITING_ACTION", timeout_action="ROLLBACK")
    done = replace(hook, id="ecs-pause-0", status="SUCCEEDED")
    paused = look(ours(), old(), deployed=deployed("IN_PROGRESS", stage="POST_SCALE_UP", hooks=(done, hook)))
    _, events = follow(begun(), paused, paused)
    assert told(events) == [
        Paused(
            hook="ecs-pause-1",
            stage="POST_SCALE_UP",
            service_deployment=SERVICE_DEPLOYMENT_ARN,
            timeout_action="ROLLBACK",
        )
    ]


def test_f45_all_traffic_is_enough_where_that_was_asked_for() -> None:
    traffic = begun(wait_until=WaitUntil.TRAFFIC)
    rolling = look(ours(running=2), old())
    assert status(follow(traffic, rolling)[0]) is None
    alone = look(ours(running=2))
    assert status(follow(traffic, alone, alone, every=39)[0]) is None
    assert status(follow(traffic, alone, alone, every=40)[0]) is Status.SUCCEEDED
    canary = service_with(ours(running=2), old(), strategy="CANARY")
    for stage, weight, reached in (
        ("PRODUCTION_TRAFFIC_SHIFT", 100, False),
        ("BAKE_TIME", 10, False),
        ("BAKE_TIME", 100, True),
        ("POST_PRODUCTION_TRAFFIC_SHIFT", None, True),
    ):
        seen = look(service=canary, deployed=deployed("IN_PROGRESS", stage=stage, traffic=weight))
        assert (status(follow(traffic, seen)[0]) is Status.SUCCEEDED) == reached
    assert status(follow(traffic, look(service=canary))[0]) is None


def test_of_two_ends_in_one_look_the_first_is_the_verdict() -> None:
    doomed = replace(begun(wait_until=WaitUntil.HEALTHY), ends_early=True, judgement=Judgement(doom=DOOM))
    well = (running_task(1, health="HEALTHY"), running_task(2, health="HEALTHY"))
    state, _ = follow(doomed, look(ours(running=2), old(), tasks=well, checked=True))
    assert status(state) is Status.SUCCEEDED


def test_the_table_names_every_sign() -> None:
    assert set(TABLE) == set(Trigger)
