"""A machine that falls asleep in mid-wait: the time counts, is told of, and the next look says how things stand."""

import time
from dataclasses import dataclass, replace

import pytest

from ecsdeploy.engine.clock import WallClock
from ecsdeploy.errors import Unreachable
from ecsdeploy.model.events import Warned
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import WholeBudget
from tests.clock import StoppedClock
from tests.unit.engine.happenings import completes, goes_on
from tests.unit.engine.runs import RELEASE, run
from tests.unit.engine.world import ScriptedPlane


@dataclass(slots=True)
class SleepyClock(StoppedClock):
    """The machine sleeps for half an hour at some time after the start."""

    asleep_at: float = 1001.0

    def sleep(self, seconds: float) -> None:
        if self.seconds < self.asleep_at <= self.seconds + seconds:
            self.seconds += 1800
        StoppedClock.sleep(self, seconds)


def test_f30_what_happened_meanwhile_is_seen_at_once_even_past_the_deadline() -> None:
    plane = ScriptedPlane(clock=SleepyClock(), courses=[[goes_on, completes]])
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=600)))
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-OVERSLEPT 1800",))
    assert ran.outcome.duration_seconds >= 1800


def test_f30_the_deadline_counts_the_sleep_and_that_is_told_before() -> None:
    plane = ScriptedPlane(clock=SleepyClock(), courses=[[goes_on]])
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=600)))
    assert (ran.status, ran.outcome.verdict.limit_seconds) == (Status.TIMED_OUT, 600)
    assert [each.finding.code for each in ran.told.of(Warned)] == ["W-OVERSLEPT"]
    assert ran.seconds < 1850


def test_f30_a_network_that_wakes_later_is_waited_for() -> None:
    plane = ScriptedPlane(clock=SleepyClock(), courses=[[goes_on, completes]])
    plane.fail("service", Unreachable("No route."), times=4, after=2)
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=600)))
    assert (ran.status, ran.outcome.warnings) == (Status.SUCCEEDED, ("W-OVERSLEPT 1800",))


def test_f30_a_network_that_does_not_come_back_in_time_leaves_the_outcome_unknown() -> None:
    plane = ScriptedPlane(clock=SleepyClock(), courses=[[goes_on]])
    plane.fail("service", Unreachable("No route."), times=1000, after=2)
    assert run(plane, replace(RELEASE, budget=WholeBudget(seconds=600))).status is Status.UNKNOWN


def test_f30_within_the_time_given_the_wait_goes_on() -> None:
    plane = ScriptedPlane(clock=SleepyClock(), courses=[[goes_on, goes_on, goes_on, completes]])
    ran = run(plane, replace(RELEASE, budget=WholeBudget(seconds=7200)))
    assert (ran.status, len(ran.told.of(Warned))) == (Status.SUCCEEDED, 1)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="another machine's clock")
def test_f30_our_clock_goes_on_while_the_machine_is_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.clock_gettime", {time.CLOCK_BOOTTIME: 7.0}.get)
    assert WallClock().monotonic() == 7.0


def test_where_no_clock_has_a_number_the_monotonic_one_is_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecsdeploy.engine.clock._COUNTS_SLEEP", None)
    before = time.monotonic()
    assert before <= WallClock().monotonic() <= time.monotonic()
