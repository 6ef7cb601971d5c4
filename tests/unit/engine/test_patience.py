"""How long a call is asked again, and how long it waits between."""

from collections.abc import Callable

import pytest

from ecsdeploy.engine.patience import Patience, backoff, jitter
from ecsdeploy.errors import AccessDenied, AwsError, CredentialsError, ReplyLost, Throttled, Unfinished, Unreachable
from tests.clock import StoppedClock


@pytest.mark.parametrize(
    ("now", "waits"),
    [(1000.0, [0.5, 1, 2, 4, 8, 15, 15, 15]), (1000.5, [0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5])],
    ids=["the shortest", "between"],
)
def test_pauses_double_up_to_thirty_seconds_and_differ_between_runs(now: float, waits: list[float]) -> None:
    clock = StoppedClock(seconds=now)
    assert [backoff(attempt, clock) for attempt in (0, 1, 2, 3, 4, 5, 6, 1000)] == waits
    assert 0 <= jitter(clock) < 1


def silent(error: AwsError, clock: StoppedClock) -> tuple[Callable[[], str], list[float]]:
    """A call that is never answered, and when it was made."""
    made = list[float]()

    def call() -> str:
        made.append(clock.seconds)
        raise error

    return call, made


def lasted(patience: Patience, error: AwsError, clock: StoppedClock) -> float:
    """How long a read is asked for."""
    call, made = silent(error, clock)
    with pytest.raises(type(error)):
        patience.read(call)
    return made[-1] - made[0]


GONE, DENIED = CredentialsError("Expired."), AccessDenied("No.")
BEFORE = {Throttled("Slow."): 100, ReplyLost("Reset."): 100, Unreachable("No route."): 4, GONE: 0, DENIED: 0}
AFTER = {Throttled("Slow."): 100, ReplyLost("Reset."): 100, Unreachable("No route."): 100, GONE: 100, DENIED: 30}
BRIEF = {Throttled("Slow."): 10, ReplyLost("Reset."): 10, Unreachable("No route."): 10, GONE: 0, DENIED: 0}
TIMES = [
    *(("before a write", error, seconds) for error, seconds in BEFORE.items()),
    *(("after one", error, seconds) for error, seconds in AFTER.items()),
    *(("briefly", error, seconds) for error, seconds in BRIEF.items()),
]


@pytest.mark.parametrize(("when", "error", "seconds"), TIMES, ids=str)
def test_how_long_a_read_is_asked_again(when: str, error: AwsError, seconds: float) -> None:
    clock = StoppedClock()
    before = Patience(clock=clock, seconds=100, start=1000)
    clock.sleep(0 if when == "before a write" else 90)
    patience = {"before a write": before, "after one": before.once_begun(), "briefly": before.once_begun().brief(10)}
    assert lasted(patience[when], error, clock) == seconds


def test_a_write_is_sent_again_only_where_nothing_can_have_been_applied() -> None:
    for error, sends in ((Throttled("Slow."), 2), (Unreachable("No route."), 2), (ReplyLost("Reset."), 1), (DENIED, 1)):
        clock = StoppedClock()
        call, made = silent(error, clock)
        with pytest.raises(type(error)):
            Patience(clock=clock, seconds=100, start=1000).once_begun().write(call)
        assert min(len(made), 2) == sends


def test_what_is_left_is_never_less_than_was_allowed_for_the_search() -> None:
    clock = StoppedClock(seconds=1095)
    patience = Patience(clock=clock, seconds=100, start=1000)
    assert (patience.left, patience.forgiving(30).left, patience.sparing(3).left) == (5, 30, 2)
    fresh = Patience(clock=clock, seconds=100, start=1090)
    assert (fresh.forgiving(30).left, fresh.once_begun().left, fresh.brief(7).left) == (95, 100, 7)


def test_parts_of_a_long_list_are_asked_for_each_second_and_told_to_nobody() -> None:
    clock, heard = StoppedClock(), list[float]()
    patience = Patience(clock=clock, seconds=12, start=1000, notice=lambda asked, _: heard.append(asked))
    call, made = silent(Unfinished("A part."), clock)
    with pytest.raises(Unfinished):
        patience.read(call)
    assert (made, heard) == ([1000.0 + second for second in range(13)], [])


def test_what_is_asked_again_for_long_is_told_once() -> None:
    clock, heard = StoppedClock(), list[tuple[float, str]]()
    patience = Patience(
        clock=clock, seconds=60, start=1000, notice=lambda asked, error: heard.append((asked, str(error)))
    )
    lasted(patience, Throttled("Slow."), clock)
    assert heard == [(4.0, "Slow.")]
