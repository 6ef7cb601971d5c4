"""Any look at any service at any time: what the properties of the machine are tried on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import strategies as st

from ecsdeploy.errors import (
    AccessDenied,
    AwsRefused,
    CredentialsError,
    NoSuchResource,
    ReplyLost,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.events import Event
from ecsdeploy.model.request import PhaseBudget, WaitUntil, WholeBudget
from ecsdeploy.model.service import Deployment, Service, ServiceDeployment
from ecsdeploy.model.snapshot import Look, Snapshot, Unseen
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import State
from tests.unit.rollout.builders import begun, deployed, event, foreign, old, ours, running_task, service_with

ROLLOUT_STATES = ("IN_PROGRESS", "COMPLETED", "FAILED", "", "MARINATING")
STATUSES = (
    "PENDING",
    "IN_PROGRESS",
    "SUCCESSFUL",
    "STOP_REQUESTED",
    "STOPPED",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_SUCCESSFUL",
    "ROLLBACK_FAILED",
    "MARINATING",
)
ERRORS = (Throttled, ReplyLost, Unreachable, AwsRefused, NoSuchResource, CredentialsError, AccessDenied)

OURS = [
    ours(state, status=status, running=running, desired=desired)
    for state, status, (running, desired) in product(
        ROLLOUT_STATES, ("PRIMARY", "ACTIVE", "DRAINING"), ((0, 0), (0, 2), (1, 2), (2, 2))
    )
]
OLD = [old(), old(status="PRIMARY"), old("IN_PROGRESS", status="PRIMARY"), old("FAILED", status="PRIMARY")]
FOREIGN = [foreign(), replace(foreign(), status="ACTIVE")]
LISTS: list[tuple[Deployment, ...]] = [
    tuple(filter(None, listed)) for listed in product([None, *OURS], [None, *OLD], [None, *FOREIGN])
]
"""Every state of ours, beside every state of the one before it and of somebody else's."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A look, and when it was taken."""

    now: float
    look: Look


def _service(listed: tuple[Deployment, ...], desired: int, status: str, lines: int, rollback: bool) -> Service:
    events = tuple(event(number, at=number // 2) for number in range(lines, 0, -1))
    return service_with(*listed, desired=desired, status=status, rollback=rollback, events=events)


def services() -> st.SearchStrategy[Service]:
    return st.builds(
        _service,
        st.sampled_from(LISTS),
        st.sampled_from([2, 0]),
        st.sampled_from(["ACTIVE"] * 9 + ["DRAINING"]),
        st.integers(0, 8),
        st.booleans(),
    )


def _seen(service: Service, mine: ServiceDeployment | None, checked: bool) -> Snapshot:
    tasks = (running_task(1, health="HEALTHY"), running_task(2, health="UNHEALTHY")) if checked else None
    return Snapshot(service=service, service_deployment=mine, tasks=tasks, checked=checked)


def looks() -> st.SearchStrategy[Look]:
    mine = st.none() | st.sampled_from(STATUSES).map(deployed)
    blind = st.sampled_from(ERRORS).map(lambda kind: Unseen(error=kind("No.")))
    return st.builds(_seen, services(), mine, st.booleans()) | blind


@st.composite
def watches(draw: st.DrawFn, max_size: int = 6) -> tuple[Timed, ...]:
    """Looks one after another, on a clock that never goes back."""
    now, seen = 0.0, []
    for look, pause in draw(st.lists(st.tuples(looks(), st.floats(0, 60)), max_size=max_size)):
        now += pause
        seen.append(Timed(now, look))
    return tuple(seen)


def states() -> st.SearchStrategy[State]:
    """Right after our write, with any budget and any end to wait for."""
    budgets = st.sampled_from([WholeBudget(seconds=90), PhaseBudget(seconds=90), WholeBudget(seconds=9)])
    return st.builds(
        lambda budget, wait_until: begun(budget=budget, wait_until=wait_until),
        budgets,
        st.sampled_from([WaitUntil.COMPLETE, WaitUntil.HEALTHY]),
    )


def run(state: State, watch: Sequence[Timed]) -> list[tuple[State, tuple[Event, ...]]]:
    """Every step of a watch."""
    steps = []
    for each in watch:
        state, events = advance(state, each.look, each.now)
        steps.append((state, events))
    return steps
