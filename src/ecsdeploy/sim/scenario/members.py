"""Members of AWS's structures that a scenario writes in snake case.

A member that AWS does not have is refused.
"""

from __future__ import annotations

import re
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from ecsdeploy.sim.codec.model import model_of
from ecsdeploy.sim.scenario.lines import Part
from ecsdeploy.sim.scenario.table import Table, closest

# The keys in here are free: AWS passes them on to the function of the hook.
_FREE = "hookDetails"
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


def read_member(table: Table, structure: str, key: str) -> Any:
    """The value of `key`, a member of an ECS structure, with AWS's names at every level.

    ScenarioError for a member that AWS does not have. If the installed botocore is older than `key`, nobody can check
    what is inside.
    """
    shape = model_of("ecs").shape_for(structure).members.get(camel(key))
    if shape is None:
        return _renamed(table.raw(key))
    value = [inner.values for inner in table.tables(key)] if isinstance(shape, ListShape) else table.raw(key)
    return _translated(table, (key,), shape, value)


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    return {camel(key): _renamed(item) for key, item in value.items()} if isinstance(value, dict) else value


def _translated(table: Table, path: tuple[Part, ...], shape: Shape, value: Any) -> Any:
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_translated(table, (*path, index), shape.member, item) for index, item in enumerate(value)]
    if not isinstance(shape, StructureShape) or not isinstance(value, dict):
        return value
    return {camel(key): _member(table, (*path, key), shape, item) for key, item in value.items()}


def _member(table: Table, path: tuple[Part, ...], shape: StructureShape, value: Any) -> Any:
    key = str(path[-1])
    member = shape.members.get(camel(key))
    if member is None:
        known = [snake(name) for name in shape.members]
        where = ".".join(step for step in path[:-1] if isinstance(step, str))
        table.text.fail((*table.path, *path), f"`{where}` has no key `{key}`; {closest(key, known)}")
    return value if camel(key) == _FREE else _translated(table, path, member, value)


def camel(name: str) -> str:
    """AWS's name for a name in snake case."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake(name: str) -> str:
    """A name of AWS in snake case."""
    return _HUMP.sub("_", name).lower()
