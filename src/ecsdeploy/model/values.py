"""The decorator `value` makes a class one of ours: a standard `dataclass` with slots, at a tenth of its cost.

The standard decorator compiles up to seven functions for each class when a module is imported. A deploy imports about a
hundred and fifty such classes: measured with Python 3.11, that was a sixth of its CPU time. Here all classes share one
set of functions. Type checkers see the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

__all__ = ["is_value", "members_of", "replace", "value"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass as value
    from dataclasses import replace
else:

    def value(*, slots: bool, frozen: bool = False, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
        """Make a class a value, as `dataclasses.dataclass` does with the same arguments."""
        if not slots:
            raise TypeError("a value has slots")
        return partial(_make_value, frozen=frozen, kw_only=kw_only)

    def replace(value: T, /, **changes: object) -> T:
        """The same value with these members changed, as `dataclasses.replace` makes it."""
        return type(value)(**{**members_of(value), **changes})


def is_value(thing: object) -> bool:
    """Whether it is one of our values; a class is none."""
    return hasattr(type(thing), "__shape__")


def members_of(value: object) -> dict[str, object]:
    """What a value holds, by name and in the order of its class."""
    return {name: getattr(value, name) for name in _shape_of(value).names}


def _make_value(cls: type[T], *, frozen: bool, kw_only: bool) -> type[T]:
    """A class of the same name with slots, which cannot be added to an existing class."""
    names = tuple(cls.__annotations__)
    shared = {**_SHARED, **(_FROZEN if frozen else _CHANGING), "__init__": _init if kw_only else _init_in_order}
    own = {name: value for name, value in vars(cls).items() if name not in {*names, "__dict__", "__weakref__"}}
    asked = {name: _Asked(cls, name, kw_only=kw_only) for name in ("__dataclass_fields__", "__dataclass_params__")}
    ordered = () if kw_only else names
    said = {
        "__slots__": names,
        "__shape__": _shape(cls, names),
        "__match_args__": ordered,
        "__qualname__": cls.__qualname__,
    }
    return type(cls.__name__, cls.__bases__, {**shared, **own, **asked, **said})


class _Asked:
    """What the standard module keeps of a class, made at its first use: for most classes there is none."""

    def __init__(self, draft: type, name: str, *, kw_only: bool) -> None:
        self._draft, self._name, self._kw_only = draft, name, kw_only

    def __get__(self, _value: object, cls: type) -> object:
        if "__dataclass_fields__" not in vars(self._draft):
            dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=self._kw_only)(self._draft)
        made = getattr(self._draft, self._name)
        setattr(cls, self._name, made)
        return made


class _Shape(NamedTuple):
    """The members of a class, and what they are where they are not given."""

    names: tuple[str, ...]
    compared: tuple[str, ...]
    shown: tuple[str, ...]
    defaults: Mapping[str, object]
    factories: Mapping[str, Callable[[], object]]


def _shape(cls: type, names: tuple[str, ...]) -> _Shape:
    said = {name: vars(cls)[name] for name in names if name in vars(cls)}
    fields = {name: value for name, value in said.items() if isinstance(value, dataclasses.Field)}
    given = {name: value.default for name, value in fields.items() if value.default is not dataclasses.MISSING}
    made = {name: value.default_factory for name, value in fields.items()}
    return _Shape(
        names=names,
        compared=tuple(name for name in names if name not in fields or fields[name].compare),
        shown=tuple(name for name in names if name not in fields or fields[name].repr),
        defaults={name: value for name, value in said.items() if name not in fields} | given,
        factories={name: make for name, make in made.items() if make is not dataclasses.MISSING},
    )


def _shape_of(value: object) -> _Shape:
    return value.__shape__  # type: ignore[attr-defined, no-any-return] # each class made here has one


def _init(self: object, **given: object) -> None:
    shape = _shape_of(self)
    values = given if len(given) == len(shape.names) else {**shape.defaults, **_made(shape, given), **given}
    try:
        for name in shape.names:
            object.__setattr__(self, name, values.pop(name))
    except KeyError as missing:
        raise TypeError(f"{type(self).__name__} needs its member {missing.args[0]}") from None
    if values:
        raise TypeError(f"{type(self).__name__} has no member {', '.join(values)}")


def _init_in_order(self: object, *ordered: object, **given: object) -> None:
    names = _shape_of(self).names
    if len(ordered) > len(names):
        raise TypeError(f"{type(self).__name__} has {len(names)} members, not {len(ordered)}")
    placed = dict(zip(names, ordered, strict=False))
    if twice := placed.keys() & given.keys():
        raise TypeError(f"{type(self).__name__} has its member {min(twice)} twice")
    _init(self, **placed, **given)


def _made(shape: _Shape, given: Mapping[str, object]) -> dict[str, object]:
    return {name: make() for name, make in shape.factories.items() if name not in given}


def _members(self: object) -> object:
    """What two values of one class are compared by."""
    return _compared(type(self))(self)  # type: ignore[arg-type] # every class is hashable


@cache
def _compared(cls: type) -> Callable[[object], object]:
    names = _shape_of(cls).compared
    return attrgetter(*names) if names else lambda _: ()


def _eq(self: object, other: object) -> bool:
    return _members(self) == _members(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: object) -> int:
    return hash(_members(self))


def _repr(self: object) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name in _shape_of(self).shown)
    return f"{type(self).__name__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name!r} of a {type(self).__name__}")


def _getstate(self: object) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in _shape_of(self).names)


def _setstate(self: object, state: tuple[object, ...]) -> None:
    for name, value in zip(_shape_of(self).names, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED = {
    "__eq__": _eq,
    "__repr__": _repr,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
    # Of `copy.replace`, from Python 3.13 on.
    "__replace__": replace,
}
_FROZEN = {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse}
_CHANGING = {"__hash__": None}
