"""What the CI job around a command line wants and has been told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ecsdeploy.model.values import value


@value(slots=True)
class Job:
    """The job's wish and knowledge about one command line."""

    report: str = ""
    """The file of `--junit`, as far as we have understood the command line; empty without one."""
    is_told: bool = False
    """Whether the run has reported how it ended."""


def typed_value(words: Sequence[str], option: str) -> str:
    """The value of an option in words that we have not read yet; empty without one, or if several differ."""
    found = set()
    for word, after in pairwise((*words, "")):
        name, equals, text = word.partition("=")
        if name == option:
            found.add(text if equals else after)
    only = found.pop() if len(found) == 1 else ""
    return "" if only.startswith("-") else only
