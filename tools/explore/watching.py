"""One look of the shipped watch, from a state in canonical form to the next one."""

import math
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from ecsdeploy.engine.follow.poller import Watcher
from ecsdeploy.engine.follow.reads import Looker
from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    CredentialsError,
    NoSuchResource,
    Throttled,
    Unreachable,
)
from ecsdeploy.model.outcome import Verdict
from ecsdeploy.model.service import PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.snapshot import Unseen
from ecsdeploy.model.steps import PointService
from ecsdeploy.rollout.machine import advance
from ecsdeploy.rollout.state import State
from tools.explore import values
from tools.explore.ecs import Rules
from tools.explore.plane import Plane, Unasked, a_clock, a_run

TICK = 5.0
"""Time passes in steps of so many seconds: a look comes when the client asks for it, or a little later."""
_FORGOTTEN = 60.0
"""An age beyond all that the client compares ages with."""
_BUDGETED = frozenset({"started", "phase_began"})
_LENGTHS = frozenset({"bake_seconds"})
"""The members of a state in seconds that are no times."""

_MEMORY = frozenset(("deployed", "deployed_at", "tasks", "tasks_at", "reads", "planned"))
"""What a watch remembers beside its state; what it knows of who looks on, and of targets, decides nothing here."""
_IDLE = frozenset(("_run", "_ref", "_definition", "_reads_beside", "_told_beside", "_beside_due", "_ran"))

FAILURES: dict[str, AwsError | NoSuchResource] = {
    "throttled": Throttled("Rate exceeded."),
    "unreachable": Unreachable("No route."),
    "denied": AccessDenied("Not authorized."),
    "expired": CredentialsError("The token has expired."),
    "missing": NoSuchResource("No service web."),
}


class Answers(NamedTuple):
    """What each read of one look finds: a value, or the name of a failure."""

    service: "values.Listed | str"
    record: "values.Recorded | str | None"


class Client(NamedTuple):
    """All that the watch carries from look to look; times count from the next look."""

    state: State
    memory: tuple[object, ...]
    failures: int


class Looked(NamedTuple):
    """What came of one look."""

    client: Client
    verdict: Verdict | None
    asked_record: bool
    after: float
    """Seconds from this look to the next one."""


@dataclass(slots=True)
class _Fixed:
    """Answers a look as it was chosen."""

    answers: Answers
    rules: Rules
    asked_record: bool = False

    def see_service(self) -> Service:
        found = self.answers.service
        if isinstance(found, str):
            raise FAILURES[found]
        return values.service(found, self.rules)

    def see_record(self, which: int) -> ServiceDeployment | None:
        self.asked_record = True
        found = self.answers.record
        if isinstance(found, str):
            raise FAILURES[found]
        return None if found is None else values.service_deployment(found, self.rules)

    def see_history(self) -> tuple[PastDeployment, ...]:
        raise AwsRefused("Not in this look.")

    def see_tasks(self, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        found = self.answers.service
        return () if isinstance(found, str) else values.tasks(found, deployment_id, stopped=stopped)

    def update(self, step: PointService, revision: str) -> Service:
        raise Unasked

    def stop(self, which: int) -> None:
        raise Unasked


def look(client: Client, answers: Answers, rules: Rules) -> Looked:
    """The shipped look, judgement and pause, once."""
    fixed, clock = _Fixed(answers=answers, rules=rules), a_clock()
    run = a_run(Plane(of=fixed), clock, client.state.budget.seconds, client.state.started)
    run.progress = replace(run.progress, deployment_id=client.state.handle.deployment_id)
    looker = _recalled(client.memory, Looker(run, values.WEB, values.definition(client.state.handle.revision)))
    watcher = Watcher(run=run, ref=values.WEB, looker=looker)
    state, seen = watcher.step(client.state)
    failures = client.failures + 1 if isinstance(seen, Unseen) else 0
    if state.verdict is not None:
        _absorbs(state)
        return Looked(Client(state, (), 0), state.verdict, fixed.asked_record, 0)
    after = TICK * math.ceil((clock.seconds + watcher.pause_after(state, seen, failures)) / TICK)
    return Looked(
        Client(_unsaid(shifted(state, after)), _remembered(looker, after), failures), None, fixed.asked_record, after
    )


class RuleBroken(BaseException):
    """A rule does not hold."""


def _absorbs(state: State) -> None:
    for later in (0.0, 1000.0):
        if advance(state, Unseen(error=FAILURES["missing"]), later) != (state, ()):
            raise RuleBroken("an end absorbs")


def shifted(state: State, by: float) -> State:
    """The same state as it is seen `by` seconds later, with ages that decide nothing any more made equal."""
    changed: dict[str, float] = {}
    for each in fields(state):
        value = getattr(state, each.name)
        if isinstance(value, float | int) and not isinstance(value, bool) and each.name not in _LENGTHS:
            if each.type not in ("float", "float | None", float, float | None):
                continue
            least = -math.inf if each.name in _BUDGETED else -_FORGOTTEN
            changed[each.name] = max(least, value - by)
    return replace(state, **changed)  # type: ignore[arg-type] # all of them are seconds


def _unsaid(state: State) -> State:
    """Without what is only told, and decides nothing: then more states are equal."""
    seen = state.last_seen
    if seen is None:
        return state
    quiet = replace(seen, events=(), reason="", by="", serving="", breaker="", judgement=None)
    return replace(state, told=0.0, last_seen=quiet)


def _remembered(looker: Looker, after: float) -> tuple[object, ...]:
    def moved(at: float | None) -> float | None:
        return None if at is None else max(-_FORGOTTEN, at - after)

    if vars(looker).keys() - _MEMORY - _IDLE:
        raise TypeError(f"a watch remembers more: {vars(looker).keys() - _MEMORY - _IDLE}")
    return (
        looker.deployed,
        moved(looker.deployed_at),
        looker.tasks,
        moved(looker.tasks_at),
        frozenset(looker.reads.denied),
        frozenset(looker.reads.begun),
        tuple(sorted((what, max(-_FORGOTTEN, at - after)) for what, at in looker.reads.failed.items())),
    )


def _recalled(memory: tuple[object, ...], looker: Looker) -> Looker:
    reads = looker.reads
    if memory:
        looker.deployed, looker.deployed_at, looker.tasks, looker.tasks_at, denied, begun, failed = memory  # type: ignore[assignment]
        reads.denied, reads.begun, reads.failed = set(denied), set(begun), dict(failed)  # type: ignore[call-overload]
    return looker
