"""The few ways in which the pages use the AWS CLI, by the SDK that it is made of."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import botocore.session
import jmespath  # type: ignore[import-untyped]
from botocore import xform_name


def aws(words: Sequence[str], stdout: TextIO, cwd: Path) -> int:
    """`aws SERVICE OPERATION --option value ...`, with `--query`, `--output json|text` and `--cli-input-json FILE`."""
    service, command, *rest = words
    given = _options(rest)
    query, output = given.pop("query", ["@"])[0], given.pop("output", ["json"])[0]
    session = botocore.session.Session()
    client = session.create_client(service)
    operation = next(name for name in client.meta.service_model.operation_names if _kebab(name) == command)
    members = client.meta.service_model.operation_model(operation).input_shape.members
    named = {_kebab(name): (name, shape.type_name) for name, shape in members.items()}
    file = given.pop("cli-input-json", [""])[0].removeprefix("file://")
    parameters: dict[str, Any] = json.loads((cwd / file).read_text(encoding="utf-8")) if file else {}
    for option, values in given.items():
        name, kind = named[option]
        parameters[name] = _value(values, kind)
    reply = getattr(client, xform_name(operation))(**parameters)
    client.close()
    stdout.write(_shown(jmespath.search(query, reply), output) + "\n")
    return 0


def _value(values: list[str], kind: str) -> Any:
    """A list is several words, or one of JSON; an option without a word is a switch."""
    if kind == "boolean":
        return True
    if kind == "list":
        return json.loads(values[0]) if values[0].startswith("[") else values
    return int(values[0]) if kind == "integer" else values[0]


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word.removeprefix("--")
            given[name] = []
        else:
            given[name].append(word)
    return given


def _kebab(name: str) -> str:
    return str(xform_name(name, "-"))


def _shown(found: object, output: str) -> str:
    if output == "json":
        return json.dumps(found, indent=4, default=str)
    return "\t".join(str(each) for each in (found if isinstance(found, list) else [found]))
