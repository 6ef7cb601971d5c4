"""No two modules need each other, lazily or not: each can be read, and moved, by itself."""

from __future__ import annotations

import functools
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("aws", "cli", "diagnose", "engine", "plan", "render", "rollout", "sim")
"""All but `model`, in which two circles are left."""


@functools.cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("ecsdeploy")


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_of_a_package_go_round_in_no_circle(package: str) -> None:
    graph = _graph()
    here = {f"ecsdeploy.{package}"} | graph.find_descendants(f"ecsdeploy.{package}")
    order = TopologicalSorter({each: graph.find_modules_directly_imported_by(each) & here for each in here})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))
