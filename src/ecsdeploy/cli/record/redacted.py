"""Takes the secrets out of a record, and every value of a variable, so that a run of it decides the same.

A word stands for each value: always the same word for the same value, with the same fingerprint in a plan, and one that
looks like a credential where the value does.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets as chance
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ecsdeploy.model.ordinary import is_ordinary, is_secret_name
from ecsdeploy.model.redaction import HIDDEN
from ecsdeploy.model.secrets import Secrets, secret_values
from ecsdeploy.plan.diff import fingerprint

_PLACES = ("${", "{{", "<")
_PLACE = r"\$\{\w{1,80}\}|\{\{ ?\w{1,80} ?\}\}|<[A-Z_]{1,80}>"
"""A place of a template that nothing has filled: a value that tells nothing."""
_NO_SECRETS = frozenset({"key", "Key", "name", "externalId"})
"""Members of AWS's that are called like a secret and hold none: names of tags, and CodeDeploy's id of a deployment."""
_AS_LETTERS = bytes(ord("a") + byte % 26 for byte in range(256))
_LENGTH, _LONG = 12, 24
_STANDS_FOR_A_SECRET = "Aa0"  # noqa: S105 - a beginning with which a word looks random
_TRIES = 4_000_000


class Words:
    """The word for each value. The key is drawn for each record: nobody can try values until a word fits."""

    def __init__(self, values: Mapping[str, bool]) -> None:
        """`values` says of each value whether it looks like a credential."""
        self._key = chance.token_bytes(32)
        self._words = {"": ""}
        self._find(values)

    def of(self, value: str) -> str:
        return self._words.get(value, HIDDEN)

    def _find(self, values: Mapping[str, bool]) -> None:
        """Try words until each value has one with its fingerprint; a value without luck gets one without it."""
        wanted: dict[tuple[bool, str], list[str]] = {}
        for value, looks_secret in values.items():
            if value:
                wanted.setdefault((looks_secret, fingerprint(value)), []).append(value)
        for number in range(_TRIES):
            if not wanted:
                return
            for word, looks_secret in self._tried(number):
                kind = looks_secret, fingerprint(word)
                if kind in wanted:
                    self._words[wanted[kind].pop()] = word
                    if not wanted[kind]:
                        del wanted[kind]

    def _tried(self, number: int) -> Iterator[tuple[str, bool]]:
        letters = hmac.digest(self._key, number.to_bytes(8, "big"), "sha256").translate(_AS_LETTERS).decode("ascii")
        yield letters[:_LENGTH], False
        yield f"{_STANDS_FOR_A_SECRET}{letters[:_LONG]}", True


class Redactor:
    """Takes out of JSON what must not stand in a record: values of variables by `words`, and other secrets."""

    def __init__(self, secrets: Secrets, words: Words | None = None) -> None:
        """Without `words`, the values of variables are words already."""
        self._secrets, self._words = secrets, words

    def of(self, found: Any, name: str = "") -> Any:
        """The same without secrets; `name` is that of the member that it is."""
        match found:
            case dict():
                return {key: self._member(key, each, found) for key, each in found.items()}
            case list():
                return self._listed(found, name)
            case str():
                return self.text(found, name)
            case _:
                return found

    def text(self, text: str, name: str = "") -> str:
        inner = _inner(text)
        if inner is not None:
            return json.dumps(self.of(inner))
        if name not in _NO_SECRETS and is_secret_name(name) and not is_ordinary(text):
            return HIDDEN
        return self._secrets.redact(text)

    def value(self, text: str) -> str:
        """The word for a value of a variable."""
        return text if self._words is None or re.fullmatch(_PLACE, text) else self._words.of(text)

    def _member(self, key: str, found: Any, beside: Mapping[str, Any]) -> Any:
        if key == "environment" and isinstance(found, list):
            return [self._variable(each) for each in found]
        if key == "value" and isinstance(found, str):
            # A tag, or an option: what it is says the member beside it.
            return self.text(found, str(beside.get("key") or beside.get("name") or ""))
        return self.of(found, key)

    def _variable(self, found: Any) -> Any:
        if not (isinstance(found, dict) and isinstance(found.get("value"), str)):
            return self.of(found)
        return {**found, "value": self.value(found["value"])}

    def _listed(self, found: list[Any], name: str) -> list[Any]:
        """Each of a list; in words of a command, the option before a word is its name."""
        befores = ("", *(each if isinstance(each, str) and each.startswith("-") else "" for each in found))
        return [self.of(each, before or name) for before, each in zip(befores, found, strict=False)]


def variables_in(found: Any) -> Iterator[tuple[str, str]]:
    """The names and values of all variables in JSON, also in JSON that stands in a text."""
    match found:
        case dict():
            for key, each in found.items():
                if key == "environment" and isinstance(each, list):
                    yield from _pairs(each)
                yield from variables_in(each)
        case list():
            for each in found:
                yield from variables_in(each)
        case str() if (inner := _inner(found)) is not None:
            yield from variables_in(inner)
        case _:
            return


def looks_of(pairs: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Each value, and whether it looks like a credential under one of its names."""
    found: dict[str, bool] = {}
    for name, text in pairs:
        looks_secret = not text.startswith(_PLACES) and any(secret_values(name, text))
        found[text] = found.get(text, False) or looks_secret
    return found


def _pairs(entries: list[Any]) -> Iterator[tuple[str, str]]:
    for each in entries:
        if isinstance(each, dict) and isinstance(each.get("value"), str):
            yield str(each.get("name") or ""), each["value"]


def _inner(text: str) -> Any:
    """The JSON in a text that may have variables; None without it."""
    if '"environment"' not in text or text[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
