"""Finds when a verdict of our own client could be known.

A verdict is knowable at the first instant at which a permitted read would satisfy a rule of the verdict's. That instant
is found by playing the same scenario and seed again with a watcher that spares nothing: each event of the world wakes
it, a tenth of a second apart at least, it reads each time all that it may read at all, and no call of its is delayed,
has a latency or counts for a limit.
"""

from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

from ecsdeploy.cli.play.simulated import WorldClock
from ecsdeploy.engine.controllers.codedeploy import look
from ecsdeploy.engine.follow import reads
from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.reads import LastReads, PlannedReads, plan_reads
from ecsdeploy.rollout.state import State
from ecsdeploy.sim import Scenario, World
from ecsdeploy.sim.ground.buckets import fargate_launches
from tests.truth.scenario import Tape, played

RESOLUTION, LONGEST = 0.1, 1.0
"""Seconds between two looks of the eager watcher: at least, and at most."""


class EagerTime:
    """The world's time for a watcher that is woken whenever something may have changed."""

    def __init__(self, world: World, tape: Tape) -> None:
        self._world, self._tape = world, tape

    def time(self) -> float:
        return self._world.clock.time()

    def sleep(self, seconds: float) -> None:
        clock = self._world.clock
        now, due = clock.time(), clock.next_due()
        if not self._tape.started or self._tape.verdict:
            clock.sleep(seconds)
            return
        # What a lagging read shows changes when nothing happens.
        lags = self._world.scenario.limits.read_lag > 0
        wake = now + RESOLUTION if lags or due is None else min(max(due, now + RESOLUTION), now + LONGEST)
        clock.run_until(min(now + seconds, wake))


def knowable(scenario: Scenario) -> float | None:
    """Seconds from the write that starts the deployment until its verdict can be known.

    None where no deployment is started, and where nothing can be known but that the time given is over.
    """
    world = World(_unhindered(scenario))
    if scenario.limits.throttle:
        world.region.launches = fargate_launches(world.start)
    tape = Tape(world)
    with ExitStack() as stack:
        for module in (reads, look):
            stack.enter_context(patch.object(module, "plan_reads", _spares_nothing))
        eager = played(world, tape, WorldClock(EagerTime(world, tape)))
    return None if eager.truth.began is None or eager.verdict == "timed_out" else eager.after


def _spares_nothing(state: State, service: Service, last: LastReads, now: float, *, checked: bool) -> PlannedReads:
    """What is read in a poll that spares nothing."""
    planned = plan_reads(state, service, last, now, checked=checked)
    if planned.is_over:
        return planned
    return replace(planned, deployment=True, stopped=last.stopped_begun or _while_judged(state, service))


def _while_judged(state: State, service: Service) -> bool:
    """Whatever has changed since the last look; once a task of ours was healthy, or ECS rolls back, none is judged."""
    listed = state.last_seen is not None and service.deployment(state.handle.deployment_id) is not None
    return listed and not state.judgement.any_healthy and state.phase is not Phase.ROLLING_BACK


def _unhindered(scenario: Scenario) -> Scenario:
    limits = replace(scenario.limits, throttle=False, latency_ms=0.0)
    return replace(scenario, limits=limits, faults=tuple(each for each in scenario.faults if each.error != "delay"))
