"""A file as AWS's own Action reads it, JSON or YAML, and a task definition as it registers one."""

import json
from collections.abc import Collection, Mapping

from ecsdeploy.errors import UsageError

Document = dict[str, object]


def read(text: str, name: str, what: str = "task definition file") -> Document:
    """The object in the file `name`; a `UsageError` where there is none."""
    try:
        document = json.loads(text)
    except ValueError:
        document = _yaml(text, f"The {what} `{name}`")
    if not isinstance(document, dict):
        raise UsageError(f"The {what} `{name}` holds no object.")
    return document


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
