"""How the page writes times and identifiers."""

from __future__ import annotations

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def clock_of(seconds: float) -> str:
    """Seconds since the world began, with a sign: `+1:05`, `-22:00:00`."""
    sign, whole = ("-", -seconds) if seconds < 0 else ("+", seconds)
    minutes, second = divmod(int(whole), _MINUTE)
    hours, minute = divmod(minutes, _MINUTE)
    return f"{sign}{hours}:{minute:02}:{second:02}" if hours else f"{sign}{minute}:{second:02}"


def grown(seconds: float) -> str:
    """The same, in whole hours or days for an hour or more before the world began."""
    if seconds > -_HOUR:
        return clock_of(seconds)
    return f"{int(seconds / _HOUR)} h" if seconds > -2 * _DAY else f"{int(seconds / _DAY)} d"


def lasted(seconds: float) -> str:
    """A length of time: `9 s`, `2 min`, `3 h`."""
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.0f} h"


def short(identifier: str) -> str:
    """The first eight characters of an id, after its last slash."""
    return identifier.rpartition("/")[2][:8]
