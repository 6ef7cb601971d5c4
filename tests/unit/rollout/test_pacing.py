"""When to look again, and what to read then."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.machine import State
from ecsdeploy.rollout.pacing import LONGEST_PAUSE, LOOK_EVERY, pause, wants_targets, wants_tasks
from tests.unit.rollout.builders import TARGET_GROUP, begun, old, ours, service_with


def test_looks_that_see_keep_their_pace() -> None:
    assert pause(0, 0.5) == LOOK_EVERY


@given(failures=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_f01_failing_looks_widen_up_to_30_seconds(failures: int, jitter: float) -> None:
    assert 0.75 * LOOK_EVERY <= pause(failures, jitter) <= LONGEST_PAUSE
    assert pause(failures, jitter) <= pause(failures + 1, jitter)


STARTING, HEALTHY = begun(), begun(wait_until=WaitUntil.HEALTHY)
WAITING = replace(STARTING, phase=Phase.WAITING)
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
    "healthy, but not listed": (HEALTHY, service_with(old(status="PRIMARY")), True, False, False),
}


@pytest.mark.parametrize(("state", "service", "checked", "tasks", "targets"), READS.values(), ids=READS)
def test_only_what_decides_something_is_read(
    state: State, service: Service, checked: bool, tasks: bool, targets: bool
) -> None:
    assert wants_tasks(state, service, checked=checked) == tasks
    assert wants_targets(state, service, checked=checked) == targets
