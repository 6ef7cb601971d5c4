"""A simulated world as the environment of an ordinary run: its transport, and its clock as the engine's."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from ecsdeploy.cli.environment import Environment
from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import UsageError
from ecsdeploy.sim import Scenario, ScenarioError, World, load_scenario
from ecsdeploy.sim import environment as variables_of


class SimulatedTime(Protocol):
    """The world's clock: seconds since the epoch, and a sleep that lets the world go on."""

    def time(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class WorldClock:
    """The world's clock as the engine's `Clock`."""

    world: SimulatedTime

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.time(), UTC)

    def monotonic(self) -> float:
        return self.world.time()

    def sleep(self, seconds: float) -> None:
        self.world.sleep(seconds)


@dataclass(frozen=True, slots=True)
class PacedClock:
    """Lets `pace` seconds of a clock pass in one second of ours, for people to watch."""

    clock: Clock
    pace: float

    def now(self) -> datetime:
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.pace)
        self.clock.sleep(seconds)


def open_scenario(name: str, environment: Environment) -> Scenario:
    """A shipped scenario by its name, or a file by its path."""
    path = environment.cwd / name
    try:
        return load_scenario(str(path) if path.is_file() else name)
    except ScenarioError as error:
        raise UsageError(str(error), hint="`ecs-deploy demo --list` lists the scenarios that are shipped.") from None


def inside(world: World, environment: Environment, *, pace: float = 0) -> Environment:
    """The same surroundings with this world for AWS; the user's own AWS settings stay outside."""
    clock: Clock = WorldClock(world.clock)
    foreign = {key: text for key, text in environment.variables.items() if not key.startswith("AWS_")}
    return replace(
        environment,
        variables=foreign | dict(variables_of("")),
        transport=world.transport,
        clock=PacedClock(clock, pace) if pace else clock,
    )
