"""The names that were probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, names: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """The `most` names that are most like the word, the best first; none where no name is like it."""
    # Imported here, as only a mistake needs it.
    from difflib import get_close_matches

    return tuple(get_close_matches(word, list(names), n=most))


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`Did you mean ...?`, or nothing when no name is near."""
    bare = {name.strip("-"): name for name in sorted(names)}
    found = near(word.strip("-"), bare)
    return f"Did you mean `{bare[found[0]]}`?" if found else ""
