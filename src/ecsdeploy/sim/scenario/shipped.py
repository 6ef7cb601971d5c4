"""The scenarios of this package, and how to load one by name or path."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ecsdeploy.sim.ground.errors import ScenarioError
from ecsdeploy.sim.scenario.read import parse_scenario
from ecsdeploy.sim.scenario.table import closest
from ecsdeploy.sim.scenario.values import Scenario

_FOLDER, _SEVERAL = "scenarios", "several"


@cache
def scenario_names() -> tuple[str, ...]:
    """The names of the shipped scenarios, in alphabetical order."""
    return _names_in(files("ecsdeploy.sim") / _FOLDER)


@cache
def several_names() -> tuple[str, ...]:
    """The names of those in which several services are released as one."""
    return _names_in(files("ecsdeploy.sim") / _FOLDER / _SEVERAL)


def _names_in(folder: Traversable) -> tuple[str, ...]:
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """A shipped scenario by its name, or another one by its path. ScenarioError if it does not exist or is wrong."""
    name = os.fspath(name_or_path)
    if name in (*scenario_names(), *several_names()):
        file, folder = f"{name}.toml", files("ecsdeploy.sim") / _FOLDER
        folder = folder / _SEVERAL if name in several_names() else folder
        return parse_scenario((folder / file).read_text("utf-8"), source=file)
    if not name.endswith(".toml") and os.sep not in name:
        raise ScenarioError(f"There is no scenario `{name}`; {closest(name, scenario_names())}")
    try:
        return parse_scenario(Path(name).read_text("utf-8"), source=name)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ScenarioError(f"The scenario `{name}` cannot be read: {why}.") from error
