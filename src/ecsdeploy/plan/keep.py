"""Which old revisions may be deregistered."""

from collections.abc import Mapping, Sequence


def sort_out(newest_first: Sequence[str], keep: int, needed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The revisions beyond the `keep` newest, each with who needs it, or an empty text: it may go. Oldest first."""
    beyond = newest_first[keep:] if keep > 0 else ()
    return tuple((revision, needed.get(revision, "")) for revision in reversed(beyond))
