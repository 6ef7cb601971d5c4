"""Reads the words of the flag form as the bash script reads them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import field

from ecsdeploy.cli.exits import ScriptError, ScriptExit
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import by_name
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean
from ecsdeploy.model.values import value

ENDS_READING = frozenset({"version", "help"})


def read_flags(words: Sequence[str]) -> Given:
    """The options in `words`. We skip empty words, and all words after `--version` or `--help`.

    Raises a `UsageError`, or a `ScriptError` with the script's exit code, for a word that is wrong.
    """
    reader = _Reader(rest=deque(words))
    while reader.rest and not ENDS_READING & reader.values.keys():
        reader.take(reader.rest.popleft())
    return Given({key: tuple(texts) for key, texts in reader.values.items()}, reader.origins)


@value(slots=True)
class _Reader:
    rest: deque[str]
    values: dict[str, list[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=by_name)

    def take(self, word: str) -> None:
        if not word:
            return
        name, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = self.options.get(name)
        if option is None:
            raise _unknown(name, self.options, hides=self._hides)
        self.values.setdefault(option.key, []).append(self._value(option, name, text if equals else None))
        self.origins[option.key] = f"`{name}`"

    @property
    def _hides(self) -> bool:
        """Whether a secret value was typed: the next word may be the rest of it."""
        return any(option.secret and option.key in self.values for option in self.options.values())

    def _value(self, option: Option, name: str, attached: str | None) -> str:
        if option.is_switch:
            if attached is not None:
                raise UsageError(f"`{name}` is a switch and takes no value.", hint=f"Write `{name}` alone.")
            return "true"
        if attached is not None:
            return attached
        if option.bare and (not self.rest or self.rest[0].startswith("-")):
            return option.bare
        if not self.rest:
            raise UsageError(f"`{name}` needs a value: {option.metavar}.", hint=option.help)
        return self.rest.popleft()


def _unknown(word: str, names: dict[str, Option], *, hides: bool) -> ScriptError:
    from ecsdeploy.cli.script.help import flag_help

    if hides and not word.startswith("-"):
        what, hint = "A word is not an option of the flag form.", "A value with a blank needs quotes."
    else:
        what, hint = f"`{word}` is not an option of the flag form.", did_you_mean(word, names)
    return ScriptError(ScriptExit.USAGE, said=flag_help(), message=what, hint=hint)
