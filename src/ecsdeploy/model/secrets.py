"""The secrets that a run comes across, and the one way in which a text leaves it: cleaned, and without them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.ordinary import is_ordinary, is_random, is_secret_name
from ecsdeploy.model.taskdef import TaskDefinition, part, parts
from ecsdeploy.model.text import clean

if TYPE_CHECKING:
    from ecsdeploy.model.secretforms import Span

_READ = 8
"""We read so many times the characters that we show, so that a cut leaves no part of a secret."""
_SHORTEST = 6
"""A shorter value stands in too many words that are no secret."""
_AS_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_DISTINCT = re.compile(r"(?=.*\d)(?=.*[A-Za-z]).{8,}|.{16,}", re.DOTALL)
"""A value that is a part of no longer word by chance."""


class Secrets:
    """What must not be shown; it grows as definitions and credentials are read. Several threads may share it."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._own: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._expected: list[Callable[[], Iterable[str]]] = []

    def expect(self, source: Callable[[], Iterable[str]]) -> None:
        """Learn what `source` returns, once a text is to be shown: commands that only help often show none."""
        self._expected.append(source)

    def learn(self, values: Iterable[str]) -> None:
        """Hide these values from now on, also as JSON, in a URL and line by line; an ordinary value is not hidden."""
        self._add(form for value in values for form in _forms(value) if not is_ordinary(form))

    def conceal(self, values: Iterable[str]) -> None:
        """Hide these values from now on in the same way, whatever they look like."""
        self._add(form for value in values for form in _forms(value))

    def _add(self, forms: Iterable[str]) -> None:
        found = {form for form in forms if len(form) >= _SHORTEST}
        if not found <= self._known:
            self._known |= found
            self._hidden = self._known - self._own

    def spare(self, names: Iterable[str]) -> None:
        """Never hide these names, nor a part of them: the run is about them (a service, a family, an image)."""
        found = frozenset(filter(None, names))
        if not found <= self._own:
            self._own |= found
            self._hidden = self._known - self._own

    def know(self, definition: TaskDefinition) -> None:
        """Hide a definition's secrets, and never its names."""
        self.spare(names_in(definition))
        self.learn(secrets_of(definition))

    def mend(self, text: str, limit: int = 2000) -> str:
        """The text as one line of at most `limit` characters, without secrets or what a terminal or CI runner obeys."""
        return clean(self.redact(clean(text[: limit * _READ], limit * _READ)), limit)

    def redact(self, text: str) -> str:
        """The same text without secrets."""
        from ecsdeploy.model.redaction import hidden, spans

        while self._expected:
            self.learn(self._expected.pop()())
        known = [match.span() for match in _any_known(self._hidden).finditer(text)] if self._hidden else []
        found = (*known, *spans(text))
        return hidden(text, self._but_in_names(text, found)) if found else text

    def _but_in_names(self, text: str, found: Sequence[Span]) -> Sequence[Span]:
        named = [match.span() for match in _any_name(self._own).finditer(text)] if self._own else []
        return [each for each in found if not any(_is_part(each, name) for name in named)]


def _is_part(span: Span, whole: Span) -> bool:
    return span != whole and whole[0] <= span[0] and span[1] <= whole[1]


@lru_cache(maxsize=4)
def _any_known(values: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_whole, _longest_first(values))))


@lru_cache(maxsize=4)
def _any_name(names: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in _longest_first(names)))


def _longest_first(values: Iterable[str]) -> list[str]:
    return sorted(values, key=len, reverse=True)


def secrets_of(definition: TaskDefinition) -> tuple[str, ...]:
    """The values of a definition that are, or hold, secrets; its public names (`names_in`) are none."""
    public = " ".join(names_in(definition))
    found = dict.fromkeys(value for name, text in _pairs(definition) for value in secret_values(name, text))
    return tuple(value for value in found if value not in public)


def secrets_of_variables(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The values of environment variables that are, or hold, secrets."""
    return tuple(value for name, text in variables.items() for value in secret_values(name, text))


def secrets_of_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a command that are, or hold, secrets."""
    return tuple(value for name, text in _words([*words]) for value in secret_values(name, text))


def secret_values(name: str, text: str) -> Iterator[str]:
    """The parts of the value `text` that are secret, by the `name` of its variable or option, or by their form."""
    from ecsdeploy.model.redaction import secrets_in

    found = (*((text,) if is_random(text) or is_secret_name(name) else ()), *secrets_in(text))
    yield from (value for value in found if not is_ordinary(value))


def _pairs(definition: TaskDefinition) -> Iterator[tuple[str, str]]:
    """The names and texts of everything in which a secret may stand."""
    yield from definition.tags
    for container in definition.containers:
        payload = container.payload
        given = ((each.get("name"), each.get("value")) for each in parts(payload, "environment"))
        yield from ((str(name), value) for name, value in given if isinstance(value, str))
        for member in ("logConfiguration", "firelensConfiguration"):
            yield from _texts(part(part(payload, member), "options"))
        yield from _texts(part(payload, "dockerLabels"))
        for words in (
            payload.get("command"),
            payload.get("entryPoint"),
            part(payload, "healthCheck").get("command"),
        ):
            yield from _words(words)
        yield from (("", secret) for secret in (container.image,) if "@" in secret)


def _texts(options: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from ((str(key), value) for key, value in options.items() if isinstance(value, str))


def _words(words: object) -> Iterator[tuple[str, str]]:
    """Each word, under the name of the option before it."""
    texts = [each for each in words if isinstance(each, str)] if isinstance(words, list) else []
    for before, text in zip(("", *texts), texts, strict=False):
        yield before if before.startswith("-") else "", text


def names_in(definition: TaskDefinition) -> Iterator[str]:
    """The public names in a definition: its family, images (without passwords), containers and variables."""
    from ecsdeploy.model.redaction import redact

    yield from (definition.arn, revision_name(definition.arn), definition.family)
    for container in definition.containers:
        has_password = "@" in container.image.partition("@sha256:")[0]
        yield from (container.name, redact(container.image) if has_password else container.image)
        for member in ("environment", "secrets"):
            yield from (str(each.get("name") or "") for each in parts(container.payload, member))


def _forms(value: str) -> Iterator[str]:
    whole = value.strip()
    escaped, encoded = json.dumps(whole)[1:-1], _percent_encoded(whole)
    yield from (whole, clean(whole, len(whole)), escaped, json.dumps(escaped)[1:-1], _as_go_escapes(escaped))
    yield from (encoded, re.sub(r"%..", lambda found: found[0].lower(), encoded), encoded.replace("%20", "+"))
    yield from (whole.translate(_AS_HTML), json.dumps(whole, ensure_ascii=False)[1:-1])
    if "\n" in whole:
        yield from (line.strip() for line in whole.splitlines() if len(line.strip()) > 2 * _SHORTEST)


def _as_go_escapes(escaped: str) -> str:
    """As Go writes JSON, and .NET in part: https://pkg.go.dev/encoding/json#Marshal"""
    return re.sub(r"[<>&]", lambda char: f"\\u{ord(char[0]):04x}", escaped)


def _percent_encoded(value: str) -> str:
    """As in a URL: https://www.rfc-editor.org/rfc/rfc3986#section-2.1"""
    return re.sub(
        r"[^A-Za-z0-9._~-]", lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode(errors="replace")), value
    )


def _whole(value: str) -> str:
    """A pattern that finds the value as a word; a long or mixed one inside longer words too.

    A written `\\n` or `%3D` before it separates it as a blank does.
    """
    if _DISTINCT.fullmatch(value):
        return re.escape(value)
    first = r"(?:(?<![^\W_])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))" if value[0].isalnum() else ""
    last = r"(?![^\W_])" if value[-1].isalnum() else ""
    return f"{first}{re.escape(value)}{last}"
