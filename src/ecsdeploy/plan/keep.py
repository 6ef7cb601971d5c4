"""Which old revisions may be deregistered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecsdeploy.model.arn import revision_name


def sort_out(newest_first: Sequence[str], keep: int, needed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The revisions beyond the `keep` newest, each with who needs it, or an empty text: it may go. Oldest first.

    `needed` has revisions by ARN or as `family:revision`: they are all of one account and Region.
    """
    beyond = newest_first[keep:] if keep > 0 else ()
    by = {revision_name(revision): user for revision, user in needed.items()}
    return tuple((revision, by.get(revision_name(revision), "")) for revision in reversed(beyond))
