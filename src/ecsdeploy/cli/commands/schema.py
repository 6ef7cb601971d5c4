"""`ecs-deploy schema`: the published JSON Schemas of what commands print and write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_HELP = """Print the JSON Schema of what a command prints with --output json, or writes into a file. Without a name,
list the schemas. It calls nobody.

\\b
For example:
  ecs-deploy schema
  ecs-deploy schema history > history.schema.json
"""


def _schemas() -> Mapping[str, Any]:
    """The schemas of `docs/reference` by name; `make docs` packs them."""
    text = resources.files("ecsdeploy.cli").joinpath("schemas.json").read_text(encoding="utf-8")
    schemas: Mapping[str, Any] = json.loads(text)
    return schemas


def _schema(given: Given, environment: Environment) -> int:
    known, names = _schemas(), given.texts("operands")
    if len(names) > 1:
        raise UsageError(f"`ecs-deploy schema` prints one schema, not {len(names)}.", hint="Name one of them.")
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"There are {listing(tuple(known))}."
            raise UsageError(f"`{name}` is not the name of a schema.", hint=hint)
        environment.show(json.dumps(known[name], indent=2, ensure_ascii=False))
    if not names:
        width = max(map(len, known))
        environment.show("\n".join(f"{name:<{width}}  {each['title']}" for name, each in known.items()))
    return ExitCode.SUCCEEDED


def _names() -> Iterable[str]:
    return _schemas()


COMMAND = Command(options=(VERSION,), help=_HELP, perform=_schema, operands=Operands("[NAME]", _names))
