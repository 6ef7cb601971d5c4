"""Makes our values again from JSON, by the types of their members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_MOST, _YEARS = 2**53, range(1970, 9000)
"""The largest number that every reader of JSON reads the same: https://www.rfc-editor.org/rfc/rfc8259#section-6"""


class Unreadable(ValueError):
    """The JSON is not what the type asks for."""


def decoded(kind: object, given: object) -> object:
    """The value of the type `kind` that `given` was made from. Members that we do not know are left out."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _one_of(get_args(kind), given)
    if origin is tuple:
        return _tuple(get_args(kind), given)
    if origin is Literal:
        return _asked(given in get_args(kind), given)
    if not isinstance(kind, type):
        raise Unreadable(f"no value of {kind}")
    if hasattr(kind, "__shape__"):
        return _value(kind, given)
    if kind is datetime or issubclass(kind, Enum):
        return _made(kind, given)
    return _plain(kind, given)


def _one_of(kinds: tuple[object, ...], given: object) -> object:
    for kind in kinds:
        try:
            return decoded(kind, given)
        except Unreadable:
            continue
    raise Unreadable("none of its types")


def _tuple(kinds: tuple[object, ...], given: object) -> tuple[object, ...]:
    items = _asked(isinstance(given, list), given)
    if kinds[-1] is ...:
        return tuple(decoded(kinds[0], each) for each in items)
    _asked(len(items) == len(kinds), items)
    return tuple(decoded(kind, each) for kind, each in zip(kinds, items, strict=True))


def _value(kind: type, given: object) -> object:
    members = _asked(isinstance(given, Mapping), given)
    hints = _hints(kind)
    try:
        return kind(**{name: decoded(hints[name], members[name]) for name in hints if name in members})
    except TypeError as error:
        raise Unreadable(str(error)) from error


@cache
def _hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind)


def _made(kind: type, given: object) -> object:
    text = _asked(isinstance(given, str), given)
    try:
        return _time(text) if kind is datetime else kind(text)
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _time(text: str) -> datetime:
    """A time with its zone, far enough from the ends of the calendar to be told in another one."""
    found = datetime.fromisoformat(text)
    _asked(found.tzinfo is not None and found.year in _YEARS, text)
    return found


def _plain(kind: type, given: object) -> object:
    if isinstance(given, int | float):
        _asked(-_MOST <= given <= _MOST, given)
    if kind is float:
        return float(_asked(type(given) in (int, float), given))
    return _asked(type(given) is kind, given)


def _asked(holds: bool, given: Any) -> Any:  # noqa: ANN401 - what it is, `holds` says
    if not holds:
        raise Unreadable(f"{type(given).__name__} is not what is asked for")
    return given
