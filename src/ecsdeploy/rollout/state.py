"""What is remembered between two looks at our deployment, and the states in which a watch begins."""

from __future__ import annotations

from ecsdeploy.model.events import Event
from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.outcome import Phase, Verdict
from ecsdeploy.model.request import Budget, PhaseBudget, WaitUntil
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.values import replace, value
from ecsdeploy.rollout.observation import Observation

_BAKING = ("PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP", "TerminationWait")
"""The stages in which a deployment bakes, or may have begun to: LINEAR and CANARY bake between their shifts."""

FAILS_AGAIN = 3
"""The number of failed tasks from which on a rollback's tasks count as failing again and again."""


@value(frozen=True, slots=True, kw_only=True)
class State:
    """All that is remembered between two looks. Times are in seconds of one monotonic clock."""

    handle: Handle
    budget: Budget
    wait_until: WaitUntil
    started: float
    """When the watch began."""
    phase: Phase
    phase_began: float
    told: float
    """When the last progress was told."""
    changed: float = 0
    """When the counts last changed."""
    seen: bool = False
    """Whether a look has shown our deployment in the list."""
    failed_since: float | None = None
    """Since when our deployment has failed and ECS is to roll it back, but has not begun to."""
    unseen_since: float | None = None
    """Since when all looks have failed."""
    contact_told: bool = False
    """Whether we told that contact is lost."""
    missing_since: float | None = None
    """Since when all looks have found no service; None again after a look that finds it, or that has no answer."""
    last_seen: Observation | None = None
    """What the last look that did not fail has shown."""
    old_events: frozenset[str] = frozenset()
    """The ids of the ECS events from before our deployment."""
    known_events: frozenset[str] = frozenset()
    """These, and the ids of all events that were told."""
    ends_early: bool = False
    """Whether early judgement ends the watch."""
    bake_seconds: float = 0
    """The service's bake time, or CodeDeploy's wait time."""
    bakes: bool = False
    """Whether ECS may have begun to bake. It stays so, as an event after that does not shorten the bake time."""
    well_since: float | None = None
    """Since when all of our tasks have been healthy, with none failing."""
    back_seconds: float = 0
    """How many seconds a rollback may take by the service's own settings: it gets this time at least."""
    failed_again: int = 0
    """How many tasks of the revision to which a rollback goes back have failed since it began."""
    settled_since: float | None = None
    """Since when our deployment has been `settled`, with no task failing."""
    old_running: int = 0
    """The highest number of running tasks that are not ours."""
    judgement: Judgement = Judgement()
    """All that was judged so far."""
    wanted: int = 0
    """The desired count of the service at our write."""
    stumbled: bool = False
    """Whether a look has shown that a task of ours had failed, or that fewer of them were alive than before."""
    paused: frozenset[str] = frozenset()
    """The ids of the hooks that were told to wait."""
    verdict: Verdict | None = None

    @property
    def deadline(self) -> float:
        """When the time of the present phase is over."""
        anew = isinstance(self.budget, PhaseBudget) or self.phase is Phase.ROLLING_BACK
        return (self.phase_began if anew else self.started) + self.limit

    @property
    def limit(self) -> float:
        """How many seconds the present phase may take. Once ECS may bake, the bake time is added."""
        if self.phase is Phase.ROLLING_BACK:
            return max(self.budget.seconds, self.back_seconds)
        return self.budget.seconds + (self.bake_seconds if self.bakes else 0)

    @property
    def keeps_failing(self) -> bool:
        """Whether the rollback's own tasks fail again and again."""
        return self.failed_again >= FAILS_AGAIN

    @property
    def is_emptied(self) -> bool:
        """Whether the service was scaled to zero since our write."""
        return self.wanted > 0 and self.last_seen is not None and self.last_seen.wants_none

    def _stumbles(self, seen: Observation) -> bool:
        """Whether this look shows a failed task of ours, or fewer of them alive."""
        before, now = (self.last_seen.new if self.last_seen else seen.new), seen.new
        return bool(now.failed) or now.running + now.pending < before.running + before.pending

    def _may_bake(self, seen: Observation) -> bool:
        """Whether ECS may bake by now: by its stage or, without one, once all of our tasks run."""
        if seen.stage:
            return seen.stage in _BAKING
        return self.phase is Phase.WAITING and seen.new.running >= seen.new.desired

    def _failed_again(self, seen: Observation) -> int:
        """How many tasks of the rollback have failed by now.

        ECS's counter is not that: it counts on from before the rollback, and returns to 0 once a task is healthy. So we
        add up by how much it grows.
        """
        before = self.last_seen
        if before is None or self.phase is not Phase.ROLLING_BACK or before.goes_back is not seen.goes_back:
            return 0
        return self.failed_again + max(0, seen.returning.failed - before.returning.failed)

    def _lasts(self, since: float | None, seen: Observation, now: float) -> float | None:
        """Since when a condition has lasted that this look shows too. If a task of ours failed, it begins now."""
        failed = self.last_seen is not None and seen.new.failed > self.last_seen.new.failed
        return now if since is None or failed else since

    def with_look(self, seen: Observation, now: float) -> State:
        """The state with what a look has shown."""
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
"""A new state, and the events to tell."""


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
    """The state right after the write of our own rollback. It has one phase, and ends once ECS calls it complete.

    `told` has the ids of the events that were told before. `seen` says that a look has shown the deployment before, as
    it has if we stopped our own.
    """
    state = begin(handle, budget, WaitUntil.COMPLETE, now)
    return replace(state, phase=Phase.ROLLING_BACK, old_events=told, known_events=told, seen=seen)
