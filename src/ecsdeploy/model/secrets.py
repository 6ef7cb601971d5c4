"""The secrets that a run comes across, and the one way in which a text leaves it: cleaned, and without them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ecsdeploy.model.text import clean

if TYPE_CHECKING:
    from ecsdeploy.model.taskdef import TaskDefinition

_READ = 8
"""Times the characters that are shown are looked at: what is cut off must not be the start of a secret."""
_SHORTEST = 6
"""A shorter value stands in too many words that are no secret."""
_NAME = (
    r"(?i)pass(?:word|wd|phrase|code)?(?![a-z])|pwd|secret|token|credential|(?<![a-z])(?:key|auth|dsn|cert|salt)s?(?![a-z])"
    r"|api_?key|private|signature|webhook|connection_?string|external_?id|cookie"
)
_HARMLESS_NAME = r"(?i)_(?:file|path|dir|arn|name|url_path|id|type|count|limit|ttl|expiry)$"
_REFERENCE = r"(?i)arn:aws.*|/[\w./-]*|true|false|\d{1,5}"
"""It says where a secret is, or is too little for one."""
_RANDOM = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_=-]{16,}"
_WORD = r"[A-Za-z]{0,15}"


class Secrets:
    """What must not be shown; it grows as definitions and credentials are read. Several threads may share it."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._expected: list[Callable[[], Iterable[str]]] = []

    def expect(self, source: Callable[[], Iterable[str]]) -> None:
        """Learn what `source` gives, once a text is to leave: most commands that only help have none."""
        self._expected.append(source)

    def learn(self, values: Iterable[str]) -> None:
        """Hide these from now on, and as JSON, a URL or single lines would have them."""
        found = {form for value in values for form in _forms(value) if len(form) >= _SHORTEST}
        if found <= self._known:
            return
        self._known |= found
        longest_first = sorted(self._known, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_whole, longest_first)))

    def mend(self, text: str, limit: int = 2000) -> str:
        """The text as one line of at most `limit` characters, with nothing in it that is obeyed or secret."""
        return clean(self.redact(clean(text[: limit * _READ], limit * _READ)), limit)

    def redact(self, text: str) -> str:
        """The same text without secrets."""
        from ecsdeploy.model.redaction import hidden, spans

        while self._expected:
            self.learn(self._expected.pop()())
        known = [match.span() for match in self._pattern.finditer(text)] if self._pattern else []
        return hidden(text, (*known, *spans(text)))


def secrets_of(definition: "TaskDefinition") -> tuple[str, ...]:
    """The values of a definition that are, or hold, secrets; what it says of itself in public is none."""
    public = " ".join(_public(definition))
    found = dict.fromkeys(value for name, text in _pairs(definition) for value in secret_values(name, text))
    return tuple(value for value in found if value not in public)


def secrets_of_variables(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The values of environment variables that are, or hold, secrets; one plain word is a stand-in for one."""
    found = (value for name, text in variables.items() for value in secret_values(name, text))
    return tuple(value for value in found if not re.fullmatch(_WORD, value))


def secret_values(name: str, text: str) -> Iterator[str]:
    """What of a variable's, or an option's, value is secret by its name, its form, or its look."""
    from ecsdeploy.model.redaction import secrets_in

    named = _is_secret_name(name)
    if re.fullmatch(_RANDOM, text) or (named and not re.fullmatch(_REFERENCE, text)):
        yield text
    yield from secrets_in(text)


def _is_secret_name(name: str) -> bool:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return bool(re.search(_NAME, split)) and not re.search(_HARMLESS_NAME, split)


def _pairs(definition: "TaskDefinition") -> Iterator[tuple[str, str]]:
    """The names and texts of everything in which a secret may stand."""
    for key, value in definition.tags:
        yield key, value
    for container in definition.containers:
        payload = container.payload
        for name, value in _environment(payload.get("environment")):
            yield name, value
        for member in ("logConfiguration", "firelensConfiguration"):
            configured = payload.get(member)
            options = configured.get("options") if isinstance(configured, Mapping) else None
            yield from _texts(options)
        yield from _texts(payload.get("dockerLabels"))
        check = payload.get("healthCheck")
        for words in (
            payload.get("command"),
            payload.get("entryPoint"),
            check.get("command") if isinstance(check, Mapping) else None,
        ):
            yield from _words(words)
        yield from (("", secret) for secret in (container.image,) if "@" in secret)


def _environment(listed: object) -> Iterator[tuple[str, str]]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("value"), str):
            yield str(each.get("name")), each["value"]


def _texts(options: object) -> Iterator[tuple[str, str]]:
    if isinstance(options, Mapping):
        yield from ((str(key), value) for key, value in options.items() if isinstance(value, str))


def _words(words: object) -> Iterator[tuple[str, str]]:
    """Each word, under the name of the option before it."""
    texts = [each for each in words if isinstance(each, str)] if isinstance(words, list) else []
    for before, text in zip(("", *texts), texts, strict=False):
        yield before if before.startswith("-") else "", text


def _public(definition: "TaskDefinition") -> Iterator[str]:
    from ecsdeploy.model.redaction import redact

    yield from (definition.arn, definition.family, *map(redact, definition.images.values()), *definition.images)
    for container in definition.containers:
        for each in (container.payload.get("environment"), container.payload.get("secrets")):
            yield from (
                (str(item.get("name")) for item in each if isinstance(item, Mapping)) if isinstance(each, list) else ()
            )


def _forms(value: str) -> Iterator[str]:
    whole = value.strip()
    yield from (whole, clean(whole, len(whole)), json.dumps(whole)[1:-1], _percent_encoded(whole))
    if "\n" in whole:
        yield from (line.strip() for line in whole.splitlines() if len(line.strip()) > 2 * _SHORTEST)


def _percent_encoded(value: str) -> str:
    """As in a URL: https://www.rfc-editor.org/rfc/rfc3986#section-2.1"""
    return re.sub(
        r"[^A-Za-z0-9._~-]", lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode(errors="replace")), value
    )


def _whole(value: str) -> str:
    """No part of a longer word."""
    first, last = r"(?<!\w)" if value[0].isalnum() else "", r"(?!\w)" if value[-1].isalnum() else ""
    return f"{first}{re.escape(value)}{last}"
