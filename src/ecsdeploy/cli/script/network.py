"""Reads `--network-configuration`, in the AWS CLI's shorthand or in JSON, for RunTask.

Members: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ecsdeploy.errors import UsageError

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[{}\[\],=])|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<word>[^\s{}\[\],=\"']+))"
)
_LISTS = ("subnets", "securityGroups")
_ANSWERS = ("ENABLED", "DISABLED")
_EXAMPLE = "Write it as `awsvpcConfiguration={subnets=[a,b],securityGroups=[c],assignPublicIp=ENABLED}`, or as JSON."


class _Malformed(ValueError):
    """The text is neither shorthand nor JSON."""


def parse_network(text: str) -> Mapping[str, object]:
    """The member `networkConfiguration` of RunTask. Raises a `UsageError` that says what is wrong with the text."""
    try:
        parsed = json.loads(text) if text.lstrip().startswith("{") else _Shorthand(text).whole()
    except (ValueError, RecursionError):
        raise _wrong("cannot be understood") from None
    _check(parsed)
    return dict(parsed)


def _wrong(what: str) -> UsageError:
    return UsageError(f"`--network-configuration` {what}.", hint=_EXAMPLE)


def _check(parsed: object) -> None:
    inner = parsed.get("awsvpcConfiguration") if isinstance(parsed, dict) else None
    if not isinstance(parsed, dict) or not isinstance(inner, dict) or len(parsed) != 1:
        raise _wrong("must have the one member `awsvpcConfiguration`")
    unknown = sorted(inner.keys() - {*_LISTS, "assignPublicIp"})
    if unknown:
        raise _wrong(f"has a member that ECS does not know: `{unknown[0]}`")
    for name in _LISTS:
        _check_names(name, inner.get(name, []))
    if not inner.get("subnets"):
        raise _wrong("names no subnet")
    if inner.get("assignPublicIp", "ENABLED") not in _ANSWERS:
        raise _wrong("has an `assignPublicIp` that is neither `ENABLED` nor `DISABLED`")


def _check_names(name: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise _wrong(f"needs a list of names as `{name}`")


class _Shorthand:
    """Reads `key=value,key={key=value},key=[a,b]`."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def whole(self) -> dict[str, object]:
        members = self._members()
        if self._peek():
            raise _Malformed
        return members

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _skip(self, mark: str) -> bool:
        found = self._peek() == mark
        self._at += found
        return found

    def _members(self) -> dict[str, object]:
        members: dict[str, object] = {}
        while self._peek() not in {"", "}"}:
            key = self._word()
            if not self._skip("=") or key in members:
                raise _Malformed
            members[key] = self._value(key)
            if not self._skip(","):
                break
        return members

    def _value(self, key: str) -> object:
        if self._skip("{"):
            return self._closed(self._members(), "}")
        if self._skip("["):
            return self._closed(self._list(), "]")
        return self._bare_list() if key in _LISTS else self._word()

    def _closed(self, value: object, mark: str) -> object:
        if not self._skip(mark):
            raise _Malformed
        return value

    def _list(self) -> list[str]:
        words: list[str] = []
        while self._peek() != "]":
            words.append(self._word())
            if not self._skip(","):
                break
        return words

    def _bare_list(self) -> list[str]:
        """A list without brackets: `a,b`. It ends before the next key."""
        words = [self._word()]
        while self._peek() == "," and self._peek(2) != "=" and self._skip(","):
            words.append(self._word())
        return words

    def _word(self) -> str:
        token = self._peek()
        if not token.startswith("'"):
            raise _Malformed
        self._at += 1
        return token[1:]


def _tokens(text: str) -> list[str]:
    """The tokens of the text: marks unchanged, words and quoted texts with a `'` before them."""
    tokens, end = [], 0
    text = text.rstrip()
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise _Malformed
        word = match["double"] or match["single"] or match["word"] or ""
        tokens.append(match["mark"] or f"'{word}")
        end = match.end()
    return tokens
