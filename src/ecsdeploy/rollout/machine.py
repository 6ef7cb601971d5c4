"""Our deployment's way from the first look to a verdict.

A rollout is watched through looks. Each look gives an `Observation`, whose `Standing` says where ECS has our
deployment; `advance` turns the state, the look and the time into a new state and the events to tell. It reads no
clock and makes no call, so that the same looks at the same times always give the same verdict.

    STARTING ──a task runs──> WAITING ──completed──────────────> succeeded
        │                        │
        ├────────────────────────┼──failed, no rollback────────> failed
        ├────────────────────────┼──rolling back──> ROLLING_BACK ──> rolled_back | rollback_failed
        ├────────────────────────┼──another deployment─────────> superseded
        ├────────────────────────┼──stopped────────────────────> stopped
        └────────────────────────┴──the budget is over─────────> timed_out (seen) | unknown (not seen)

Terminal states absorb: whatever is looked at afterwards, the verdict stays. An unknown status or stage means "in
progress". A failed look is a look too: it never gives a verdict by itself, except that a service which no longer
exists has failed, and that credentials or permissions which are gone end our knowledge, not the deployment.
Two standings are believed only when a second look agrees: a list of deployments that has lost ours may be older
than our write, and a stop may be the first sign of a deployment that is not listed yet.

With a `PhaseBudget` each phase has the whole budget; with a `WholeBudget` all have one between them.
"""

from dataclasses import replace

from ecsdeploy.errors import AccessDenied, CredentialsError, NoSuchResource
from ecsdeploy.model.events import (
    Counts,
    Event,
    FoundContact,
    LostContact,
    Progress,
    RollingBack,
    Said,
    TaskRunning,
)
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import Budget, PhaseBudget, WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle, Look, Unseen
from ecsdeploy.model.values import dataclass
from ecsdeploy.rollout.native import observe
from ecsdeploy.rollout.observation import Observation, Standing

HEARTBEAT_SECONDS = 30.0
"""A line is due this long after the last one."""
CONTACT_NOTICE_SECONDS = 30.0
"""Failed looks are not worth a word before."""
ROLLBACK_GRACE_SECONDS = 30.0
"""How long a failed deployment with rollback on may take to show that it rolls back."""

_VERDICT = {
    Standing.COMPLETED: Status.SUCCEEDED,
    Standing.ROLLED_BACK: Status.ROLLED_BACK,
    Standing.ROLLBACK_FAILED: Status.ROLLBACK_FAILED,
    Standing.STOPPED: Status.STOPPED,
    Standing.SUPERSEDED: Status.SUPERSEDED,
    Standing.GONE: Status.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that is remembered between looks. Times are seconds of one monotonic clock."""

    handle: Handle
    budget: Budget
    wait_until: WaitUntil
    started: float
    phase: Phase
    phase_began: float
    told: float
    """When the last progress was told."""
    seen: bool = False
    failed_since: float | None = None
    unseen_since: float | None = None
    contact_told: bool = False
    last_seen: Observation | None = None
    known_events: frozenset[str] = frozenset()
    verdict: Verdict | None = None

    @property
    def deadline(self) -> float:
        begun = self.phase_began if isinstance(self.budget, PhaseBudget) else self.started
        return begun + self.budget.seconds


Advance = tuple[State, tuple[Event, ...]]


def begin(handle: Handle, budget: Budget, wait_until: WaitUntil, now: float) -> State:
    """The state right after our write."""
    return State(
        handle=handle,
        budget=budget,
        wait_until=wait_until,
        started=now,
        phase=Phase.STARTING,
        phase_began=now,
        told=now,
    )


def begin_rollback(handle: Handle, budget: Budget, now: float, told: frozenset[str]) -> State:
    """The state right after the write of our own rollback: one phase, that ends with completion.

    `told` are the ids of the events that have been told already.
    """
    state = begin(handle, budget, WaitUntil.COMPLETE, now)
    return replace(state, phase=Phase.ROLLING_BACK, known_events=told)


def after_reply(state: State, service: Service) -> Advance:
    """What the reply to our write adds: the events that are old, and that a service without tasks starts none."""
    state = replace(state, known_events=frozenset(each.id for each in service.events))
    if service.desired or state.phase is not Phase.STARTING:
        return state, ()
    return replace(state, phase=Phase.WAITING), (TaskRunning(skipped=True),)


def advance(state: State, look: Look, now: float) -> Advance:
    """One step. A terminal state absorbs every look and tells nothing."""
    if state.verdict is not None:
        return state, ()
    if isinstance(look, Unseen):
        return _advance_blind(state, look, now)
    return _advance_seen(state, observe(look, state.handle, seen=state.seen), now)


def _advance_blind(state: State, look: Unseen, now: float) -> Advance:
    since = now if state.unseen_since is None else state.unseen_since
    state = replace(state, unseen_since=since)
    if isinstance(look.error, NoSuchResource) and state.seen and now > since:
        return _end(state, Verdict(status=Status.FAILED, reason=str(look.error), phase=state.phase)), ()
    if now >= state.deadline:
        return _end(state, replace(_out_of_sight(state, look), limit_seconds=state.budget.seconds)), ()
    if isinstance(look.error, CredentialsError | AccessDenied):
        return _end(state, _out_of_sight(state, look)), ()
    if state.contact_told or now - since < CONTACT_NOTICE_SECONDS:
        return state, ()
    return replace(state, contact_told=True), (LostContact(seconds=now - since, error=str(look.error)),)


def _out_of_sight(state: State, look: Unseen) -> Verdict:
    return Verdict(status=Status.UNKNOWN, reason=str(look.error), phase=state.phase)


def _advance_seen(state: State, seen: Observation, now: float) -> Advance:
    before = state.last_seen
    state, contact = _in_contact(state, seen, now)
    state, news = _tell_news(state, seen)
    state, moved = _move(state, seen, now)
    state, progress = _tell_progress(state, seen, now)
    state = replace(state, last_seen=_remembered(seen, state))
    if now >= state.deadline or not _needs_second_look(seen, before):
        state = _conclude(state, seen, now)
    return state, contact + news + moved + progress


def _needs_second_look(seen: Observation, before: Observation | None) -> bool:
    if seen.standing is Standing.STOPPED or (seen.standing is Standing.ROLLED_BACK and not seen.proven):
        return before is None or before.standing not in (seen.standing, Standing.ROLLING_BACK, Standing.FAILED)
    return False


def _remembered(seen: Observation, state: State) -> Observation:
    """Not every look reads the service deployment: its ARN stays known."""
    known = state.last_seen.service_deployment_arn if state.last_seen else ""
    return replace(seen, service_deployment_arn=seen.service_deployment_arn or known)


def _in_contact(state: State, seen: Observation, now: float) -> Advance:
    since = state.unseen_since
    found = (FoundContact(seconds=now - since),) if state.contact_told and since is not None else ()
    listed = state.seen or seen.standing is not Standing.NOT_SEEN
    return replace(state, unseen_since=None, contact_told=False, seen=listed), found


def _tell_news(state: State, seen: Observation) -> Advance:
    """ECS's own lines since our write, oldest first, each once. ECS lists the newest first, some of one instant."""
    unknown = [each for each in reversed(seen.events) if each.id not in state.known_events]
    fresh = sorted(unknown, key=lambda each: each.at)
    known = state.known_events | {each.id for each in fresh}
    return replace(state, known_events=known), tuple(Said(id=e.id, at=e.at, message=e.message) for e in fresh)


def _move(state: State, seen: Observation, now: float) -> Advance:
    """The phases on the way: a task runs; ECS rolls back."""
    if seen.standing is Standing.ROLLING_BACK and state.phase is not Phase.ROLLING_BACK:
        told = RollingBack(by="ecs", to_revision=seen.rollback_to, reason=seen.reason)
        return replace(state, phase=Phase.ROLLING_BACK, phase_began=now), (told,)
    runs = seen.a_task_runs or seen.standing is Standing.COMPLETED
    if state.phase is Phase.STARTING and runs and seen.standing in (Standing.IN_PROGRESS, Standing.COMPLETED):
        return replace(state, phase=Phase.WAITING, phase_began=now), (TaskRunning(),)
    return state, ()


def _tell_progress(state: State, seen: Observation, now: float) -> Advance:
    if seen.standing is Standing.NOT_SEEN:
        return state, ()
    before = state.last_seen
    changed = _figures(seen) != (_figures(before) if before else (Counts(), seen.old, ""))
    if not changed and now - state.told < HEARTBEAT_SECONDS:
        return state, ()
    progress = Progress(
        new=seen.new,
        old=seen.old,
        elapsed=now - state.started,
        stage=seen.stage,
        breaker=seen.breaker,
        still=not changed,
    )
    return replace(state, told=now), (progress,)


def _figures(seen: Observation) -> tuple[Counts, Counts, str]:
    return seen.new, seen.old, seen.stage


def _conclude(state: State, seen: Observation, now: float) -> State:
    if seen.standing is Standing.FAILED:
        return _failed(state, seen, now)
    status = _VERDICT.get(seen.standing)
    if status is not None:
        return _end(state, _verdict(status, state, seen))
    if state.wait_until is WaitUntil.HEALTHY and seen.healthy and seen.standing is Standing.IN_PROGRESS:
        return _end(state, _verdict(Status.SUCCEEDED, state, seen))
    if now >= state.deadline:
        return _end(state, replace(_verdict(Status.TIMED_OUT, state, seen), limit_seconds=state.budget.seconds))
    return replace(state, failed_since=None)


def _failed(state: State, seen: Observation, now: float) -> State:
    """Failed is final, unless ECS is to roll back and may not have shown it yet."""
    since = now if state.failed_since is None else state.failed_since
    if seen.will_roll_back and now - since < ROLLBACK_GRACE_SECONDS and now < state.deadline:
        return replace(state, failed_since=since)
    return _end(state, _verdict(Status.FAILED, state, seen))


def _verdict(status: Status, state: State, seen: Observation) -> Verdict:
    return Verdict(status=status, reason=seen.reason, serving=seen.serving, by=seen.by, phase=state.phase)


def _end(state: State, verdict: Verdict) -> State:
    return replace(state, verdict=verdict)
