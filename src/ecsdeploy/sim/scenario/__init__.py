"""Scenario files: what a world has when it begins, and what happens in it. Imported by `sim` only."""

from __future__ import annotations

from ecsdeploy.sim.scenario.read import parse_images, parse_scenario
from ecsdeploy.sim.scenario.shipped import load_scenario, scenario_names, several_names
from ecsdeploy.sim.scenario.values import (
    Action,
    ApiFault,
    Expect,
    Limits,
    LoadBalancer,
    Scenario,
    ServiceSpec,
)

__all__ = [
    "Action",
    "ApiFault",
    "Expect",
    "Limits",
    "LoadBalancer",
    "Scenario",
    "ServiceSpec",
    "load_scenario",
    "parse_images",
    "parse_scenario",
    "scenario_names",
    "several_names",
]
