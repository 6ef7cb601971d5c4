"""Reads what a manifest asks for: the order of its services, and for each the options that `deploy` would have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ecsdeploy.cli.files.manifest.document import Document
from ecsdeploy.cli.files.manifest.keys import (
    GROUP,
    MANIFEST,
    ONCE,
    OPTIONS,
    SERVICE,
    WAVE,
    Key,
    Kind,
    texts_of,
    wanted,
)
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import duration, listing
from ecsdeploy.model.fleet import Wave
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import value
from ecsdeploy.release.manifest import Flaw, Listed, Order, Place, WaveWish, waves_of

Table = Mapping[str, object]


@value(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest, read: the options of each service by its name, and in which order they are released."""

    document: Document
    services: Mapping[str, Given]
    order: Order
    waves: tuple[Wave, ...]
    settings: Given
    """What it says of the whole release."""


class Origins(Mapping[str, str]):
    """Where each option stands, for messages. The line is looked for only when it is told."""

    def __init__(self, document: Document, places: Mapping[str, Place]) -> None:
        self._document, self._places = document, places

    def __getitem__(self, key: str) -> str:
        return f"{self._document.head(self._places[key])}: `{self._places[key][-1]}`"

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def read_manifest(document: Document, values: Mapping[str, str]) -> Manifest:
    """The manifest, with its places filled by `values`. Raises a `UsageError` with file and line."""
    reader = _Reader(document)
    top = reader.table(document.filled(values), (), MANIFEST)
    services = reader.tables(top, "services", SERVICE.keys() | OPTIONS.keys())
    if not services:
        raise document.wrong("no service is named.", (), "A service is a table: `[services.web]`.")
    shared = OPTIONS.keys() - {*ONCE}
    groups = reader.tables(top, "groups", GROUP.keys() | shared)
    order = Order(
        services=tuple(reader.listed(name, each) for name, each in services.items()),
        groups={name: reader.names(each, "services", ("groups", name)) for name, each in groups.items()},
        waves=tuple(reader.wave(number, each) for number, each in enumerate(reader.waves(top))),
    )
    try:
        waves = waves_of(order)
    except Flaw as flaw:
        raise document.wrong(flaw.message, flaw.place, flaw.hint) from None
    defaults = reader.table(top.get("defaults", {}), ("defaults",), shared)
    layers: list[tuple[tuple[Place, Table], set[str]]] = [((("defaults",), defaults), {*services})]
    layers += [((("groups", name), each), {*order.groups[name]}) for name, each in groups.items()]
    layers += [((("services", name), each), {name}) for name, each in services.items()]
    given = {name: reader.options([layer for layer, of in layers if name in of]) for name in services}
    return Manifest(document=document, services=given, order=order, waves=waves, settings=reader.settings(top))


class _Reader:
    """Takes the parts of one manifest, and refuses what cannot be one, with its line."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def table(self, held: object, place: Place, known: Collection[str]) -> dict[str, object]:
        """The table at `place`, by its keys with `-` for `_`."""
        if not isinstance(held, dict):
            raise self._document.wrong(f"`{_told(place)}` must be a table.", place)
        found = dict[str, object]()
        for spelled, each in held.items():
            key = spelled.replace("_", "-")
            if key not in known and spelled not in known:
                where = f"`[{_told(place)}]`" if place else "the manifest"
                hint = did_you_mean(key, known) or _elsewhere(key)
                raise self._document.wrong(f"{where} has an unknown key: `{spelled}`.", (*place, spelled), hint)
            if key in found:
                raise self._document.wrong(f"`{key}` is there twice.", (*place, spelled), "Leave one out.")
            found[key if key in known else spelled] = each
        return found

    def tables(self, top: Table, name: str, known: Collection[str]) -> dict[str, dict[str, object]]:
        """The tables in the table `name`, by the names that the user chose."""
        held = top.get(name, {})
        if not isinstance(held, dict):
            raise self._document.wrong(f"`{name}` must be a table of tables.", (name,), f"Write `[{name}.NAME]`.")
        return {key: self.table(each, (name, key), known) for key, each in held.items()}

    def waves(self, top: Table) -> list[dict[str, object]]:
        held = top.get("waves", [])
        if not isinstance(held, list):
            raise self._document.wrong("`waves` must be a list of tables.", ("waves",), "Write each as `[[waves]]`.")
        return [self.table(each, ("waves", number), WAVE) for number, each in enumerate(held)]

    def listed(self, name: str, held: Table) -> Listed:
        place: Place = ("services", name)
        tags = held.get("tags", {})
        if not isinstance(tags, dict) or not all(isinstance(each, str) for each in tags.values()):
            raise self._document.wrong("`tags` must be a table of texts.", (*place, "tags"))
        return Listed(name=name, after=self.names(held, "depends-on", place), tags=tags)

    def wave(self, number: int, held: Table) -> WaveWish:
        place: Place = ("waves", number)
        asked = [key for key in ("services", "count", "percent") if key in held]
        if len(asked) > 1:
            said = f"{' and '.join(f'`{key}`' for key in asked)} both say which services are in the wave."
            raise self._document.wrong(said, (*place, asked[1]), "Give one of them.")
        given = self.texts(held, place, WAVE)
        return WaveWish(
            name=given.text("name"),
            names=self.names(held, "services", place),
            count=self.number(held, "count", place, WAVE),
            percent=self.number(held, "percent", place, WAVE),
            soak_seconds=duration(given, "soak", 0),
            alarms=self.names(held, "alarms", place),
            asks=given.has("gate"),
        )

    def settings(self, top: Table) -> Given:
        self.number(top, "max-parallel", (), MANIFEST)
        return self.texts(top, (), MANIFEST)

    def names(self, held: Table, key: str, place: Place) -> tuple[str, ...]:
        names = held.get(key, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise self._document.wrong(f"`{key}` must be a list of texts.", (*place, key))
        return tuple(names)

    def number(self, held: Table, key: str, place: Place, known: Mapping[str, Key]) -> int:
        """The number, or 0 if it is not there."""
        found, limits = held.get(key), known[key]
        if found is None:
            return 0
        # A place that `--var` filled is a text.
        text = str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**31)) else 0
        if number < limits.least or (limits.most and number > limits.most):
            most = f" to {limits.most}" if limits.most else " on"
            raise self._document.wrong(f"`{key}` must be a whole number from {limits.least}{most}.", (*place, key))
        return number

    def texts(self, held: Table, place: Place, known: Mapping[str, Key]) -> Given:
        """The keys that hold one text or number, as options, by the key with `_`."""
        keys = [key for key, each in known.items() if key in held and each.kind in (Kind.TEXT, Kind.NUMBER)]
        for key in keys:
            each, words = held[key], known[key].words
            if known[key].kind is Kind.TEXT and not isinstance(each, str):
                raise self._document.wrong(f"`{key}` must be a text.", (*place, key))
            if words and each not in words:
                hint = did_you_mean(str(each), words) or f"It is one of {listing(words)}."
                raise self._document.wrong(f"`{key}` cannot be `{each}`.", (*place, key), hint)
        return Given(
            {key.replace("-", "_"): (str(held[key]),) for key in keys},
            Origins(self._document, {key.replace("-", "_"): (*place, key) for key in keys}),
        )

    def options(self, layers: Sequence[tuple[Place, Table]]) -> Given:
        """The options of one service. The last layer that has one counts; tables of names are joined."""
        held, places = dict[str, object](), dict[str, Place]()
        for place, layer in layers:
            for key, each in layer.items():
                if key not in OPTIONS:
                    continue
                before = held.get(key)
                joins = isinstance(before, dict) and isinstance(each, dict)
                held[key] = {**before, **each} if joins else each  # type: ignore[dict-item]
                places[key] = (*place, key)
        return Given(
            {OPTIONS[key].key: self._texts(key, each, places[key]) for key, each in held.items()},
            Origins(self._document, {OPTIONS[key].key: place for key, place in places.items()}),
        )

    def _texts(self, key: str, held: object, place: Place) -> tuple[str, ...]:
        texts = texts_of(OPTIONS[key], held)
        if texts is None:
            raise self._document.wrong(f"`{key}` must be {wanted(OPTIONS[key])}.", place)
        return texts


def _told(place: Place) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else key for key in place)


def _elsewhere(key: str) -> str:
    """What to do with an option that is not for every place."""
    if key in ONCE:
        return "It is about one service: write it at that service."
    return "`ecs-deploy schema release` prints all keys." if key else ""
