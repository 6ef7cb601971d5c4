"""Plays a scenario with our own client in process and in virtual time, and finds when its verdict could be known.

A verdict is knowable at the first instant at which a permitted read would satisfy a rule of the verdict's. That instant
is found by playing the same scenario and seed again with a watcher that spares nothing: each event of the world wakes
it, a tenth of a second apart at least, it reads each time all that it may read at all, and no call of its is delayed,
has a latency or counts for a limit.

What is measured has a latency: without one, looks and ECS's own steps would keep time with each other, and how soon a
verdict comes would be chance.
"""

import io
import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from bench.verdicts.truth import Fate, Truth, truth_of, watching
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import WorldClock, inside, played_words
from ecsdeploy.engine.controllers.codedeploy import look
from ecsdeploy.engine.follow import reads
from ecsdeploy.model.outcome import Phase
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.reads import LastReads, PlannedReads, plan_reads
from ecsdeploy.rollout.state import State
from ecsdeploy.sim import Scenario, World
from ecsdeploy.sim.actions import act
from ecsdeploy.sim.ground.buckets import fargate_launches
from ecsdeploy.sim.scenario.values import Action

RESOLUTION, LONGEST = 0.1, 1.0
"""Seconds between two looks of the eager watcher: at least, and at most."""
LATENCY_MS = 100.0
"""What a call takes in a scenario that does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One run: what it said and when, what was true, its JSON lines, and what it cost to watch."""

    verdict: str
    truth: Truth
    right: bool
    after: float
    """Seconds from the write that started the deployment to the verdict."""
    calls: int
    """Calls in that time."""
    lines: tuple[str, ...]


class Tape(io.StringIO):
    """The run's JSON lines; remembers when a watch began, and when and after how many calls the verdict was told."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.started = False
        self.verdict, self.told, self.calls = "", 0.0, 0

    def write(self, text: str) -> int:
        event = json.loads(text) if text.startswith("{") else {}
        self.started |= event.get("type") == "started"
        if not self.verdict and event.get("type") in {"concluded", "result"}:
            self.verdict = event.get("status") or event["verdict"]["status"]
            self.told, self.calls = self._world.clock.time(), len(self._world.calls)
        return super().write(text)


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


def with_latency(scenario: Scenario) -> Scenario:
    """The scenario, in which no call is answered at once."""
    return replace(scenario, limits=replace(scenario.limits, latency_ms=scenario.limits.latency_ms or LATENCY_MS))


def play(scenario: Scenario) -> Played:
    """Run its command line as a user would."""
    world = World(scenario)
    return _play(world, Tape(world), eager=False)


def knowable(scenario: Scenario) -> float | None:
    """Seconds from the write that starts the deployment until its verdict can be known.

    None where no deployment is started, and where nothing can be known but that the time given is over.
    """
    world = World(_unhindered(scenario))
    if scenario.limits.throttle:
        world.region.launches = fargate_launches(world.start)
    with ExitStack() as stack:
        for module in (reads, look):
            stack.enter_context(patch.object(module, "plan_reads", _spares_nothing))
        played = _play(world, Tape(world), eager=True)
    return None if played.truth.began is None or played.verdict == "timed_out" else played.after


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


def _play(world: World, tape: Tape, *, eager: bool) -> Played:
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path(), record=tape)
    around = inside(world, quiet)
    if eager:
        around = replace(around, clock=WorldClock(EagerTime(world, tape)))
    main(played_words(world.scenario), around)
    world.on_signal = None
    world.settle()
    truth = truth_of(world, told=tape.told, budget=budget_of(world.scenario))
    return Played(
        verdict=tape.verdict,
        truth=truth,
        right=truth.admits(tape.verdict) and (truth.fate is not Fate.REFUSED or _rightly_refused(world)),
        after=0.0 if truth.began is None else tape.told - truth.began,
        calls=watching(world.calls, tape.calls),
        lines=tuple(tape.getvalue().splitlines()),
    )


def budget_of(scenario: Scenario) -> float:
    """Seconds that the user of the scenario gives the deployment."""
    words = scenario.deploy_args
    return float(words[words.index("-t") + 1])


def image_of(scenario: Scenario) -> str:
    """What it deploys."""
    words = scenario.deploy_args
    return words[words.index("-i") + 1]


def _rightly_refused(world: World) -> bool:
    """AWS refused a write, or somebody who deploys the same image all the same has no success."""
    if any(call.operation == "UpdateService" for call in world.calls):
        return True
    other, spec, image = World(world.scenario), world.scenario.services[0], image_of(world.scenario)
    act(other.region, Action(time=0, do="deploy", cluster=spec.cluster, service=spec.name, image=image))
    other.settle()
    history = other.region.clusters[spec.cluster].services[spec.name].history
    return not any(each.created_at >= other.start and each.status == "SUCCESSFUL" for each in history)
