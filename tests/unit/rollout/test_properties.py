"""What holds of the machine whatever ECS shows, and whenever."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.errors import AccessDenied, CredentialsError, NoSuchResource
from ecsdeploy.model.events import FoundContact, LostContact, RollingBack, Said, TaskRunning
from ecsdeploy.model.outcome import Phase, Status
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.snapshot import Handle, Look, Snapshot, Unseen
from ecsdeploy.rollout.machine import CONTACT_NOTICE_SECONDS, advance
from ecsdeploy.rollout.state import State, begin
from tests.unit.rollout.worlds import Timed, looks, run, states, watches

pytestmark = pytest.mark.properties

LATER = 4096.0
"""Seconds."""
WITHOUT_TIMEOUT = (CredentialsError, AccessDenied, NoSuchResource)


@given(states(), watches(), looks(), st.floats(0, 10_000))
def test_a_terminal_state_absorbs_every_look(state: State, watch: tuple[Timed, ...], later: Look, after: float) -> None:
    for ended, _ in run(state, watch):
        if ended.verdict is not None:
            assert advance(ended, later, watch[-1].now + after) == (ended, ())


@given(states(), watches())
def test_what_is_told_depends_on_how_long_ago_things_were_and_not_on_when(
    state: State, watch: tuple[Timed, ...]
) -> None:
    """A clock that only counts begins anywhere."""
    # Eighths of a second are exact as floats, and stay so when a power of two is added.
    exact = [replace(each, now=round(8 * each.now) / 8) for each in watch]
    later = [replace(each, now=each.now + LATER) for each in exact]
    began_later = begin(state.handle, state.budget, state.wait_until, LATER)
    told = [(after.verdict, events) for after, events in run(state, exact)]
    assert [(after.verdict, events) for after, events in run(began_later, later)] == told


@given(states(), watches())
def test_success_is_only_ever_our_own_deployments(state: State, watch: tuple[Timed, ...]) -> None:
    for (after, _), each in zip(run(state, watch), watch, strict=True):
        if after.verdict is not None:
            if after.verdict.status is Status.SUCCEEDED:
                assert isinstance(each.look, Snapshot)
                assert _is_proof(each.look, after.handle, after.wait_until)
            return


def _is_proof(look: Snapshot, handle: Handle, wait_until: WaitUntil) -> bool:
    """Our own id COMPLETED (or without a rolloutState, steady and alone), SUCCESSFUL, or, where asked, healthy."""
    mine, deployed = look.service.deployment(handle.deployment_id), look.service_deployment
    if deployed is not None and deployed.status == "SUCCESSFUL":
        return True
    if mine is None:
        return False
    all_run = mine.running >= mine.desired
    classic = not mine.rollout_state and all_run and look.service.deployments == (mine,)
    healthy = wait_until is WaitUntil.HEALTHY and all_run and mine.desired > 0
    return mine.rollout_state == "COMPLETED" or classic or healthy


@given(states(), watches())
def test_no_verdict_comes_from_a_failed_look_alone(state: State, watch: tuple[Timed, ...]) -> None:
    before = state
    for (after, _), each in zip(run(state, watch), watch, strict=True):
        if before.verdict is None and after.verdict is not None and isinstance(each.look, Unseen):
            assert after.verdict.status in (Status.UNKNOWN, Status.FAILED)
            assert isinstance(each.look.error, WITHOUT_TIMEOUT) or each.now >= after.deadline
        before = after


@given(states(), watches(), looks())
def test_the_deadline_ends_it(state: State, watch: tuple[Timed, ...], last: Look) -> None:
    steps = run(state, watch)
    state = steps[-1][0] if steps else state
    # A phase that begins with the very look of the deadline has a budget of its own: three phases at most. One that
    # sees nothing is given half a minute.
    for _ in range(3):
        state, _events = advance(state, last, state.deadline)
    state, _events = advance(state, last, max(state.deadline, state.unseen_since or 0) + CONTACT_NOTICE_SECONDS)
    assert state.verdict is not None


@given(states(), watches())
def test_each_line_of_ecs_is_told_once_and_in_order(state: State, watch: tuple[Timed, ...]) -> None:
    steps = run(state, watch)
    told = [event.id for _, events in steps for event in events if isinstance(event, Said)]
    assert len(told) == len(set(told))
    for _, events in steps:
        lines = [int(event.id.removeprefix("event-")) for event in events if isinstance(event, Said)]
        assert lines == sorted(lines)


@given(states(), watches())
def test_all_lines_that_were_seen_are_told(state: State, watch: tuple[Timed, ...]) -> None:
    told: set[str] = set()
    for (after, events), each in zip(run(state, watch), watch, strict=True):
        told |= {event.id for event in events if isinstance(event, Said)}
        if isinstance(each.look, Snapshot):
            assert {event.id for event in each.look.service.events} <= told
        if after.verdict is not None:
            return


@given(states(), watches())
def test_a_phase_is_never_gone_back_to(state: State, watch: tuple[Timed, ...]) -> None:
    order = [Phase.STARTING, Phase.WAITING, Phase.ROLLING_BACK]
    phases = [order.index(after.phase) for after, _ in run(state, watch)]
    assert phases == sorted(phases)


@given(states(), watches())
def test_the_first_task_and_a_rollback_are_told_at_most_once(state: State, watch: tuple[Timed, ...]) -> None:
    told = [event for _, events in run(state, watch) for event in events]
    for kind in (TaskRunning, RollingBack):
        assert len([each for each in told if isinstance(each, kind)]) <= 1


@given(states(), watches())
def test_contact_is_found_only_after_it_was_lost(state: State, watch: tuple[Timed, ...]) -> None:
    lost = False
    for _, events in run(state, watch):
        for each in events:
            if isinstance(each, LostContact | FoundContact):
                assert isinstance(each, FoundContact) == lost
                lost = not lost
