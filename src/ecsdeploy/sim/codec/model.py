"""botocore's service models, and how a request differs from them."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from ecsdeploy.sim.ground.errors import ApiError, invalid

_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "blob": (str,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


_LARGEST = 2**31 - 1
_ALIKE = 0.94


@cache
def model_of(service: str) -> ServiceModel:
    """The newest model of `service` in the installed botocore."""
    return ServiceModel(Loader().load_service_model(service, "service-2"))


@cache
def operation_of(service: str, name: str) -> OperationModel | None:
    """The model of an operation. None if the service has no such operation."""
    model = model_of(service)
    return model.operation_model(name) if name in model.operation_names else None


def validate(service: str, name: str, payload: Any) -> None:
    """Raise AWS's error for a request that does not fit its model.

    SerializationException for a wrong type, InvalidParameterException for a missing or unknown member. A definition may
    have members that this botocore does not know yet: only misspelt ones are refused there.
    """
    model = operation_of(service, name)
    if model is not None and model.input_shape is not None:
        _Validator(unknown_allowed=name == "RegisterTaskDefinition").check(model.input_shape, payload, "")


class _Validator:
    """Compares a value with its shape. None counts as absent."""

    __slots__ = ("_unknown_allowed",)

    def __init__(self, unknown_allowed: bool) -> None:
        self._unknown_allowed = unknown_allowed

    def check(self, shape: Shape, value: Any, path: str) -> None:
        _check_type(shape, value, path)
        if isinstance(shape, StructureShape):
            self._check_structure(shape, value, path)
        elif isinstance(shape, ListShape):
            for index, item in enumerate(value):
                self.check(shape.member, item, f"{path}[{index}]")
        elif isinstance(shape, MapShape):
            for key, item in value.items():
                self.check(shape.value, item, f"{path}.{key}")

    def _check_structure(self, shape: StructureShape, value: dict[str, Any], path: str) -> None:
        for name in shape.required_members:
            if value.get(name) is None:
                raise invalid(f"{_dotted(path, name)} can not be null.")
        for name, item in value.items():
            member = shape.members.get(name)
            if member is None:
                if not self._unknown_allowed or _is_misspelt(name, shape):
                    raise invalid(f"Unknown parameter: {_dotted(path, name)}.")
            elif item is not None:
                self.check(member, item, _dotted(path, name))


def _is_misspelt(name: str, shape: StructureShape) -> bool:
    """Whether an unknown member is very much like one that the shape has."""
    known = [each.lower() for each in shape.members]
    return bool(get_close_matches(name.lower(), known, n=1, cutoff=_ALIKE))


def _check_type(shape: Shape, value: Any, path: str) -> None:
    expected = _PYTHON[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        found = type(value).__name__
        raise ApiError("SerializationException", f"{path or 'The request'} must be a {shape.type_name}, not {found}.")
    if shape.type_name == "integer" and isinstance(value, int) and abs(value) > _LARGEST:
        raise ApiError("SerializationException", f"{path} must be an integer of 32 bits, not {value}.")


def _dotted(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
