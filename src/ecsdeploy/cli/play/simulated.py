"""Makes a simulated world the environment of an ordinary run, with its transport and its clock."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.words.given import first_word
from ecsdeploy.engine.ports import Clock
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import replace, value
from ecsdeploy.sim import Scenario, ScenarioError, SimError, World, load_scenario, scenario_names, several_names
from ecsdeploy.sim import environment as variables_of

_HOW_TO_LIST = "`ecs-deploy demo --list` lists those that are shipped."
_NO_FILE = dict.fromkeys(("--debug-file", "--junit", "--record", "--report"), "writes no file")
_NOT_PLAYED = {
    "--eval-image": "runs no shell",
    "--smoke": "runs no program",
    "--notify": "tells nobody",
    **_NO_FILE,
}


class SimulatedTime(Protocol):
    """The world's clock: seconds since the epoch, and a sleep during which the world goes on."""

    def time(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


@value(frozen=True, slots=True)
class WorldClock:
    """The world's clock as the engine's `Clock`."""

    world: SimulatedTime

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.time(), UTC)

    def monotonic(self) -> float:
        return self.world.time()

    def sleep(self, seconds: float) -> None:
        self.world.sleep(seconds)


@value(slots=True)
class PacedClock:
    """A clock that lets `pace` seconds of another clock pass in one real second, for people to watch.

    The other clock jumps at the end of a sleep. During the sleep, this one shows how far it has come.
    """

    clock: Clock
    pace: float
    _since: float = 0
    _pause: float = 0

    def now(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self._passed())

    def monotonic(self) -> float:
        return self.clock.monotonic() + self._passed()

    def sleep(self, seconds: float) -> None:
        self._since, self._pause = time.monotonic(), seconds
        time.sleep(seconds / self.pace)
        self._pause = 0
        self.clock.sleep(seconds)

    def _passed(self) -> float:
        return min((time.monotonic() - self._since) * self.pace, self._pause) if self._pause else 0


def open_scenario(name: str, environment: Environment) -> Scenario:
    """A shipped scenario by its name, or a file by its path."""
    path = environment.cwd / name
    is_path = path.is_file() or name.endswith(".toml") or os.sep in name
    known = (*scenario_names(), *several_names())
    if not is_path and name not in known:
        raise UsageError(f"There is no scenario `{name}`.", hint=did_you_mean(name, known) or _HOW_TO_LIST)
    try:
        return load_scenario(str(path) if is_path else name)
    except ScenarioError as error:
        raise UsageError(str(error)) from None


def make_world(scenario: Scenario, *, seed: int | None = None, start: datetime | None = None) -> World:
    """The world of a scenario, which begins at `start` (by default at the date of all scenarios).

    Raises a `UsageError` if the scenario is impossible.
    """
    try:
        return World(scenario, seed=seed, start=start.timestamp() if start else None)
    except (ScenarioError, SimError) as error:
        raise UsageError(f"{str(error).rstrip('.')}.") from None


def played_words(scenario: Scenario) -> tuple[str, ...]:
    """The words of a scenario's command line. Somebody else may have written it, so it may only deploy."""
    words, held = scenario.deploy_args, f"`[deploy] args` of `{scenario.source}`"
    if not any(words):
        raise UsageError(f"`{scenario.source}` has no `[deploy] args`, the command line to play.")
    first = first_word(words)
    if first not in {"", "deploy"}:
        raise UsageError(f"{held} must be those of the flag form or of `deploy`, not of `{first}`.")
    for name in (word.partition("=")[0] for word in words):
        if name in _NOT_PLAYED:
            raise UsageError(f"{held} must not have `{name}`: a scenario {_NOT_PLAYED[name]}.")
    return words


def titled(text: str, scenario: Scenario) -> str:
    """`text`, and the summary of the scenario, if it has one."""
    return ": ".join(filter(None, (text, scenario.summary)))


def inside(world: World, environment: Environment, *, pace: float = 0) -> Environment:
    """The same environment, with this world in place of AWS and of signals, and without the user's AWS variables."""
    clock: Clock = WorldClock(world.clock)
    world.on_signal = lambda name: environment.signals.interrupt(signal.Signals[f"SIG{name}"])
    foreign = {key: text for key, text in environment.variables.items() if not key.startswith("AWS_")}
    return replace(
        environment,
        variables=foreign | dict(variables_of("")),
        transport=world.transport,
        clock=PacedClock(clock, pace) if pace else clock,
    )
