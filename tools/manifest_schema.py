"""The JSON Schema of a manifest, and the page about its keys, made from the table that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from ecsdeploy.cli.files.manifest.keys import Key
from ecsdeploy.cli.options.option import Option

Json = dict[str, Any]
Table = Callable[[Sequence[str], Iterable[Sequence[str]]], str]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Json = {"type": ["string", "integer"]}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}


def release_schema(keys: ModuleType) -> str:
    """The JSON Schema of a manifest."""
    shared = {name: option for name, option in keys.OPTIONS.items() if name not in keys.ONCE}
    tables: dict[str, Json] = {
        "defaults": {"$ref": "#/$defs/defaults"},
        "groups": {"type": "object", "additionalProperties": {"$ref": "#/$defs/group"}},
        "services": {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/service"}},
        "waves": {"type": "array", "items": {"$ref": "#/$defs/wave"}},
    }
    top = {
        name: {"description": key.meaning, **tables.get(name, _of_key(keys, key))}
        for name, key in keys.MANIFEST.items()
    }
    schema = {
        "$schema": _DIALECT,
        "title": "ecs-release.toml",
        "description": "A manifest for ecs-deploy apply, in TOML or in JSON. A key may have _ in place of each -.",
        **_object(top),
        "required": ["services"],
        "$defs": {
            "defaults": _object(_options(keys, shared)),
            "group": {**_object(_own(keys, keys.GROUP) | _options(keys, shared)), "required": ["services"]},
            "service": _object(_own(keys, keys.SERVICE) | _options(keys, keys.OPTIONS)),
            "wave": _object(_own(keys, keys.WAVE)),
        },
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _object(properties: Mapping[str, Json]) -> Json:
    """An object of these and no other members. Each may be written with `_`."""
    spelled = {name.replace("-", "_"): each for name, each in properties.items() if "-" in name}
    return {"type": "object", "additionalProperties": False, "properties": {**properties, **spelled}}


def _own(keys: ModuleType, table: Mapping[str, Key]) -> dict[str, Json]:
    return {name: {"description": key.meaning, **_of_key(keys, key)} for name, key in table.items()}


def _of_key(keys: ModuleType, key: Key) -> Json:
    kind = keys.Kind
    limits = {"minimum": key.least} | ({"maximum": key.most} if key.most else {})
    place = {"type": "string", "pattern": r"\$\{"}
    kinds: Mapping[Any, Json] = {
        kind.TEXT: {"type": "string"} | ({"enum": [*key.words]} if key.words else {}),
        kind.NUMBER: {"anyOf": [{"type": "integer", **limits}, place]},
        kind.NAMES: _TEXTS,
        kind.TEXTS: {"type": "object", "additionalProperties": {"type": "string"}},
        kind.TABLE: {"type": "object"},
        kind.TABLES: {"type": "array", "items": {"type": "object"}},
    }
    return kinds[key.kind]


def _options(keys: ModuleType, options: Mapping[str, Option]) -> dict[str, Json]:
    return {name: {"description": option.help, **_of_option(keys, option)} for name, option in options.items()}


def _of_option(keys: ModuleType, option: Option) -> Json:
    if option.is_switch:
        return {"type": "boolean"}
    each: Json = {"anyOf": [_SCALAR, _TEXTS]} if keys.takes_words(option) else _SCALAR
    forms = [_SCALAR]
    if option.many:
        forms.append({"type": "array", "items": {"type": "object"} if option.key == "patch" else _SCALAR})
    if keys.takes_names(option):
        forms.append({"type": "object", "additionalProperties": each})
    return {"anyOf": forms} if len(forms) > 1 else dict(_SCALAR)


def release_page(keys: ModuleType, table: Table) -> str:
    """The tables of all keys."""
    parts = (
        ("The release", keys.MANIFEST),
        ("A wave, `[[waves]]`", keys.WAVE),
        ("A group, `[groups.NAME]`", keys.GROUP),
        ("A service, `[services.NAME]`", keys.SERVICE),
    )
    own = (f"## {title}\n\n{table(('Key', 'Is', 'Meaning'), _rows(of))}" for title, of in parts)
    rows = ((f"`{name}`", keys.wanted(option), option.help) for name, option in keys.OPTIONS.items())
    once = ", ".join(f"`{name}`" for name in keys.ONCE)
    shared = (
        "## A service, a group and `[defaults]`: the words of `deploy`\n\n"
        f"Neither a group nor `[defaults]` has {once}.\n\n{table(('Key', 'Is', 'Meaning'), rows)}"
    )
    return "\n".join((*own, shared))


def _rows(of: Mapping[str, Key]) -> Iterable[tuple[str, str, str]]:
    return ((f"`{name}`", key.kind.value, key.meaning) for name, key in of.items())
