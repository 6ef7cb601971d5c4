"""Screens that were reviewed: a few are kept whole, and of the others what is their own.

Of a line that stands on a whole screen too, another one keeps `⋮` and so much of its beginning as names it among all
lines of the whole ones. A message that changes is then reviewed on the whole screens that have it, and nowhere else; a
line that comes, goes, moves or becomes another one is seen on each. JSON is kept one member a line.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

MARK = "⋮"
_HEADS = ("--- ", "{")


@dataclass(frozen=True)
class Goldens:
    """A folder of screens; `draw` has each by its name as it is drawn now, and those of `whole` are kept whole."""

    folder: Path
    draw: Mapping[str, Callable[[], str]]
    whole: Collection[str]

    def kept(self, name: str) -> str:
        """What is kept of a screen as it is drawn now."""
        drawn = self.draw[name]()
        if name in self.whole:
            return drawn
        return "".join(self._kept(line) for line in drawn.splitlines(keepends=True))

    def _kept(self, line: str) -> str:
        if line.startswith("{"):
            return json.dumps(json.loads(line), indent=1, ensure_ascii=False) + "\n"
        return f"{MARK}{self._names[line]}\n" if line in self._names else line

    def reviewed(self, name: str) -> str:
        return (self.folder / f"{name}.txt").read_text(encoding="utf-8")

    def names(self) -> set[str]:
        """The screens that have been reviewed."""
        return {path.stem for path in self.folder.iterdir()}

    def write(self) -> None:
        """Write all of them anew, to be reviewed."""
        self.folder.mkdir(exist_ok=True)
        for name in self.draw:
            (self.folder / f"{name}.txt").write_text(self.kept(name), encoding="utf-8")

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """What names each line of the whole screens."""
        return named(line for name in self.whole for line in self.draw[name]().splitlines(keepends=True))


def named(lines: Iterable[str]) -> Mapping[str, str]:
    """The shortest beginning of whole words that no other line has, by line; none for what is too short to be left."""
    known = {line for line in lines if line.strip() and not line.startswith(_HEADS)}
    begun = Counter(beginning for line in known for beginning in _beginnings(line))
    found = {line: next((each for each in _beginnings(line) if begun[each] == 1), "") for line in known}
    return {line: name for line, name in found.items() if name and len(name) < len(line.rstrip())}


def _beginnings(line: str) -> list[str]:
    """With one word, two words, and so on, as they are indented."""
    indented = line[: len(line) - len(line.lstrip())]
    words = accumulate(line.split(), "{} {}".format)
    return [indented + each for each in words]
