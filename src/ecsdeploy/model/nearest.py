"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`Did you mean ...?`, or nothing when no name is near."""
    from difflib import get_close_matches

    bare = {name.strip("-"): name for name in sorted(names)}
    found = get_close_matches(word.strip("-"), bare, n=1)
    return f"Did you mean `{bare[found[0]]}`?" if found else ""
