"""A read that can be done without costs a note at most; each caller says its policy."""

import pytest

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.optional import OptionalReads, warning
from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    CredentialsError,
    EcsDeployError,
    NoSuchResource,
    Throttled,
    Unfinished,
)
from tests.clock import StoppedClock
from tests.unit.engine.world import Listener


class Asked:
    """A read that raises these errors, one each time, and then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.times = list(errors), 0

    def __call__(self) -> str:
        self.times += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


def test_an_answer_is_given() -> None:
    assert OptionalReads(clock=StoppedClock()).ask("it", Asked()) == "answer"


@pytest.mark.parametrize("error", [Throttled("Slow."), NoSuchResource("None."), AccessDenied("No.")], ids=str)
def test_one_try_and_a_note(error: EcsDeployError) -> None:
    noted: list[tuple[str, EcsDeployError | None]] = []
    asked = Asked(error)
    reads = OptionalReads(clock=StoppedClock(), note=lambda what, why: noted.append((what, why)))
    assert (reads.ask("it", asked), asked.times, noted) == (None, 1, [("it", error)])


def test_a_read_is_tried_anew_for_as_long_as_it_is_worth() -> None:
    clock, asked = StoppedClock(), Asked(*[Throttled("Slow.")] * 20)
    assert OptionalReads(clock=clock, again=3).ask("it", asked) is None
    assert clock.seconds == 1003
    assert OptionalReads(clock=clock, again=600).ask("it", asked) == "answer"


def test_no_read_begins_once_the_time_is_over_and_none_is_repeated_beyond_it() -> None:
    noted: list[EcsDeployError | None] = []
    clock, asked = StoppedClock(), Asked(*[Throttled("Slow.")] * 20)
    reads = OptionalReads(clock=clock, until=1010, again=60, note=lambda _, why: noted.append(why))
    assert (reads.ask("it", asked), clock.seconds) == (None, 1010)
    times = asked.times
    assert (reads.ask("it", asked), asked.times - times, noted[1:]) == (None, 0, [None])


def test_a_denial_is_remembered_where_that_is_wanted_and_of_that_read_alone() -> None:
    asked = Asked(AccessDenied("No."), AccessDenied("No."))
    reads = OptionalReads(clock=StoppedClock(), remembers_denials=True)
    assert (reads.ask("it", asked), reads.ask("it", asked), asked.times) == (None, None, 1)
    assert reads.ask("another", Asked()) == "answer"


def test_a_read_that_failed_rests() -> None:
    clock, asked = StoppedClock(), Asked(AwsError("Broken."))
    reads = OptionalReads(clock=clock, rests=15)
    assert reads.ask("it", asked) is None
    clock.sleep(14.9)
    assert (reads.ask("it", asked), asked.times) == (None, 1)
    clock.sleep(0.1)
    assert reads.ask("it", asked) == "answer"


def test_what_is_not_spared_is_raised() -> None:
    with pytest.raises(Throttled):
        OptionalReads(clock=StoppedClock(), spares=(NoSuchResource,)).ask("it", Asked(Throttled("Slow.")))
    with pytest.raises(CredentialsError):
        OptionalReads(clock=StoppedClock(), raises=(CredentialsError,)).ask("it", Asked(CredentialsError("Gone.")))


def test_a_warning_is_told_once_and_none_for_want_of_time() -> None:
    clock = StoppedClock()
    told = Emitter(Listener(), clock, None)
    reads = OptionalReads(clock=clock, until=1001, note=warning(told))
    for _ in range(2):
        reads.ask("W-UNREADABLE-TASKS", Asked(AccessDenied("No.")))
    clock.sleep(1)
    reads.ask("W-UNREADABLE-LOGS", Asked())
    assert told.warnings == ["W-UNREADABLE-TASKS No."]


def test_t14_what_was_begun_is_gone_on_with_when_it_is_asked_for_next() -> None:
    reads, asked = OptionalReads(clock=StoppedClock(), again=3, rests=15), Asked(*[Unfinished("More.")] * 6)
    assert (reads.ask("tasks", asked), reads.begun) == (None, {"tasks"})
    assert (reads.ask("tasks", asked), reads.begun) == ("answer", set())
