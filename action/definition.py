"""A file as AWS's own Action reads it, JSON or YAML, and a task definition as it registers one."""

import json
from collections.abc import Collection, Mapping

from ecsdeploy.errors import UsageError

Document = dict[str, object]
_DEEPEST, _MOST = 100, 100_000
"""Far beyond any definition that AWS takes; YAML's aliases may stand for more than a machine can hold."""


def read(text: str, name: str, what: str = "task definition file") -> Document:
    """The object in the file `name`; a `UsageError` where there is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = _yaml(text, f"The {what} `{name}`")
    if not isinstance(document, dict):
        raise UsageError(f"The {what} `{name}` holds no object.")
    if not _is_json(document):
        raise UsageError(f"The {what} `{name}` holds what JSON does not have, or is nested too deep.")
    return document


def _is_json(document: Document) -> bool:
    """Also of YAML: neither bytes, sets nor keys that are no words, and no alias of what it stands in."""
    left: list[tuple[object, int]] = [(document, 0)]
    for _ in range(_MOST):
        if not left:
            return True
        value, depth = left.pop()
        if isinstance(value, dict):
            left += [(each, depth + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list):
            left += [(each, depth + 1) for each in value]
        elif not isinstance(value, str | int | float | None):
            return False
        if depth > _DEEPEST:
            return False
    return False


def _yaml(text: str, file: str) -> object:
    """As version 1.2 has it; what looks like a date is a text, as in AWS's Action."""
    # Imported here, as nearly every file is JSON.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = YAML(typ="safe", pure=True)
    reader.constructor.add_constructor("tag:yaml.org,2002:timestamp", type(reader.constructor).construct_yaml_str)
    try:
        return reader.load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        where = f": line {mark.line + 1}" if mark else ""
        raise UsageError(f"{file} is neither JSON nor YAML{where}.") from None


def cleaned(document: Document, keep: Collection[str] = ()) -> Document:
    """The same without nulls, and without empty texts, lists and objects but those whose key is to `keep`.

    Variables, and the properties of a proxy for App Mesh, have a value at least: an empty one.
    """
    left = {key: _cleaned(value, keep) for key, value in document.items() if _stays(key, value, keep)}
    for container in _objects(left.get("containerDefinitions")):
        for variable in _objects(container.get("environment")):
            variable.setdefault("value", "")
    proxy = left.get("proxyConfiguration")
    if isinstance(proxy, dict) and proxy.get("type") == "APPMESH":
        for each in _objects(proxy.get("properties")):
            each.setdefault("name", "")
            each.setdefault("value", "")
    return left


def _cleaned(value: object, keep: Collection[str]) -> object:
    if isinstance(value, dict):
        return {key: _cleaned(each, keep) for key, each in value.items() if _stays(key, each, keep)}
    if isinstance(value, list):
        return [_cleaned(each, keep) for each in value if not _is_empty(each, keep)]
    return value


def _stays(key: str, value: object, keep: Collection[str]) -> bool:
    return not _is_empty(value, keep) or (key in keep and value is not None)


def _is_empty(value: object, keep: Collection[str]) -> bool:
    if isinstance(value, Mapping):
        return not any(_stays(key, each, keep) for key, each in value.items())
    if isinstance(value, list):
        return all(_is_empty(each, keep) for each in value)
    return value is None or value == ""


def _objects(value: object) -> list[Document]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
