"""What of a definition that was sent is missing from the reply; pure.

Only absence counts. ECS fills in defaults, reorders lists and rewrites units (`2 GB` comes back as `2048`), so that
another value says nothing: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

Json = Mapping[str, object]


def missing(sent: Json, kept: Json) -> tuple[str, ...]:
    """The paths of the non-empty members of `sent` that `kept` lacks: `containerDefinitions[app].command`."""
    return tuple(_missing(sent, kept, ""))


def _missing(sent: object, kept: object, path: str) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(kept, Mapping):
        yield from _missing_members(sent, kept, path)
    elif isinstance(sent, (list, tuple)) and isinstance(kept, (list, tuple)):
        yield from _missing_items(sent, kept, path)


def _missing_members(sent: Json, kept: Json, path: str) -> Iterator[str]:
    for name, value in sent.items():
        inner = f"{path}.{name}" if path else name
        if _is_empty(value):
            continue
        if name in kept and kept[name] is not None:
            yield from _missing(value, kept[name], inner)
        else:
            yield inner


def _missing_items(sent: Sequence[object], kept: Sequence[object], path: str) -> Iterator[str]:
    objects = [each for each in sent if isinstance(each, Mapping)]
    if len(objects) < len(sent):
        yield from _missing_scalars(sent, kept, path)
    elif all(isinstance(each.get("name"), str) for each in objects):
        yield from _missing_named(objects, kept, path)
    else:
        yield from _missing_unnamed(objects, kept, path)


def _missing_scalars(sent: Sequence[object], kept: Sequence[object], path: str) -> Iterator[str]:
    """A shorter list lost what is not in it; one of the same length may have been rewritten."""
    if len(kept) < len(sent):
        yield from (f"{path}[{index}]" for index, each in enumerate(sent) if each not in kept)


def _missing_named(sent: Sequence[Json], kept: Sequence[object], path: str) -> Iterator[str]:
    by_name = {each["name"]: each for each in kept if isinstance(each, Mapping) and "name" in each}
    for each in sent:
        inner = f"{path}[{each['name']}]"
        if each["name"] in by_name:
            yield from _missing(each, by_name[each["name"]], inner)
        elif not _is_name_alone(each):
            yield inner


def _missing_unnamed(sent: Sequence[Json], kept: Sequence[object], path: str) -> Iterator[str]:
    """Each item is compared with the one most like it, as the order of the list may differ."""
    candidates = [cast("Json", each) for each in kept if isinstance(each, Mapping)]
    for index, each in enumerate(sent):
        inner = f"{path}[{index}]"
        if _is_empty(each):
            continue
        if len(candidates) < len(sent) and each not in candidates:
            yield inner
        elif candidates:
            yield from _missing(each, max(candidates, key=lambda one: _likeness(each, one)), inner)


def _likeness(left: Json, right: Json) -> int:
    """How many members have the same value, minus how many have another; an absent member does not count."""
    return sum(1 if right[name] == value else -1 for name, value in left.items() if name in right)


def _is_empty(value: object) -> bool:
    """Null, an empty text or list, or an object with nothing in it. False and 0 say something."""
    if isinstance(value, Mapping):
        return all(_is_empty(each) for each in value.values())
    return value is None or (isinstance(value, (str, list, tuple)) and not value)


def _is_name_alone(item: Json) -> bool:
    """An environment variable without a value may be left out by ECS."""
    return all(_is_empty(value) for name, value in item.items() if name != "name")
