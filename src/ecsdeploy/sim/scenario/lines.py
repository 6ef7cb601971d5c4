"""On which line of a TOML text a key is.

The standard parser does not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Part = str | int
_HEADER = re.compile(r"^\s*\[(\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:\.|$)""")


def line_of(text: str, path: Sequence[Part]) -> int:
    """The line, from 1, of the last part of `path` that we can find. A text is a key, a number is a position in a
    list.
    """
    lines = text.splitlines()
    first, last, rest = _section(lines, path)
    position = first
    for step in rest:
        if isinstance(step, str):
            found = _key(lines, step, position, last)
            if found is None:
                break
            position = found
    return position + 1


def _section(lines: Sequence[str], path: Sequence[Part]) -> tuple[int, int, Sequence[Part]]:
    """First and last line of the table that is nearest to `path`, and the rest of the path inside it."""
    best: tuple[int, int, Sequence[Part]] = (0, len(lines), path)
    counts: dict[tuple[str, ...], int] = {}
    headers = [(number, _header(line)) for number, line in enumerate(lines)]
    starts = [number for number, header in headers if header is not None] + [len(lines)]
    for number, header in headers:
        if header is None:
            continue
        names, in_list = header
        counts[names] = counts.get(names, -1) + 1
        wanted: tuple[Part, ...] = (*names, counts[names]) if in_list else names
        if tuple(path[: len(wanted)]) == wanted and len(path) - len(wanted) <= len(best[2]):
            end = next(start for start in starts if start > number)
            best = (number, end, path[len(wanted) :])
    if best[2] is path and starts[0] > 0:
        best = (0, starts[0], path)
    return best


def _header(line: str) -> tuple[tuple[str, ...], bool] | None:
    match = _HEADER.match(line)
    if match is None:
        return None
    names = tuple(next(filter(None, part), "") for part in _PART.findall(match.group(2)))
    return names, bool(match.group(1))


def _key(lines: Sequence[str], key: str, first: int, last: int) -> int | None:
    pattern = re.compile(rf"""(?:^|[\s{{,.])["']?{re.escape(key)}["']?\s*[=.]""")
    return next((n for n in range(first, last) if pattern.search(lines[n].split("#", 1)[0])), None)
