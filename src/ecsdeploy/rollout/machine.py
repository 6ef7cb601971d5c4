"""Decides how our deployment goes from the first look to a verdict.

The engine looks at the service again and again. Each look gives an `Observation`; its `Standing` says how ECS reports
our deployment. `advance` turns state, look and time into a new state and the events to report. It reads no
clock and makes no call, so the same looks at the same times always give the same verdict.

A `Trigger` is what a look shows that can decide something. `TABLE` says where each trigger leads from each phase: to
another phase, or to the end. A look may show several triggers. `advance` takes them in their order, and the first one
that leads to an end is the verdict. What the table does not name changes nothing: an unknown status or stage means "in
progress".

* **The end.** After the end, no look changes the verdict.
* **Failed looks.** A failed look gives no verdict by itself, with one exception: if all looks of half a minute did not
  find the service, the deployment has failed. A look without an answer is not one of these. If the service is gone,
  nothing is written. If credentials or permissions are gone, the run says so at once, and waits as for a network that
  is away: they may come back.
* **Two looks.** Two standings count only if a second look agrees. Our deployment is not in the list: the list may be
  older than our write. Our deployment was stopped: this may be the first sign of another one that is not listed yet.
  There is time for the second look even after a deadline.
* **A rollback to come.** If our deployment has failed and ECS should roll it back, ECS has half a minute to show that
  it does.
* **Deadlines.** If a deadline comes while looks fail, it waits half a minute for one that works. If it comes while the
  service is not found, it waits until the service counts as gone.
* **No state.** ECS gives some deployments no state (with a Classic load balancer, for one). Such a deployment is
  complete once ECS has called the service steady since it began, or once it has run alone for a minute and a half
  without a failure. Before that, `advance` believes what shows that ours ended before another one began: its state in
  the list, and ECS's own event.
* **Early judgement.** `HOPELESS` says that our deployment cannot succeed. It ends the wait if `ends_early` is set.
  `ends_early` is not set if ECS itself will roll back and the user left that to ECS: then only ECS's end says truly
  what serves.
* **Budgets.** With a `PhaseBudget` each phase has the whole budget. With a `WholeBudget` all phases share one. A
  rollback always has a new budget, and more if the service's own settings need more. ECS's bake time does not count,
  once ECS may bake. A rollback that is still under way when its time is over has timed out, and has not failed, unless
  its own tasks keep failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from ecsdeploy.errors import AccessDenied, CredentialsError, NoSuchResource
from ecsdeploy.model.events import Event, LostContact, RollingBack, TaskRunning
from ecsdeploy.model.judgement import Doom, Judgement
from ecsdeploy.model.outcome import Phase, Status, Verdict
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Look, Unseen
from ecsdeploy.model.values import replace
from ecsdeploy.rollout.adapters import observe_look
from ecsdeploy.rollout.observation import Observation, Standing
from ecsdeploy.rollout.state import Advance, State
from ecsdeploy.rollout.telling import in_contact, tell_judgement, tell_news, tell_pause, tell_progress

CONTACT_NOTICE_SECONDS = 30.0
"""How long looks must fail before we tell that contact is lost."""
ROLLBACK_GRACE_SECONDS = 30.0
"""How long a failed deployment with rollback on may take to show that it rolls back."""

PROVEN_SECONDS = 90.0
"""How long a deployment that ECS gives no state must run alone and without a failure to count as complete.

A Classic load balancer takes a minute by default to find a task unhealthy, and ECS to stop it then:
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html
"""
GONE_SECONDS = 30.0
"""How long all looks must find no service before it counts as deleted: a single read may miss one that exists.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
"""

WELL_SECONDS = 40.0
"""How long a task without health checks must run to count as healthy, as for ECS's own lower bound.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""


class Trigger(StrEnum):
    """What a look may show that can decide something."""

    TASK_RUNS = "a task runs"
    ROLLING_BACK = "ECS rolls back"
    SUPERSEDED = "another deployment"
    COMPLETED = "completed"
    FAILED = "failed, no rollback"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"
    STOPPED = "stopped"
    GONE = "service deleted"
    REACHED = "as far as asked for"
    HOPELESS = "cannot succeed"
    OUT_OF_TIME = "the budget is over"
    STUCK = "the budget is over, and the rollback's tasks fail"
    OUT_OF_SIGHT = "all looks fail"


def _anywhere(end: Status) -> Mapping[Phase, Status]:
    return dict.fromkeys(PHASES, end)


PHASES = (Phase.STARTING, Phase.WAITING, Phase.ROLLING_BACK)
TABLE: Mapping[Trigger, Mapping[Phase, Phase | Status]] = {
    Trigger.TASK_RUNS: {Phase.STARTING: Phase.WAITING},
    Trigger.ROLLING_BACK: {Phase.STARTING: Phase.ROLLING_BACK, Phase.WAITING: Phase.ROLLING_BACK},
    Trigger.SUPERSEDED: _anywhere(Status.SUPERSEDED),
    Trigger.COMPLETED: _anywhere(Status.SUCCEEDED),
    Trigger.FAILED: _anywhere(Status.FAILED),
    Trigger.ROLLED_BACK: _anywhere(Status.ROLLED_BACK),
    Trigger.ROLLBACK_FAILED: _anywhere(Status.ROLLBACK_FAILED),
    Trigger.STOPPED: _anywhere(Status.STOPPED),
    Trigger.GONE: _anywhere(Status.FAILED),
    Trigger.REACHED: {Phase.STARTING: Status.SUCCEEDED, Phase.WAITING: Status.SUCCEEDED},
    Trigger.HOPELESS: {Phase.STARTING: Status.FAILED, Phase.WAITING: Status.FAILED},
    Trigger.OUT_OF_TIME: _anywhere(Status.TIMED_OUT),
    Trigger.STUCK: {Phase.ROLLING_BACK: Status.ROLLBACK_FAILED},
    Trigger.OUT_OF_SIGHT: _anywhere(Status.UNKNOWN),
}
"""Where each trigger leads from which phase; `docs/reference/rollout.md` draws it."""

_TRIGGERS = {
    Standing.SUPERSEDED: Trigger.SUPERSEDED,
    Standing.COMPLETED: Trigger.COMPLETED,
    Standing.FAILED: Trigger.FAILED,
    Standing.ROLLING_BACK: Trigger.ROLLING_BACK,
    Standing.ROLLED_BACK: Trigger.ROLLED_BACK,
    Standing.ROLLBACK_FAILED: Trigger.ROLLBACK_FAILED,
    Standing.STOPPED: Trigger.STOPPED,
    Standing.GONE: Trigger.GONE,
}


def after_reply(state: State, service: Service) -> Advance:
    """Add old events, bake time and desired count from the reply to our write. With no task desired, skip STARTING."""
    known = frozenset(each.id for each in service.events)
    state = replace(state, old_events=known, known_events=known, bake_seconds=service.settings.bake_seconds)
    state = replace(state, wanted=service.desired)
    if service.desired or state.phase is not Phase.STARTING:
        return state, ()
    return replace(state, phase=Phase.WAITING), (TaskRunning(skipped=True),)


def advance(state: State, look: Look, now: float) -> Advance:
    """The state after one look, and the events to tell. If the state has a verdict, nothing changes."""
    if state.verdict is not None:
        return state, ()
    if isinstance(look, Unseen):
        return _advance_blind(state, look, now)
    return _advance_seen(state, observe_look(look, state.handle, seen=state.seen), now)


def _advance_blind(state: State, look: Unseen, now: float) -> Advance:
    """The step after a failed look."""
    since = now if state.unseen_since is None else state.unseen_since
    said = Verdict(status=Status.UNKNOWN, reason=str(look.error))
    missing = isinstance(look.error, NoSuchResource)
    missing_since = (now if state.missing_since is None else state.missing_since) if missing else None
    state = replace(state, unseen_since=since, missing_since=missing_since)
    if missing_since is not None and now >= missing_since + GONE_SECONDS:
        return _take(state, Trigger.GONE, said, now), ()
    said = replace(said, lost=type(look.error).__name__)
    may_be_gone = missing_since is not None and missing_since < state.deadline
    if not may_be_gone and now >= state.deadline and now >= since + CONTACT_NOTICE_SECONDS:
        return _take(state, Trigger.OUT_OF_SIGHT, replace(said, limit_seconds=state.limit), now), ()
    # Only the user may be able to repair credentials and permissions, so we tell that at once.
    barred = isinstance(look.error, CredentialsError | AccessDenied)
    if missing or state.contact_told or (not barred and now < since + CONTACT_NOTICE_SECONDS):
        return state, ()
    return replace(state, contact_told=True), (LostContact(seconds=now - since, error=str(look.error)),)


def _advance_seen(state: State, seen: Observation, now: float) -> Advance:
    """The step after a look that did not fail."""
    before = state.last_seen
    if state.unseen_since is not None and now >= state.unseen_since + CONTACT_NOTICE_SECONDS:
        # We did not see what happened meanwhile, so what must last begins to last now.
        state = replace(state, well_since=None, settled_since=None)
    state, contact = in_contact(state, seen, now)
    state, news = tell_news(state, seen)
    state, judged = tell_judgement(state, _known(state.judgement, seen.judgement))
    state, paused = tell_pause(state, seen)
    moved: tuple[Event, ...] = ()
    state, progress = tell_progress(state, seen, now)
    ways, failed_since = _triggers(state.with_look(seen, now), seen, before, now)
    state = replace(state.with_look(seen, now), failed_since=failed_since)
    for trigger in ways:
        state, told = _move(state, trigger, seen, now)
        moved += told
    if state.verdict is None and now >= state.deadline and not _needs_second_look(seen, before):
        late = Trigger.STUCK if state.keeps_failing else Trigger.OUT_OF_TIME
        state = _take(state, late, _verdict(seen, limit=state.limit), now)
    return state, contact + news + judged + paused + moved + progress


def _known(before: Judgement, judged: Judgement | None) -> Judgement:
    """What we know of our deployment's chances now. A task that was healthy once rules a doom out for good.

    A judgement of ECS's events alone leaves the doom as it was. What our deployment waits for stays until a judgement
    names something else.
    """
    if judged is None:
        return before
    healthy = before.any_healthy or judged.any_healthy
    doom = None if healthy else judged.doom if judged.of_tasks else before.doom
    stopped = {each.arn: each for each in (*before.stopped, *judged.stopped)}
    waits_for = judged.waits_for or before.waits_for
    return Judgement(stopped=tuple(stopped.values()), doom=doom, any_healthy=healthy, waits_for=waits_for)


def is_gone(state: State) -> bool:
    """Whether the service is being deleted, or was not found: then there is nothing to put back."""
    seen = state.last_seen
    return state.missing_since is not None or (seen is not None and seen.standing is Standing.GONE)


def _move(state: State, trigger: Trigger, seen: Observation, now: float) -> Advance:
    """Carry out one trigger, and tell a new phase. After a verdict, it changes nothing."""
    phase = state.phase
    if state.verdict is None:
        state = _take(
            state, trigger, _verdict(seen, doom=state.judgement.doom if trigger is Trigger.HOPELESS else None), now
        )
    if state.phase is phase:
        return state, ()
    if state.phase is Phase.ROLLING_BACK:
        return state, (RollingBack(by=seen.deployer, to_revision=seen.rollback_to, reason=seen.reason),)
    return state, (TaskRunning(),)


def _take(state: State, trigger: Trigger, said: Verdict, now: float) -> State:
    """The state to which the table leads. A verdict gets its status from the table, and all else from `said`."""
    way = TABLE[trigger].get(state.phase)
    match way:
        case None:
            return state
        case Phase():
            return replace(state, phase=way, phase_began=now)
        case Status():
            return replace(state, verdict=replace(said, status=way, phase=state.phase))
        case _ as never:
            assert_never(never)


def _triggers(
    state: State, seen: Observation, before: Observation | None, now: float
) -> tuple[tuple[Trigger, ...], float | None]:
    """The triggers of a look in their order, and since when a failure has waited for ECS to roll it back."""
    late, moves = now >= state.deadline, seen.standing in (Standing.IN_PROGRESS, Standing.COMPLETED)
    runs = moves and (seen.a_task_runs or seen.standing is Standing.COMPLETED)
    triggers: tuple[Trigger, ...] = (Trigger.TASK_RUNS,) if runs else ()
    waits = seen.standing is Standing.FAILED and seen.will_roll_back
    since = (now if state.failed_since is None else state.failed_since) if waits else None
    believed = not _needs_second_look(seen, before) and (late or not _may_go_back(since, now))
    if believed and seen.standing in _TRIGGERS:
        triggers += (_TRIGGERS[seen.standing],)
    if seen.settled and state.settled_since is not None and now >= state.settled_since + PROVEN_SECONDS:
        triggers += (Trigger.COMPLETED,)
    if seen.standing is Standing.IN_PROGRESS:
        triggers += (Trigger.REACHED,) if _is_reached(state, seen, now) else ()
        triggers += (Trigger.HOPELESS,) if state.ends_early and state.judgement.doom else ()
    return triggers, since


def _may_go_back(since: float | None, now: float) -> bool:
    return since is not None and now < since + ROLLBACK_GRACE_SECONDS


def _is_reached(state: State, seen: Observation, now: float) -> bool:
    """Whether the user wants to wait no longer. Without health checks, all tasks must have run for WELL_SECONDS."""
    lasted = seen.checked or (state.well_since is not None and now >= state.well_since + WELL_SECONDS)
    match state.wait_until:
        case WaitUntil.HEALTHY:
            return seen.healthy and lasted
        case WaitUntil.TRAFFIC:
            return seen.has_traffic and (lasted or bool(seen.stage))
        case _:
            return False


def _needs_second_look(seen: Observation, before: Observation | None) -> bool:
    """Whether this standing counts only if the look before agrees, and that look does not."""
    if seen.standing is Standing.STOPPED or (seen.standing is Standing.ROLLED_BACK and not seen.proven):
        return before is None or before.standing not in (seen.standing, Standing.ROLLING_BACK, Standing.FAILED)
    return False


def _verdict(seen: Observation, *, limit: float = 0, doom: Doom | None = None) -> Verdict:
    """A verdict in the words of the look; `_take` sets its status."""
    return Verdict(
        status=Status.UNKNOWN,
        reason=seen.reason,
        serving=seen.serving,
        serves=seen.serves,
        by=seen.by,
        limit_seconds=limit,
        doom=doom,
    )
