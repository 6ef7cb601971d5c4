"""The texts of the options as they were typed or set, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ecsdeploy.model.values import value


@value(frozen=True, slots=True)
class Given:
    """All texts of each option, by its key, in order. An empty text counts as not given; a switch has `true`."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The last text of the option, or an empty text."""
        return (self.values.get(key) or ("",))[-1]

    def texts(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    def has(self, key: str) -> bool:
        return bool(self.text(key))

    def origin(self, key: str) -> str:
        """The option as the user gave it, for messages: `` `-t` ``, `` `ECS_DEPLOY_TIMEOUT` ``."""
        return self.origins.get(key, f"`{key}`")


def first_word(words: Sequence[str]) -> str:
    """The first word that is not empty; an empty text if that is an option."""
    first = next(filter(None, words), "")
    return "" if first.startswith("-") else first
