"""Reads a manifest's TOML, or the same as JSON, and says in which line a key stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TextIO

from ecsdeploy.errors import UsageError
from ecsdeploy.release.manifest import Place

STDIN = "-"
_PLACE = re.compile(r"\$(\$?)\{([^{}]*)\}")
_SPACE = re.compile(r"[ \t\r\n]*")


class Document:
    """The text of a manifest, what it holds, and where each part of it stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name: str = "standard input" if name == STDIN else name
        self._text = text
        self._is_json = name.endswith(".json") or text.lstrip()[:1] == "{"

    @cached_property
    def parsed(self) -> Mapping[str, object]:
        """All of it. Raises a `UsageError`, with the line, if it is neither TOML nor a JSON object."""
        try:
            found = json.loads(self._text, object_pairs_hook=_once) if self._is_json else tomllib.loads(self._text)
        except (ValueError, RecursionError) as error:
            kind = "JSON" if self._is_json else "TOML"
            raise UsageError(f"`{self.name}` is not {kind}: {str(error).rstrip('.')}.") from None
        if not isinstance(found, dict):
            raise UsageError(f"`{self.name}` is not an object.", hint="A manifest in JSON is one object.")
        return found

    def head(self, place: Place) -> str:
        """The file and the line in which the key at `place` stands, or else what is nearest around it."""
        return f"`{self.name}`, line {self._line(place)}"

    def wrong(self, message: str, place: Place, hint: str = "") -> UsageError:
        return UsageError(f"{self.head(place)}: {message}", hint=hint)

    def filled(self, values: Mapping[str, str]) -> Mapping[str, object]:
        """All of it, with each `${NAME}` filled once; `$${NAME}` stands for the text itself.

        Raises a `UsageError` for a place without a value, or a value without a place. No message has a value.
        """
        used = set[str]()

        def fill(text: str, place: Place) -> str:
            def one(match: re.Match[str]) -> str:
                if match[1]:
                    return match[0][1:]
                if match[2] not in values:
                    hint = f"Give it with `--var {match[2]}=VALUE`; `$${{...}}` stands for the text itself."
                    raise self.wrong(f"no `--var` gives `{match[2]}`.", place, hint)
                used.add(match[2])
                return values[match[2]]

            return _PLACE.sub(one, text)

        filled = {key: _each_text(each, (key,), fill) for key, each in self.parsed.items()}
        unused = [name for name in values if name not in used]
        if unused:
            hint = f"A place for it is written `${{{unused[0]}}}`."
            raise UsageError(f"`{self.name}` has no place for the variable `{unused[0]}` of `--var`.", hint=hint)
        return filled

    def _line(self, place: Place) -> int:
        find = self._line_of_json if self._is_json else self._line_of_toml
        return next((line for end in range(len(place), 0, -1) if (line := find(place[:end]))), 1)

    def _line_of_json(self, place: Place) -> int:
        alike = _alike(place)
        at = next((at for known, at in _json_keys(self._text, 0, ()) if _alike(known) == alike), None)
        return 0 if at is None else self._text.count("\n", 0, at) + 1

    def _line_of_toml(self, place: Place) -> int:
        """The first line of the statement that brings `place`: it is missing in the part before, and there with it.

        Each part of the file from its beginning to the end of a statement is TOML of its own.
        """
        lines = [f"{line}\n" for line in self._text.split("\n")]
        low, high = 0, len(lines)
        if not _has(self._text, place):
            return 0
        while low + 1 < high:
            middle = (low + high) // 2
            end = next(end for end in range(middle, low - 1, -1) if _is_toml("".join(lines[:end])))
            if end == low:
                # A statement of several lines begins after `low`; what of it is left ends above the middle.
                end = next(end for end in range(middle, high + 1) if _is_toml("".join(lines[:end])))
                if end == high:
                    break
            low, high = (low, end) if _has("".join(lines[:end]), place) else (end, high)
        return low + 1


def read_document(name: str, cwd: Path, stdin: TextIO | None) -> Document:
    """The manifest of this name; `-` is standard input. Raises a `UsageError`."""
    if name == STDIN:
        if stdin is None:
            raise UsageError("`-` reads the manifest from standard input, and there is none.")
        return Document(name, stdin.read())
    try:
        return Document(name, (cwd / name).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"The manifest `{name}` cannot be read: {error.strerror}.", hint="Check the path.") from None
    except ValueError:
        raise UsageError(f"The manifest `{name}` is not UTF-8 text.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The members of a JSON object. TOML refuses by itself what is there twice."""
    found = dict[str, object]()
    for key, each in pairs:
        if key in found:
            raise ValueError(f"`{key}` is there twice in one object")
        found[key] = each
    return found


def _each_text(held: object, place: Place, fill: Callable[[str, Place], str]) -> object:
    match held:
        case str():
            return fill(held, place)
        case dict():
            return {key: _each_text(each, (*place, key), fill) for key, each in held.items()}
        case list():
            return [_each_text(each, (*place, number), fill) for number, each in enumerate(held)]
        case _:
            return held


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _has(text: str, place: Place) -> bool:
    held: object = tomllib.loads(text)
    for key in place:
        if isinstance(held, dict) and (found := next((each for each in held if _alike((each,)) == _alike((key,))), "")):
            held = held[found]
        elif isinstance(held, list) and isinstance(key, int) and key < len(held):
            held = held[key]
        else:
            return False
    return True


def _alike(place: Place) -> Place:
    """The place where `_` and `-` are the same, as they are in the words of options."""
    return tuple(key.replace("_", "-") if isinstance(key, str) else key for key in place)


def _json_keys(text: str, at: int, place: Place) -> Iterator[tuple[Place, int]]:
    """Each key and item of the JSON value at `at`, with where it begins. The text is known to be JSON."""
    at = _after_space(text, at)
    opened = text[at]
    if opened not in "{[":
        return
    number, at = 0, _after_space(text, at + 1)
    while text[at] not in "}]":
        key: str | int = number
        begin = at
        if opened == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        yield (*place, key), begin
        yield from _json_keys(text, at, (*place, key))
        at = _after_space(text, _DECODER.raw_decode(text, at)[1])
        number, at = number + 1, _after_space(text, at + (text[at] == ","))


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


_DECODER = json.JSONDecoder()
