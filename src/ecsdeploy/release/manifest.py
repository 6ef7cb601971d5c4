"""Decides what a manifest of several services means: which waves there are, and what contradicts itself.

A position in the manifest is the keys that lead there, from the outermost one: `("waves", 1, "services")`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from types import MappingProxyType

from ecsdeploy.errors import UsageError
from ecsdeploy.model.fleet import Wave
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import value

Place = tuple[str | int, ...]


class Flaw(UsageError):
    """Something in the manifest that cannot be meant; `place` says where."""

    def __init__(self, message: str, place: Place, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.place = place


@value(frozen=True, slots=True, kw_only=True)
class Listed:
    """A service of the manifest: what it waits for, and its tags."""

    name: str
    after: tuple[str, ...] = ()
    """The services that must have succeeded before it begins."""
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@value(frozen=True, slots=True, kw_only=True)
class WaveWish:
    """A wave as it is written: of these services and groups, or the next so many of those that no wave names."""

    name: str = ""
    names: tuple[str, ...] = ()
    count: int = 0
    percent: int = 0
    soak_seconds: float = 0
    alarms: tuple[str, ...] = ()
    asks: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Order:
    """The services of a manifest, its groups by name, and its waves in order."""

    services: tuple[Listed, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    waves: tuple[WaveWish, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.services)

    def members(self, name: str) -> tuple[str, ...]:
        """The services of this name: one, or those of a group; none for a name that is neither."""
        return (name,) if name in self.names else self.groups.get(name, ())


def waves_of(order: Order) -> tuple[Wave, ...]:
    """The waves, each with its services; one wave of all if the manifest has none. Raises a `Flaw`."""
    _check_groups(order)
    _check_what_they_wait_for(order)
    if not order.waves:
        return (Wave(members=order.names),)
    parts = _shared_out(order)
    _check_waves(order, parts)
    return tuple(
        Wave(
            members=part,
            name=wish.name or str(number),
            soak_seconds=wish.soak_seconds,
            alarms=wish.alarms,
            asks=wish.asks,
        )
        for number, (wish, part) in enumerate(zip(order.waves, parts, strict=True), 1)
    )


def chosen_services(order: Order, only: tuple[str, ...], tags: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Those that `only` names, by themselves or by a group, and that have all of these tags; all without either.

    Raises a `UsageError` if a name is unknown, or if nothing is left.
    """
    for name in only:
        if not order.members(name):
            raise UsageError(f"`--only` names `{name}`, which the manifest does not have.", hint=_near(name, order))
    named = {each for name in only for each in order.members(name)} if only else {*order.names}
    left = tuple(
        each.name
        for each in order.services
        if each.name in named and all(each.tags.get(key) == text for key, text in tags)
    )
    if not left:
        raise UsageError("No service of the manifest is left by `--only` and `--select`.", hint="Nothing was done.")
    return left


def from_wave(waves: tuple[Wave, ...], wave: str) -> tuple[Wave, ...]:
    """The waves from this one on, which is given by its name or number. Raises a `UsageError` for another text."""
    names = [each.name for each in waves]
    numbers = [str(number) for number in range(1, len(waves) + 1)]
    for known in (names, numbers):
        if wave in known:
            return waves[known.index(wave) :]
    hint = did_you_mean(wave, names) or f"It has {len(waves)}, which are numbered from 1."
    raise UsageError(f"`--from-wave` names `{wave}`, and the manifest has no such wave.", hint=hint)


def _near(name: str, order: Order) -> str:
    return did_you_mean(name, (*order.names, *order.groups))


def _check_groups(order: Order) -> None:
    for group, members in order.groups.items():
        place: Place = ("groups", group)
        if group in order.names:
            raise Flaw(f"`{group}` is the name of a service and of a group.", place, "Give one of them another name.")
        if not members:
            raise Flaw(f"The group `{group}` is empty.", place, "Name its services in `services`.")
        _check_known(members, order.names, (*place, "services"))


def _check_known(names: Iterable[str], known: Iterable[str], place: Place) -> None:
    """Raise a `Flaw` for a name that is unknown, or is there twice."""
    known = tuple(known)
    seen = set[str]()
    for name in names:
        if name not in known:
            raise Flaw(f"`{name}` is no service of this manifest.", place, did_you_mean(name, known))
        if name in seen:
            raise Flaw(f"`{name}` is named twice.", place, "Name it once.")
        seen.add(name)


def _check_what_they_wait_for(order: Order) -> None:
    after = {each.name: each.after for each in order.services}
    for name, others in after.items():
        _check_known(others, after, ("services", name, "depends-on"))
    for name in after:
        circle = _circle(name, after)
        if circle:
            way = " → ".join(f"`{each}`" for each in circle)
            hint = "Leave one of these dependencies out."
            raise Flaw(f"These services wait for each other: {way}.", ("services", name, "depends-on"), hint)


def _circle(start: str, after: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A way from `start` back to it; empty without one."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = set[str]()
    while ways:
        way = ways.pop()
        for name in after[way[-1]]:
            if name == start:
                return (*way, name)
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _shared_out(order: Order) -> tuple[tuple[str, ...], ...]:
    """The services of each wave. Those that no wave names are shared out in order, by count and percent."""
    named = [_named(order, number) for number in range(len(order.waves))]
    taken = {name for part in named for name in part}
    pool = [name for name in order.names if name not in taken]
    return tuple(part or rest for part, rest in zip(named, _slices(order.waves, pool), strict=True))


def _named(order: Order, number: int) -> tuple[str, ...]:
    """The services that a wave names, by themselves or by a group."""
    known = (*order.names, *order.groups)
    names = order.waves[number].names
    _check_known_as_either(names, known, ("waves", number, "services"))
    return tuple(each for name in names for each in order.members(name))


def _check_known_as_either(names: Iterable[str], known: tuple[str, ...], place: Place) -> None:
    for name in names:
        if name not in known:
            raise Flaw(f"`{name}` is no service and no group of this manifest.", place, did_you_mean(name, known))


def _slices(waves: tuple[WaveWish, ...], pool: list[str]) -> Iterator[tuple[str, ...]]:
    """What each wave with a count or a percentage gets of the pool; percentages add up before they are rounded up."""
    counted, percent, begin = 0, 0, 0
    for wave in waves:
        counted, percent = counted + wave.count, percent + wave.percent
        end = min(counted + -(-percent * len(pool) // 100), len(pool)) if wave.count or wave.percent else begin
        yield tuple(pool[begin:end])
        begin = end


def _check_waves(order: Order, parts: tuple[tuple[str, ...], ...]) -> None:
    """Raise a `Flaw` for an empty wave, a name twice, a service in no wave, or one that waits for a later wave."""
    wave_of = dict[str, int]()
    names = set[str]()
    for number, (wish, part) in enumerate(zip(order.waves, parts, strict=True)):
        called = f"The wave `{wish.name or number + 1}`"
        if not part:
            hint = "Give it `services`, `count` or `percent` for at least one service, or leave it out."
            raise Flaw(f"{called} is empty.", ("waves", number), hint)
        if wish.alarms and not wish.soak_seconds:
            raise Flaw(
                f"{called} has alarms, and no time to watch them.", ("waves", number, "alarms"), "Give it `soak`."
            )
        if wish.name and wish.name in names:
            raise Flaw(f"Two waves have the name `{wish.name}`.", ("waves", number, "name"), "Rename one.")
        names.add(wish.name)
        for name in part:
            if name in wave_of:
                where = f"`{order.waves[wave_of[name]].name or wave_of[name] + 1}`"
                said = f"`{name}` is in this wave twice." if wave_of[name] == number else f"`{name}` is in {where} too."
                raise Flaw(f"{called} names a service again: {said}", ("waves", number, "services"), "Name it once.")
            wave_of[name] = number
    left = next((name for name in order.names if name not in wave_of), "")
    if left:
        raise Flaw(f"`{left}` is in no wave.", ("services", left), "Add it to a wave, or a wave with `percent = 100`.")
    _check_waits_for_no_later(order, wave_of)


def _check_waits_for_no_later(order: Order, wave_of: Mapping[str, int]) -> None:
    for each in order.services:
        late = next((name for name in each.after if wave_of[name] > wave_of[each.name]), "")
        if late:
            place = ("services", each.name, "depends-on")
            said = f"`{each.name}` waits for `{late}`, which is in a later wave."
            raise Flaw(said, place, "Put both into one wave, or swap them.")
