"""`--var`: fills the places of a template, `${NAME}`, `{{NAME}}` and `<NAME>`, before we read the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ecsdeploy.cli.words.values import listing
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_PLACE = re.compile(rf"\$\{{({_NAME})\}}|\{{\{{\s*({_NAME})\s*\}}\}}|<({_NAME})>", re.ASCII)
_GIVEN = re.compile(rf"({_NAME})=(.*)", re.ASCII | re.DOTALL)


def read_values(texts: Sequence[str], origin: str) -> Mapping[str, str]:
    """The values by name. `origin` names the option in errors, which repeat no value: it may be a secret."""
    values: dict[str, str] = {}
    for text in texts:
        match = _GIVEN.fullmatch(text)
        if match is None:
            hint = "Write it as `NAME=VALUE`; a name has letters, digits, `_`, `.` and `-`."
            raise UsageError(f"One {origin} has no name, or no `=`.", hint=hint)
        if match[1] in values:
            raise UsageError(f"{origin} gives `{match[1]}` twice.", hint="Give it once.")
        values[match[1]] = match[2]
    return values


def filled(document: object, values: Mapping[str, str], file: str) -> object:
    """The document with each place filled once. Raises a `UsageError` for a place without a value, or the reverse."""
    places = dict.fromkeys(name for text in _texts(document) for name in _names(text))
    unused = [name for name in values if name not in places]
    if unused:
        raise UsageError(
            f"The task definition file `{file}` has no place for {listing(unused)}.",
            hint=did_you_mean(unused[0], places) or "A place is written `${NAME}`, `{{NAME}}` or `<NAME>`.",
        )
    left = [name for name in places if name not in values]
    if left:
        raise UsageError(
            f"The task definition file `{file}` has places that no `--var` fills: {listing(left)}.",
            hint=f"Fill each with `--var NAME=VALUE`; what is no place is kept with `--var '{left[0]}=${{{left[0]}}}'`,"
            " or as it is written there.",
        )
    return _filled(document, values)


def _filled(value: object, values: Mapping[str, str]) -> object:
    match value:
        case str():
            return _PLACE.sub(lambda place: values[_name(place)], value)
        case dict():
            return {_filled(key, values): _filled(each, values) for key, each in value.items()}
        case list():
            return [_filled(each, values) for each in value]
        case _:
            return value


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for pair in value.items() for each in pair for text in _texts(each))
        case list():
            yield from (text for each in value for text in _texts(each))
        case _:
            pass


def _names(text: str) -> Iterator[str]:
    yield from (_name(place) for place in _PLACE.finditer(text))


def _name(place: re.Match[str]) -> str:
    return str(place[place.lastindex or 0])
