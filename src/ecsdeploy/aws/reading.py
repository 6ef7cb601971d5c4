"""Reads replies: members by their type, where a wrong type makes the reply a lost one, and lists page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar, cast

from ecsdeploy.errors import AwsError, ReplyLost

JsonObject = Mapping[str, object]
"""A JSON object of a reply."""

_Kind = TypeVar("_Kind")


def text(source: JsonObject, name: str, default: str = "") -> str:
    """A string; `default` where it is absent. Every reader here raises `ReplyLost` for another type."""
    return _member(source, name, str, default)


def identity(source: JsonObject, name: str) -> str:
    """A string that identifies an object; raises `ReplyLost` where it is absent or empty."""
    value = text(source, name)
    if not value:
        raise malformed(name, source.get(name))
    return value


def flag(source: JsonObject, name: str) -> bool:
    return _member(source, name, bool, default=False)


def number(source: JsonObject, name: str) -> int:
    return optional_number(source, name) or 0


def optional_number(source: JsonObject, name: str) -> int | None:
    value = optional_fraction(source, name)
    return None if value is None else int(value)


def optional_fraction(source: JsonObject, name: str) -> float | None:
    """A number that need not be whole."""
    value = source.get(name)
    if isinstance(value, bool):
        raise malformed(name, value)
    return None if value is None else float(_member(source, name, (int, float), 0))


def moment(source: JsonObject, name: str) -> datetime | None:
    """A time as seconds since 1970 or as ISO text, in UTC."""
    value = source.get(name)
    if value is None:
        return None
    try:
        return _moment(value)
    except (OverflowError, OSError, ValueError):
        raise malformed(name, value) from None


def nested(source: JsonObject, name: str) -> JsonObject:
    """A nested object; an empty one where it is absent."""
    return cast("JsonObject", _member(source, name, dict, {}))


def needed(source: JsonObject, name: str) -> JsonObject:
    """A nested object; raises `ReplyLost` where it is absent."""
    if name not in source or source[name] is None:
        raise malformed(name, None)
    return nested(source, name)


def objects(source: JsonObject, name: str) -> tuple[JsonObject, ...]:
    """A list of objects."""
    return cast("tuple[JsonObject, ...]", _list(source, name, dict))


def texts(source: JsonObject, name: str) -> tuple[str, ...]:
    """A list of strings."""
    return cast("tuple[str, ...]", _list(source, name, str))


def malformed(name: str, value: object) -> ReplyLost:
    """The error for a member that is not what it must be; it shows the type found, never the value."""
    return ReplyLost(f"A reply of AWS is malformed: `{name}` cannot be of kind `{type(value).__name__}`.")


def _moment(value: object) -> datetime:
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    raise ValueError


def _list(source: JsonObject, name: str, kind: type) -> tuple[object, ...]:
    items = _member(source, name, list, [])
    for item in items:
        if not isinstance(item, kind):
            raise malformed(name, item)
    return tuple(items)


def _member(source: JsonObject, name: str, kind: type[_Kind] | tuple[type[_Kind], ...], default: _Kind) -> _Kind:
    value = source.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise malformed(name, value)
    return value


def pages(
    ask: Callable[[str], JsonObject], subject: str, *, most: int, member: str = "nextToken"
) -> Iterator[JsonObject]:
    """Each page of a list; a list that cannot be read whole is an error, and never a shorter list.

    `ask` takes the token of a page (an empty one for the first) and returns the page; `member` is where a page has the
    token of the next one. Raises `AwsError` where there are more than `most` pages, or where a page names one that was
    read before.
    """
    token, known = "", set[str]()
    for _ in range(most):
        page = ask(token)
        yield page
        token = next_token(page, known, subject, member)
        if not token:
            return
    raise AwsError(f"The list of {subject} has more than {most} pages, and was not read whole.")


def next_token(page: JsonObject, known: set[str], subject: str, member: str = "nextToken") -> str:
    """The token of the next page, which is added to `known`; empty at the end. `AwsError` for one that is known."""
    token = text(page, member)
    if token in known:
        raise AwsError(f"The list of {subject} names the same page twice, and was not read whole.")
    known |= {token} if token else set()
    return token
