"""A reply held against botocore's model of it: what the model does not know, or knows as something else."""

from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


def strange(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Every place of a JSON value that does not fit its shape; an enum's values are checked too."""
    if not _is_of(shape, value):
        yield f"{path} is no {shape.type_name} but {value!r}"
    elif isinstance(shape, StructureShape):
        yield from _of_structure(shape, value, path)
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value):
            yield from strange(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from strange(shape.value, item, f"{path}.{key}")
    elif shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield f"{path} is none of {shape.metadata['enum']} but {value!r}"


def _is_of(shape: Shape, value: Any) -> bool:
    expected = _PYTHON[shape.type_name]
    return isinstance(value, expected) and (not isinstance(value, bool) or bool in expected)


def _of_structure(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path}.{name} is required and absent" for name in shape.required_members if name not in value)
    for name, item in value.items():
        if name in shape.members:
            yield from strange(shape.members[name], item, f"{path}.{name}")
        else:
            yield f"{path}.{name} is not known"
