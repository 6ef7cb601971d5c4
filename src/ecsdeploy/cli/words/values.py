"""Turns the texts of options into values; every `UsageError` names the option as it was given, and the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_DURATION = re.compile(r"(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,9})s?)?")
_WHOLE = re.compile(r"\d{1,9}")
_LARGEST = 999_999_999
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_Word = TypeVar("_Word", bound=StrEnum)


def whole_number(
    given: Given, key: str, *, minimum: int = 0, maximum: int = _LARGEST, what: str = "a whole number"
) -> int | None:
    """A number from `minimum` to `maximum`; None if it was not given. `what` names it in the error."""
    text = given.text(key)
    if not text:
        return None
    number = int(text) if text.isascii() and _WHOLE.fullmatch(text) else None
    if number is None or not minimum <= number <= maximum:
        largest = text.isdecimal() and (number is None or number > maximum)
        hint = f"The largest value is {maximum}." if largest else f"The smallest value is {minimum}."
        raise UsageError(f"{given.origin(key)} must be {what}, not `{text}`.", hint=hint)
    return number


def duration(given: Given, key: str, default: float) -> float:
    """The seconds of `90`, `90s`, `15m` or `1h30m`; `default` if it was not given."""
    text = given.text(key)
    if not text:
        return default
    match = _DURATION.fullmatch(text) if text.isascii() else None
    seconds = sum(int(match[unit] or 0) * size for unit, size in _SECONDS.items()) if match else 0
    if seconds <= 0:
        raise UsageError(
            f"{given.origin(key)} must be a duration, not `{text}`.", hint="Write it as `90`, `90s`, `15m` or `1h30m`."
        )
    return float(seconds)


def moment(given: Given, key: str) -> datetime | timedelta | None:
    """A time with its zone, or how long ago; None if it was not given."""
    text = given.text(key)
    if not text:
        return None
    try:
        return timedelta(seconds=duration(given, key, 0))
    except UsageError:
        pass
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = datetime.min  # noqa: DTZ901 - it has no zone, which is refused
    if time.tzinfo is None:
        raise UsageError(
            f"{given.origin(key)} must be a time with its zone, or how long ago, not `{text}`.",
            hint="Write it as `2026-01-31T12:00:00Z`, `10m` or `1h30m`.",
        )
    return time


def word(given: Given, key: str, words: Sequence[str]) -> str:
    """One of `words`, or an empty text if it was not given."""
    text = given.text(key)
    if text and text not in words:
        raise UsageError(
            f"{given.origin(key)} must be one of {listing(words)}, not `{text}`.", hint=did_you_mean(text, words)
        )
    return text


def member(given: Given, key: str, default: _Word) -> _Word:
    """A member of the enumeration of `default`; `default` itself if it was not given."""
    enumeration = type(default)
    return enumeration(word(given, key, tuple(enumeration)) or default)


def listing(names: Sequence[str]) -> str:
    """The names for a message: `` `a`, `b` ``."""
    return ", ".join(f"`{name}`" for name in names)
