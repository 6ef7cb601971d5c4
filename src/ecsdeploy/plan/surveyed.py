"""What the reads before a release add to its plan besides findings: images as they are now, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.steps import Plan, Usual
from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.model.values import replace


def surveyed(plan: Plan, images: Mapping[str, StoredImage | None], durations: Sequence[float]) -> Plan:
    """The plan with what is known: `images` by reference, `durations` in seconds of releases that succeeded."""
    changes = tuple(_stored(each, images.get(each.after)) for each in plan.changes)
    return replace(plan, changes=changes, usual=usual(durations))


def usual(durations: Sequence[float]) -> Usual | None:
    """The median; of an even number, the longer one of the two in the middle."""
    if not durations:
        return None
    return Usual(seconds=sorted(durations)[len(durations) // 2], of=len(durations))


def _stored(change: ImageChange, image: StoredImage | None) -> ImageChange:
    return change if image is None else replace(change, digest=image.digest, platforms=image.platforms)
