"""What is remembered between two looks at our deployment, and how it begins."""

from __future__ import annotations

from ecsdeploy.model.events import Event
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.outcome import Phase, Verdict
from ecsdeploy.model.request import Budget, PhaseBudget, WaitUntil
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.observation import Observation

_BAKING = ("PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP", "TerminationWait")
"""The stages in or after which a deployment bakes: LINEAR and CANARY do so between their shifts."""

FAILS_AGAIN = 3
"""So many tasks that fail are no accident."""


@value(frozen=True, slots=True, kw_only=True)
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
    changed: float = 0
    """When the counts were last seen to change."""
    seen: bool = False
    failed_since: float | None = None
    unseen_since: float | None = None
    contact_told: bool = False
    missing_since: float | None = None
    """Since when all looks find no service; one that shows it ends that, and one that had no answer."""
    last_seen: Observation | None = None
    old_events: frozenset[str] = frozenset()
    """Those that were there before our deployment."""
    known_events: frozenset[str] = frozenset()
    """Those, and all that have been told."""
    ends_early: bool = False
    """A deployment that can no longer succeed is not waited for."""
    bake_seconds: float = 0
    bakes: bool = False
    """ECS may bake since some look: what happens then takes none of that time away."""
    well_since: float | None = None
    """Since when all of our tasks run, as far as looks show."""
    back_seconds: float = 0
    """What a rollback takes by the service's own settings: it has at least this time."""
    failed_again: int = 0
    """How many tasks of the revision that a rollback goes back to were seen to fail since it began."""
    settled_since: float | None = None
    """Since when looks show our deployment settled, and no task of it has failed."""
    old_running: int = 0
    """The most tasks of the old side that were seen."""
    judgement: Judgement = Judgement()
    """All that was judged so far."""
    wanted: int = 0
    """The desired count at our write."""
    stumbled: bool = False
    """A look showed that a task of ours had failed, or that fewer of them were alive."""
    paused: frozenset[str] = frozenset()
    """The hooks that have been told to wait for somebody."""
    verdict: Verdict | None = None

    @property
    def deadline(self) -> float:
        anew = isinstance(self.budget, PhaseBudget) or self.phase is Phase.ROLLING_BACK
        return (self.phase_began if anew else self.started) + self.limit

    @property
    def limit(self) -> float:
        """Seconds that a wait may take; once ECS may bake, its own time for that comes on top."""
        if self.phase is Phase.ROLLING_BACK:
            return max(self.budget.seconds, self.back_seconds)
        return self.budget.seconds + (self.bake_seconds if self.bakes else 0)

    @property
    def keeps_failing(self) -> bool:
        """The rollback's own tasks fail again and again."""
        return self.failed_again >= FAILS_AGAIN

    @property
    def is_emptied(self) -> bool:
        """Tasks were wanted at our write, and none is any more."""
        return self.wanted > 0 and self.last_seen is not None and self.last_seen.wants_none

    def _stumbles(self, seen: Observation) -> bool:
        before, now = (self.last_seen.new if self.last_seen else seen.new), seen.new
        return bool(now.failed) or now.running + now.pending < before.running + before.pending

    def _may_bake(self, seen: Observation) -> bool:
        if seen.stage:
            return seen.stage in _BAKING
        return self.phase is Phase.WAITING and seen.new.running >= seen.new.desired

    def _failed_again(self, seen: Observation) -> int:
        """ECS's counter of a deployment goes on from what it was before, and back to 0 once a task is healthy."""
        before = self.last_seen
        if before is None or self.phase is not Phase.ROLLING_BACK or before.goes_back is not seen.goes_back:
            return 0
        return self.failed_again + max(0, seen.returning.failed - before.returning.failed)

    def _lasts(self, since: float | None, seen: Observation, now: float) -> float | None:
        """Since when something has lasted that this look shows too: anew where a task of ours has failed meanwhile."""
        failed = self.last_seen is not None and seen.new.failed > self.last_seen.new.failed
        return now if since is None or failed else since

    def with_look(self, seen: Observation, now: float) -> State:
        """What a look adds to what is remembered."""
        known = self.last_seen.service_deployment_arn if self.last_seen else ""
        return replace(
            self,
            last_seen=replace(seen, service_deployment_arn=seen.service_deployment_arn or known),
            bakes=self.bakes or self._may_bake(seen),
            well_since=self._lasts(self.well_since, seen, now) if seen.healthy else None,
            failed_again=self._failed_again(seen),
            settled_since=self._lasts(self.settled_since, seen, now) if seen.settled else None,
            old_running=max(self.old_running, seen.old.running),
            stumbled=self.stumbled or self._stumbles(seen),
        )


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
        changed=now,
    )


def begin_rollback(handle: Handle, budget: Budget, now: float, told: frozenset[str], *, seen: bool = False) -> State:
    """The state right after the write of our own rollback: one phase, that ends with completion.

    `told` are the ids of the events that have been told already; a deployment that we stopped was `seen` before.
    """
    state = begin(handle, budget, WaitUntil.COMPLETE, now)
    return replace(state, phase=Phase.ROLLING_BACK, old_events=told, known_events=told, seen=seen)
