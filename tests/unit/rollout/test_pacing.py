"""When to look again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.snapshot import Look
from ecsdeploy.rollout.pacing import (
    LONGEST_PAUSE,
    LONGEST_UNANSWERED,
    LOOK_EVERY,
    LOOK_SOON,
    pause,
)
from tests.unit.rollout.builders import (
    begun,
    follow,
    look,
    old,
    ours,
)


def test_looks_that_see_keep_their_pace() -> None:
    assert pause(begun(), 0, 0.5, 7.0) == LOOK_EVERY


def test_m08_the_first_looks_come_after_one_two_and_four_seconds() -> None:
    now, pauses = 1000.0, []
    state = replace(begun(), started=now)
    for _ in range(5):
        pauses.append(pause(state, 0, 0.5, now))
        now += pauses[-1]
    assert pauses == [1, 2, 4, LOOK_EVERY, LOOK_EVERY]


def test_m08_the_first_looks_of_a_watch_that_is_late_are_no_later() -> None:
    """Reads take time too, and one that fails is no first look any more."""
    assert [pause(begun(), 0, 0.5, now) for now in (0.5, 1.5, 6.9)] == [1, 2, 4]
    assert pause(begun(), 1, 0.0, 0.0) == 0.75 * LOOK_EVERY


@given(failures=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True), answered=st.booleans())
def test_f01_failing_looks_widen_up_to_a_bound(failures: int, jitter: float, *, answered: bool) -> None:
    width = pause(begun(), failures, jitter, 0.0, answered=answered)
    assert 0.75 * LOOK_EVERY <= width <= (LONGEST_PAUSE if answered else LONGEST_UNANSWERED)
    assert width <= pause(begun(), failures + 1, jitter, 0.0, answered=answered)


@pytest.mark.parametrize(
    ("failures", "lost", "refused"), [(1, 5, 5), (2, 8, 10), (3, 8, 20), (4, 8, 30), (9, 8, 30)], ids=str
)
def test_x02_looks_that_fail_are_repeated_less_and_less_often_where_aws_answers(
    failures: int, lost: float, refused: float
) -> None:
    """Up to a quarter less, so that pipelines that failed together do not ask together again."""
    assert pause(begun(), failures, 0.0, 500.0, answered=False) == 0.75 * lost
    assert pause(begun(), failures, 0.5, 500.0) == 0.875 * refused


def test_x02_a_look_every_five_seconds_and_more_often_for_twenty_seconds_when_the_end_is_near() -> None:
    state, _ = follow(replace(begun(), started=-7), look(ours(running=1, desired=1)))
    assert [pause(state, 0, 0.5, now) for now in (0, 20, 20.1)] == [1.5, 1.5, 5]


ALL_NEW, TAKEN_UP = look(ours(running=2)), old("IN_PROGRESS", status="PRIMARY")
NEAR: dict[str, tuple[tuple[Look, ...], bool]] = {
    "all new tasks run and no old one": ((ALL_NEW,), True),
    "old tasks run": ((look(ours(running=2), old()),), False),
    "one is starting": ((look(ours(running=2, pending=1)),), False),
    "one is missing": ((look(ours(running=1)),), False),
    "none is wanted": ((look(ours(desired=0)),), False),
    "back, and none of ours runs": (
        (look(ours("FAILED", status="ACTIVE"), TAKEN_UP),),
        True,
    ),
    "back, and one of ours runs": (
        (look(ours(status="ACTIVE", running=1), TAKEN_UP),),
        False,
    ),
    "it should be over by now": ((ALL_NEW,) * 6, False),
}


@pytest.mark.parametrize(("looks", "near"), NEAR.values(), ids=NEAR)
def test_the_end_is_looked_for_more_often_while_it_is_near(looks: tuple[Look, ...], near: bool) -> None:
    state, _ = follow(replace(begun(), started=-7), *looks)
    assert pause(state, 0, 0.5, 5.0 * len(looks)) == (LOOK_SOON if near else LOOK_EVERY)
