"""What the job that this command line is a part of has been told of it, and where it wants a report."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ecsdeploy.model.values import value


@value(slots=True)
class Job:
    """Of one command line, from its start to its end."""

    report: str = ""
    """The file of `--junit`, as far as the command line has been understood."""
    is_told: bool = False
    """The run has ended, and has told how."""


def typed_value(words: Sequence[str], option: str) -> str:
    """The value of an option in words that nobody has understood yet; empty without one, and where several differ."""
    found = set()
    for word, after in pairwise((*words, "")):
        name, equals, text = word.partition("=")
        if name == option:
            found.add(text if equals else after)
    only = found.pop() if len(found) == 1 else ""
    return "" if only.startswith("-") else only
