"""One table of a scenario file.

We take its keys one by one, and name each mistake with file, line and key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any, NoReturn

from ecsdeploy.sim.ground.errors import ScenarioError
from ecsdeploy.sim.scenario.lines import Part, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text of a scenario, and where it came from. Without `content`, messages have no line."""

    source: str
    content: str = ""

    def fail(self, path: Sequence[Part], problem: str) -> NoReturn:
        line = f", line {line_of(self.content, path)}" if self.content else ""
        raise ScenarioError(f"{self.source}{line}: {problem}")


@dataclass(slots=True)
class Table:
    """A TOML table at `path`. After all keys are taken, `done` refuses the others."""

    text: Text
    path: tuple[Part, ...]
    values: Mapping[str, Any]
    _asked: list[str] = field(default_factory=list)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fail(self, key: str, problem: str) -> NoReturn:
        self.text.fail((*self.path, key), problem)

    def string(self, key: str, default: str | None = None) -> str:
        value = self._take(key, (str,), "text", default)
        return str(value)

    def integer(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        value = self._take(key, (int,), "a whole number", default)
        if value < least:
            self.fail(key, f"`{key}` must be {least} or more, not {value}.")
        return int(value)

    def number(self, key: str, default: float | None = None) -> float:
        value = self._take(key, (int, float), "a number", default)
        if not isfinite(value):
            self.fail(key, f"`{key}` must be a number.")
        if value < 0:
            self.fail(key, f"`{key}` must not be negative.")
        return float(value)

    def optional_number(self, key: str) -> float | None:
        return self.number(key) if self._present(key) else None

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._take(key, (bool,), "true or false", default))

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        value = self.string(key, default)
        if value not in allowed:
            self.fail(key, f"`{key}` cannot be {value!r}; {closest(value, allowed)}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        values = self._take(key, (list,), "a list of texts", [])
        if not all(isinstance(value, str) for value in values):
            self.fail(key, f"`{key}` must be a list of texts.")
        return tuple(values)

    def raw(self, key: str) -> Mapping[str, Any]:
        """A table with AWS's members, as it is."""
        value: Mapping[str, Any] = self._take(key, (dict,), "a table", {})
        return value

    def table(self, key: str) -> Table:
        return Table(self.text, (*self.path, key), self.raw(key))

    def tables(self, key: str) -> list[Table]:
        values = self._take(key, (list,), "a list of tables", [])
        if not all(isinstance(value, dict) for value in values):
            self.fail(key, f"`{key}` must be a list of tables.")
        return [Table(self.text, (*self.path, key, index), value) for index, value in enumerate(values)]

    def members(self) -> Iterator[tuple[str, Table]]:
        """Every member as a table, with its key."""
        for key in self.values:
            yield key, self.table(key)

    def known(self, *keys: str) -> None:
        """Allow these keys, although nobody took them."""
        self._asked += [key for key in keys if key not in self._asked]

    def done(self) -> None:
        """ScenarioError for the first key that nobody took."""
        for key in self.values:
            if key not in self._asked:
                self.fail(key, f"{self._title()} has no key `{key}`; {closest(key, self._asked)}")

    def _title(self) -> str:
        names = [step for step in self.path if isinstance(step, str)]
        return f"`{'.'.join(names)}`" if names else "A scenario"

    def _present(self, key: str) -> bool:
        if key not in self._asked:
            self._asked.append(key)
        return key in self.values

    def _take(self, key: str, types: tuple[type, ...], kind: str, default: Any) -> Any:
        if not self._present(key):
            if default is None:
                self.fail(key, f"{self._title()} needs the key `{key}`.")
            return default
        value = self.values[key]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            self.fail(key, f"`{key}` must be {kind}.")
        return value


def closest(word: str, allowed: Sequence[str]) -> str:
    """A sentence with the nearest valid word, or with all of them."""
    close = get_close_matches(word, allowed, n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else f"possible: {', '.join(f'`{a}`' for a in allowed)}."
