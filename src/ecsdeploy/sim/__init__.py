"""A simulated ECS to deploy to, in virtual time.

`cli.commands`, `cli.play`, `testing` and tests import it. It imports nothing else of ecsdeploy: the tests judge the
client by it, and the two must not share a bug. Importing this package is cheap, because its names load when they are
first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ecsdeploy.sim.ground.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    from ecsdeploy.sim.ground.errors import ScenarioError, SimError
    from ecsdeploy.sim.ground.switches import Switches
    from ecsdeploy.sim.scenario import Expect, Scenario, load_scenario, parse_scenario, scenario_names, several_names
    from ecsdeploy.sim.server import Server, environment, serve
    from ecsdeploy.sim.verdicts import Line, Ran, check
    from ecsdeploy.sim.world import Call, World

_HOMES = {
    "Line": "verdicts",
    "Ran": "verdicts",
    "check": "verdicts",
    "ScenarioError": "ground.errors",
    "SimError": "ground.errors",
    "Expect": "scenario",
    "Scenario": "scenario",
    "load_scenario": "scenario",
    "parse_scenario": "scenario",
    "scenario_names": "scenario",
    "several_names": "scenario",
    "Server": "server",
    "environment": "server",
    "serve": "server",
    "Switches": "ground.switches",
    "Call": "world",
    "World": "world",
}
__all__ = [
    "ACCOUNT",
    "REGION",
    "Call",
    "Expect",
    "Line",
    "Ran",
    "Scenario",
    "ScenarioError",
    "Server",
    "SimError",
    "Switches",
    "World",
    "check",
    "environment",
    "load_scenario",
    "parse_scenario",
    "scenario_names",
    "serve",
    "several_names",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
