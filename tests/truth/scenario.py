"""Plays a shipped scenario with our own client, in process and in virtual time, and holds its verdict to the truth.

A scenario that says no latency is given one: without it, looks and ECS's own steps would keep time with each other,
and how soon a verdict comes would be chance.
"""

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside, played_words
from ecsdeploy.engine.ports import Clock
from ecsdeploy.sim import Scenario, World
from tests.truth.fates import Truth, truth_of, was_right_to_refuse, watching

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


def with_latency(scenario: Scenario) -> Scenario:
    """The scenario, in which no call is answered at once."""
    return replace(scenario, limits=replace(scenario.limits, latency_ms=scenario.limits.latency_ms or LATENCY_MS))


def play(scenario: Scenario) -> Played:
    """Run its command line as a user would."""
    world = World(scenario)
    return played(world, Tape(world))


def played(world: World, tape: Tape, clock: Clock | None = None) -> Played:
    """The same in this world, by another clock than the world's where one is given."""
    around = surroundings(world, tape)
    main(played_words(world.scenario), replace(around, clock=clock or around.clock))
    return judged(world, tape)


def surroundings(world: World, tape: Tape) -> Environment:
    """An environment that reaches this world, and shows nothing."""
    quiet = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path(), record=tape)
    return inside(world, quiet)


def judged(world: World, tape: Tape) -> Played:
    """What was said, held against what becomes of the world once it is quiet."""
    world.on_signal = None
    world.settle()
    truth = truth_of(world, told=tape.told, budget=budget_of(world.scenario))
    return Played(
        verdict=tape.verdict,
        truth=truth,
        right=truth.admits(tape.verdict) and was_right_to_refuse(world, truth),
        after=0.0 if truth.began is None else tape.told - truth.began,
        calls=watching(world.calls, tape.calls),
        lines=tuple(tape.getvalue().splitlines()),
    )


def budget_of(scenario: Scenario) -> float:
    """Seconds that the user of the scenario gives the deployment."""
    words = scenario.deploy_args
    return float(words[words.index("-t") + 1])
