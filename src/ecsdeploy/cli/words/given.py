"""What was typed (or set): the raw texts of the options, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True)
class Given:
    """The occurrences of each option in order; an empty text counts as not given, a switch has the text `true`."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The last occurrence, or nothing."""
        return (self.values.get(key) or ("",))[-1]

    def texts(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    def has(self, key: str) -> bool:
        return bool(self.text(key))

    def origin(self, key: str) -> str:
        """How to name the option to whoever gave it: `` `-t` ``, `` `ECS_DEPLOY_TIMEOUT` ``."""
        return self.origins.get(key, f"`{key}`")


def first_word(words: Sequence[str]) -> str:
    """The first argument that is not empty, where it is no option."""
    first = next(filter(None, words), "")
    return "" if first.startswith("-") else first
