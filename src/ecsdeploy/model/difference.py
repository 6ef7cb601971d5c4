"""How two parts of a task definition's JSON differ; the defaults that ECS adds are no difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from ecsdeploy.model.values import value


class How(StrEnum):
    """The three ways in which a part can differ."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Shown(str):
    """A value that the user asked to see: it is shown as it is, with any secrets in it."""

    __slots__ = ()


@value(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part of a definition that differs, as it may be shown.

    `container` is empty for a part of the task, and `member` AWS's name for it (`container` for a whole one);
    variables and secrets have a `name`. `before` and `after` are texts. For what may hold a secret they are
    fingerprints, or `Shown` where the user asked for the values.
    """

    member: str
    how: How
    container: str = ""
    name: str = ""
    before: str = ""
    after: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A plan that was made before: its marks are a fingerprint, made with `key`, for each part of it, by name.

    The key is in hex digits. Without marks there is only the key, and a release is held to nothing.
    """

    key: str
    marks: Mapping[str, str] = field(default_factory=dict)


def how(before: object, after: object) -> How | None:
    """How a part has changed; None where it has not. An empty part counts as absent."""
    if not (before or after) or alike(before, after):
        return None
    return How.CHANGED if before and after else How.ADDED if after else How.REMOVED


def by_name(items: object) -> dict[str, Mapping[str, object]]:
    """The objects of a list (variables, secrets) by their names; empty where `items` is no list."""
    if not isinstance(items, list):
        return {}
    return {str(each["name"]): each for each in items if isinstance(each, Mapping) and "name" in each}


def alike(one: object, other: object) -> bool:
    """Whether each has all that the other has."""
    return covers(one, other) and covers(other, one)


def covers(stored: object, sent: object) -> bool:
    """Whether `stored` has all that `sent` has; ECS adds defaults, and returns some numbers as texts."""
    if stored is None:
        return not sent
    if isinstance(sent, Mapping):
        return isinstance(stored, Mapping) and all(covers(stored.get(key), value) for key, value in sent.items())
    if isinstance(sent, Sequence) and not isinstance(sent, str):
        return _covers_list(stored, sent)
    return stored == sent or str(stored) == str(sent)


def _covers_list(stored: object, sent: Sequence[object]) -> bool:
    if not isinstance(stored, Sequence) or isinstance(stored, str) or len(stored) != len(sent):
        return False
    if all(isinstance(each, Mapping) for each in sent):
        return _covers_in_any_order(stored, sent)
    return all(covers(a, b) for a, b in zip(stored, sent, strict=True))


def _covers_in_any_order(stored: Sequence[object], sent: Sequence[object]) -> bool:
    """ECS returns lists of objects (environment, secrets, ports) in an order of its own."""
    left = list(stored)
    for each in sent:
        found = next((index for index, candidate in enumerate(left) if covers(candidate, each)), None)
        if found is None:
            return False
        del left[found]
    return True
