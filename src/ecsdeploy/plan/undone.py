"""Finds the successful releases that a later release of an older revision has undone."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.model.arn import is_older
from ecsdeploy.model.service import PastDeployment


def undone(newest_first: Sequence[PastDeployment]) -> frozenset[str]:
    """The ids of the successful deployments that were undone: a later release has returned to a revision before them.

    A return to a higher number undoes nothing: it is a step forward.
    """
    good = [each for each in newest_first if each.has_succeeded and each.revision]
    left = set[str]()
    for at, newer in enumerate(good):
        revisions = [each.revision for each in good[at + 1 :]]
        if newer.revision in revisions:
            between = good[at + 1 : at + 1 + revisions.index(newer.revision)]
            left |= {each.deployment_id for each in between if not is_older(each.revision, newer.revision)}
    return frozenset(left)
