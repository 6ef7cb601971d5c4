"""Which waves a manifest means, which of its services are chosen, and what contradicts itself."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecsdeploy.errors import UsageError
from ecsdeploy.model.fleet import Wave
from ecsdeploy.release.manifest import Flaw, Listed, Order, WaveWish, chosen_services, from_wave, waves_of

A_WAVE, ALL = WaveWish(names=("a",)), WaveWish(percent=100)


def services(*names: str, **after: tuple[str, ...]) -> tuple[Listed, ...]:
    return tuple(Listed(name=name, after=after.get(name, ())) for name in names)


def parts(order: Order) -> list[tuple[str, ...]]:
    return [wave.members for wave in waves_of(order)]


def test_without_waves_all_are_one() -> None:
    assert waves_of(Order(services=services("a", "b"))) == (Wave(members=("a", "b")),)


def test_a_wave_names_services_and_groups_and_others_take_the_rest() -> None:
    groups = {"g": ("d", "a")}
    wishes = (WaveWish(count=1), WaveWish(name="g", names=("g",), soak_seconds=60), WaveWish(count=5))
    waves = waves_of(Order(services=services(*"abcde"), groups=groups, waves=wishes))
    assert [(each.name, each.members, each.soak_seconds) for each in waves] == [
        ("1", ("b",), 0),
        ("g", ("d", "a"), 60),
        ("3", ("c", "e"), 0),
    ]


@given(st.integers(2, 400), st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_percentages_that_make_a_hundred_leave_nobody_out(count: int, share: int) -> None:
    names = tuple(f"s{number}" for number in range(count))
    first, *rest = parts(Order(services=services(*names), waves=(WaveWish(percent=share), WaveWish(percent=100))))
    assert first + tuple(name for wave in rest for name in wave) == names
    assert share * count <= 100 * len(first) < share * count + 100


@pytest.mark.parametrize(
    ("order", "said", "place"),
    [
        (Order(services=services("a"), groups={"a": ("a",)}), "of a service and of a group", ("groups", "a")),
        (Order(services=services("a"), groups={"g": ()}), "The group `g` is empty.", ("groups", "g")),
        (Order(services=services("a"), groups={"g": ("b",)}), "`b` is no service", ("groups", "g", "services")),
        (Order(services=services("a"), groups={"g": ("a", "a")}), "`a` is named twice", ("groups", "g", "services")),
        (Order(services=services("a", a=("b",))), "`b` is no service", ("services", "a", "depends-on")),
        (
            Order(services=services(*"abcd", a=("b", "c"), b=("c", "d"), d=("a",))),
            "`a` → `b` → `d` → `a`.",
            ("services", "a", "depends-on"),
        ),
        (
            Order(services=services("a"), waves=(WaveWish(names=("b",)),)),
            "no service and no group",
            ("waves", 0, "services"),
        ),
        (Order(services=services("a"), waves=(A_WAVE, ALL)), "The wave `2` is empty.", ("waves", 1)),
        (Order(services=services("a"), waves=(WaveWish(name="x"),)), "The wave `x` is empty.", ("waves", 0)),
        (
            Order(services=services("a", "b"), waves=(WaveWish(name="x", count=1), WaveWish(name="x", count=1))),
            "Two waves have the name `x`.",
            ("waves", 1, "name"),
        ),
        (
            Order(services=services("a"), waves=(WaveWish(names=("a",), alarms=("x",)),)),
            "has alarms, and no time to watch them.",
            ("waves", 0, "alarms"),
        ),
        (Order(services=services("a"), waves=(A_WAVE, A_WAVE)), "`a` is in `1` too.", ("waves", 1, "services")),
        (
            Order(services=services("a"), waves=(WaveWish(names=("a", "a")),)),
            "`a` is in this wave twice.",
            ("waves", 0, "services"),
        ),
        (Order(services=services("a", "b"), waves=(A_WAVE,)), "`b` is in no wave.", ("services", "b")),
        (
            Order(services=services("a", "b", a=("b",)), waves=(A_WAVE, ALL)),
            "`a` waits for `b`, which is in a later wave.",
            ("services", "a", "depends-on"),
        ),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_stands(
    order: Order, said: str, place: tuple[str | int, ...]
) -> None:
    with pytest.raises(Flaw, match=re.escape(said)) as raised:
        waves_of(order)
    assert raised.value.place == place


def test_two_ways_to_one_service_are_no_circle() -> None:
    order = Order(services=services(*"abcd", a=("b", "c"), b=("d",), c=("d",)), waves=(ALL,))
    assert parts(order) == [("a", "b", "c", "d")]


SHOP = Order(
    services=(
        Listed(name="a", tags={"team": "x", "tier": "1"}),
        Listed(name="b", tags={"team": "x"}),
        Listed(name="c"),
    ),
    groups={"g": ("b", "c")},
)


@pytest.mark.parametrize(
    ("only", "tags", "left"),
    [
        ((), (), ("a", "b", "c")),
        (("g",), (), ("b", "c")),
        (("c", "a"), (), ("a", "c")),
        ((), (("team", "x"),), ("a", "b")),
        ((), (("team", "x"), ("tier", "1")), ("a",)),
        (("g",), (("team", "x"),), ("b",)),
    ],
)
def test_services_are_chosen_by_name_group_and_tag(
    only: tuple[str, ...], tags: tuple[tuple[str, str], ...], left: tuple[str, ...]
) -> None:
    assert chosen_services(SHOP, only, tags) == left


@pytest.mark.parametrize(
    ("only", "tags", "said"),
    [
        (("d",), (), "`d`, which the manifest does not have"),
        (("c",), (("team", "x"),), "No service of the manifest is left"),
    ],
)
def test_a_choice_that_leaves_nothing_is_refused(
    only: tuple[str, ...], tags: tuple[tuple[str, str], ...], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        chosen_services(SHOP, only, tags)


def test_a_release_may_begin_with_a_later_wave() -> None:
    waves = tuple(Wave(members=(name,), name=wave) for name, wave in (("a", "first"), ("b", "1"), ("c", "3")))
    assert from_wave(waves, "1") == waves[1:]
    assert from_wave(waves, "2") == waves[1:]
    assert from_wave(waves, "first") == waves
    with pytest.raises(UsageError, match="no such wave"):
        from_wave(waves, "9")
