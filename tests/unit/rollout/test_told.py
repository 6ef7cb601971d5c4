"""What is told on the way: ECS's own lines, and counts."""

from ecsdeploy.model.events import Counts, Event, Progress, Said, Warned
from ecsdeploy.model.service import BreakerCount
from ecsdeploy.rollout.machine import after_reply
from tests.unit.rollout.builders import (
    OUR_ID,
    SERVICE_DEPLOYMENT_ARN,
    begun,
    deployed,
    event,
    follow,
    look,
    old,
    ours,
    service_with,
)


def said(told: tuple[Event, ...]) -> list[str]:
    return [each.id for each in told if isinstance(each, Said)]


def test_f49_counts_are_of_what_ecs_wants_now() -> None:
    out, back = look(ours(running=2, desired=9), old()), look(ours(running=2, desired=3), old())
    _, told = follow(begun(), look(ours(running=2, desired=4), old()), out, back)
    assert [(each.new.running, each.new.desired) for each in progress(told)] == [(2, 4), (2, 9), (2, 3)]


def progress(told: tuple[Event, ...]) -> list[Progress]:
    return [each for each in told if isinstance(each, Progress)]


def test_ecs_lines_are_told_once_and_oldest_first() -> None:
    first = look(service=service_with(ours(), events=(event(2), event(1))))
    second = look(service=service_with(ours(), events=(event(4), event(3), event(2), event(1))))
    _, told = follow(begun(), first, first, second)
    assert said(told) == ["event-1", "event-2", "event-3", "event-4"]


def test_ecs_lines_of_one_instant_keep_their_order() -> None:
    _, told = follow(begun(), look(service=service_with(ours(), events=(event(2, at=7), event(1, at=7)))))
    assert said(told) == ["event-1", "event-2"]


def test_lines_from_before_our_write_are_old_news() -> None:
    state, _ = after_reply(begun(), service_with(ours(), events=(event(2), event(1))))
    _, told = follow(state, look(service=service_with(ours(), events=(event(3), event(2), event(1)))))
    assert said(told) == ["event-3"]


def test_lines_are_told_even_with_the_verdict() -> None:
    _, told = follow(begun(), look(service=service_with(ours("COMPLETED", running=2), events=(event(1),))))
    assert said(told) == ["event-1"]


def test_progress_is_told_when_counts_change_and_every_30_seconds() -> None:
    idle, rolling = look(ours(), old()), look(ours(running=1), old())
    _, told = follow(begun(), idle, idle, rolling, *(rolling,) * 6)
    assert [(each.elapsed, each.new.running, each.still) for each in progress(told)] == [
        (0, 0, False),
        (10, 1, False),
        (40, 1, True),
    ]


def test_progress_counts_both_sides() -> None:
    breaker = BreakerCount(status="MONITORING", failures=1, threshold=3)
    seen = look(ours(running=1, pending=1), old(), deployed=deployed("IN_PROGRESS", stage="BAKE_TIME", breaker=breaker))
    _, told = follow(begun(), seen)
    assert progress(told) == [
        Progress(
            new=Counts(desired=2, running=1, pending=1),
            old=Counts(desired=2, running=2),
            elapsed=0,
            stage="BAKE_TIME",
            breaker="1/3",
        )
    ]


def test_a_disabled_breaker_is_not_told() -> None:
    breaker = BreakerCount(status="DISABLED", failures=0, threshold=3)
    _, told = follow(begun(), look(ours(running=1), deployed=deployed("IN_PROGRESS", breaker=breaker)))
    assert progress(told)[0].breaker == ""


def test_a_new_stage_is_progress() -> None:
    _, told = follow(
        begun(),
        look(ours(), deployed=deployed("IN_PROGRESS", stage="SCALE_UP")),
        look(ours(), deployed=deployed("IN_PROGRESS", stage="BAKE_TIME")),
    )
    assert [each.stage for each in progress(told)] == ["SCALE_UP", "BAKE_TIME"]


def test_nothing_is_progress_before_our_deployment_is_listed() -> None:
    _, told = follow(begun(), *(look(old(status="PRIMARY")),) * 20)
    assert told == ()


def test_f34_the_denominator_is_the_deployments_own() -> None:
    _, told = follow(begun(), look(ours(running=1)), look(ours(running=1, desired=5)))
    assert [each.new.desired for each in progress(told)] == [2, 5]


def test_the_service_deployment_stays_known_when_a_look_does_without() -> None:
    state, _ = follow(begun(), look(ours(), deployed=deployed("IN_PROGRESS")), look(ours("COMPLETED", running=2)))
    assert state.last_seen is not None
    assert state.last_seen.service_deployment_arn == SERVICE_DEPLOYMENT_ARN
    assert state.handle.deployment_id == OUR_ID


def test_m05_equal_lines_of_one_look_are_told_once_with_their_number() -> None:
    lines = tuple(event(number, "(service web) registered 1 targets in (target-group g)") for number in (3, 2, 1))
    _, told = follow(begun(), look(service=service_with(ours(), events=lines)))
    assert [(each.id, each.times) for each in told if isinstance(each, Said)] == [("event-1", 3)]


def test_f50_m05_where_all_that_ecs_shows_is_new_older_lines_are_lost() -> None:
    _, few = follow(begun(), look(service=service_with(ours(), events=tuple(event(n) for n in range(99, 0, -1)))))
    _, many = follow(begun(), look(service=service_with(ours(), events=tuple(event(n) for n in range(100, 0, -1)))))
    assert [each.finding.code for each in (*few, *many) if isinstance(each, Warned)] == ["W-EVENTS-LOST"]


def test_x02_lines_that_are_lost_are_told_with_how_many_ecs_shows() -> None:
    _, told = follow(begun(), look(service=service_with(ours(), events=tuple(event(n) for n in range(100, 0, -1)))))
    assert [each.finding.subjects for each in told if isinstance(each, Warned)] == [("100",)]
