"""The fenced examples of a page, and what it means for output to be as shown.

`sh`: commands that succeed. `console`: commands after `$ ` with what they print. `toml`: a scenario, or a part of one,
or our settings. Every other language is not run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"(?<!\d)\d\d:\d\d:\d\d(?!\d)")
ANYTHING = "..."
SETTINGS = "# ecs-deploy.toml\n"
"""With this line, settings begin."""
MANIFEST = "# ecs-release.toml\n"
"""With this one, a manifest does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One fenced block; `line` is that of its first line in the page."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One command and the lines shown under it; a page that shows none does not care."""

    command: str
    shown: tuple[str, ...] = ()


def fences(page: Path) -> tuple[Fence, ...]:
    text = page.read_text(encoding="utf-8")
    found = FENCE.finditer(text)
    return tuple(Fence(language=m[1], text=m[2], line=text.count("\n", 0, m.start()) + 2) for m in found)


def examples(fence: Fence) -> Iterator[Example]:
    """The commands of a `sh` or `console` block."""
    if fence.language == "sh":
        joined = fence.text.replace("\\\n", "")
        lines = (line.partition("  #")[0].strip() for line in joined.splitlines())
        yield from (Example(command=line) for line in lines if line and not line.startswith("#"))
        return
    for part in re.split(r"^\$ ", fence.text, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Example(command=command, shown=tuple(shown))


def is_as_shown(shown: tuple[str, ...], printed: str, *, any_time: bool) -> bool:
    """Whether that was printed; `...` stands for any lines or, within a line, for any text."""
    pattern = "".join(r"(?:.*\n)*?" if line == ANYTHING else _line(line) + r"\n" for line in shown)
    if any_time:
        pattern, printed = TIME.sub("hh:mm:ss", pattern), TIME.sub("hh:mm:ss", printed)
    return re.fullmatch(pattern, printed) is not None


def _line(line: str) -> str:
    return ".*".join(map(re.escape, line.split(ANYTHING)))
