"""Our `value` means what the standard `dataclass` means."""

import copy
import dataclasses
import pprint
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model import values
from ecsdeploy.model.arn import ServiceRef


def define(decorate: Callable[..., Any]) -> Any:
    @decorate(frozen=True, slots=True, kw_only=True)
    class Point:
        """A value."""

        x: int
        y: int = 2
        names: list[str] = dataclasses.field(default_factory=list, compare=False)
        key: str = dataclasses.field(default="k", repr=False)

    return Point


OURS, STANDARD = define(values.value), define(dataclasses.dataclass)
members = st.fixed_dictionaries(
    {"x": st.integers(0, 2)}, optional={"y": st.integers(0, 2), "key": st.sampled_from("ab")}
)


@given(a=members, b=members)
def test_equality_hash_and_representation_are_the_standard_ones(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert (OURS(**a) == OURS(**b)) is (STANDARD(**a) == STANDARD(**b))
    assert (hash(OURS(**a)) == hash(OURS(**b))) is (hash(STANDARD(**a)) == hash(STANDARD(**b)))
    assert repr(OURS(**a)) == repr(STANDARD(**a)).rpartition("<locals>.")[2]


@given(members)
def test_it_can_be_taken_apart_and_replaced_like_the_standard_one(a: dict[str, Any]) -> None:
    assert dataclasses.asdict(OURS(**a)) == dataclasses.asdict(STANDARD(**a))
    assert dataclasses.replace(OURS(**a), x=9) == OURS(**{**a, "x": 9})
    assert values.replace(OURS(**a), x=9) == OURS(**{**a, "x": 9})
    assert OURS(**a).__replace__(x=9) == OURS(**{**a, "x": 9})
    assert values.members_of(OURS(**a)) == dataclasses.asdict(STANDARD(**a))


@pytest.mark.parametrize("thing", [OURS, STANDARD(x=1), "x", None], ids=["a class", "a standard one", "a text", "none"])
def test_a_value_is_one_that_was_made_here(thing: object) -> None:
    assert values.is_value(OURS(x=1))
    assert not values.is_value(thing)


def test_values_of_different_classes_differ() -> None:
    assert OURS(x=1) != STANDARD(x=1)
    assert OURS(x=1) != 1


@pytest.mark.parametrize("wrong", [{}, {"x": 1, "z": 2}], ids=["missing", "unknown"])
def test_members_are_exactly_those_declared(wrong: dict[str, int]) -> None:
    with pytest.raises(TypeError):
        OURS(**wrong)


def test_positions_are_refused() -> None:
    with pytest.raises(TypeError):
        OURS(1)


def test_nothing_can_be_changed_or_added() -> None:
    point = OURS(x=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.other = 1
    assert not hasattr(point, "__dict__")


def test_a_value_has_slots() -> None:
    with pytest.raises(TypeError):
        values.value(slots=False)  # type: ignore[call-overload, unused-ignore]


def place(decorate: Callable[..., Any], **how: bool) -> Any:
    @decorate(slots=True, **how)
    class Place:
        """A value that is built in the order of its members."""

        x: int
        y: int = 2
        names: list[str] = dataclasses.field(default_factory=list)

    return Place


@pytest.mark.parametrize("how", [{}, {"frozen": True}], ids=["open", "frozen"])
def test_members_are_taken_in_their_order_and_by_name(how: dict[str, bool]) -> None:
    ours, standard = place(values.value, **how), place(dataclasses.dataclass, **how)
    given: tuple[Any, ...] = (((1,), {}), ((1, 3), {}), ((1, 3, ["a"]), {}), ((1,), {"names": ["a"]}), ((), {"x": 1}))
    for ordered, named in given:
        assert dataclasses.astuple(ours(*ordered, **named)) == dataclasses.astuple(standard(*ordered, **named))
    wrong: tuple[Any, ...] = (((), {}), ((1, 2, [], 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1}))
    for ordered, named in wrong:
        for each in (ours, standard):
            with pytest.raises(TypeError):
                each(*ordered, **named)
    assert ours.__match_args__ == standard.__match_args__


def test_what_is_not_frozen_can_be_changed_and_has_no_hash() -> None:
    ours = place(values.value)
    value = ours(1)
    value.x, value.names = 5, ["a"]
    assert value == ours(5, names=["a"]) != ours(1)
    assert repr(value).endswith("(x=5, y=2, names=['a'])")
    with pytest.raises(TypeError):
        hash(value)
    with pytest.raises(AttributeError):
        value.other = 1


def test_each_value_has_lists_of_its_own() -> None:
    ours = place(values.value)
    ours(1).names.append("a")
    assert ours(1).names == []


def test_a_class_keeps_its_own_functions() -> None:
    class Named:
        def __repr__(self) -> str:
            return "named"

    assert repr(values.value(frozen=True, slots=True, kw_only=True)(Named)()) == "named"


def test_values_can_be_copied() -> None:
    value = ServiceRef(cluster="prod", name="web")
    assert copy.deepcopy(value) == value


def test_a_class_that_is_made_now_is_as_the_standard_one() -> None:
    ours, standard = define(values.value), define(dataclasses.dataclass)
    assert ours.__slots__ == standard.__slots__
    assert not hasattr(ours(x=1), "__dict__")
    assert [each.kw_only for each in dataclasses.fields(ours)] == [True] * 4
    assert (ours(x=1), hash(ours(x=1))) == (ours(x=1, y=2), hash(ours(x=1, y=2)))
    with pytest.raises(TypeError):
        ours(1)


def test_the_state_of_another_version_of_a_value_is_refused() -> None:
    for state in (("prod",), ("prod", "web", "more")):
        with pytest.raises(ValueError, match="zip"):
            ServiceRef(cluster="", name="").__setstate__(state)  # type: ignore[attr-defined]


def test_what_is_wrong_with_a_value_is_said_by_its_names() -> None:
    with pytest.raises(TypeError) as missing:
        ServiceRef(cluster="prod")  # type: ignore[call-arg]
    with pytest.raises(TypeError) as unknown:
        ServiceRef(cluster="prod", name="web", x=1, y=2)  # type: ignore[call-arg]
    with pytest.raises(dataclasses.FrozenInstanceError) as frozen:
        ServiceRef(cluster="prod", name="web").name = "api"  # type: ignore[misc]
    assert [str(each.value) for each in (missing, unknown, frozen)] == [
        "ServiceRef needs its member name",
        "ServiceRef has no member x, y",
        "cannot change 'name' of a ServiceRef",
    ]


def test_what_the_standard_module_keeps_of_a_class_is_there_once_it_is_asked_for() -> None:
    ours, standard = define(values.value), define(dataclasses.dataclass)
    for kind in (ours, standard):
        assert dataclasses.is_dataclass(kind(x=1))
        assert [each.name for each in dataclasses.fields(kind(x=1))] == ["x", "y", "names", "key"]
    assert pprint.pformat(ours(x=1), width=1) == repr(ours(x=1))
    assert ours.__doc__ == standard.__doc__
    assert ours.__annotations__ == standard.__annotations__
    assert ours.__qualname__ == standard.__qualname__
