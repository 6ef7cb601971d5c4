"""What was read before a release: the input of its plan, and what is told in it besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.steps import Plan, Usual
from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import Route


@value(frozen=True, slots=True, kw_only=True)
class Facts:
    """The definition that the edits start from, and what is in use.

    `base` has no ARN when it was read from a file; `current` is the ARN of the revision in use, or described.
    `routes` are CodeDeploy's deployment groups of the service, where it is deployed by CodeDeploy.
    """

    base: TaskDefinition
    current: str
    running: TaskDefinition | None = None
    """What the service runs, where that was read."""
    newest: TaskDefinition | None = None
    """The family's newest ACTIVE revision, where it was read."""
    known_good: str = ""
    """The revision that was released with success last, where the service's own list does not tell."""
    routes: tuple[Route, ...] = ()


def with_details(plan: Plan, images: Mapping[str, StoredImage | None], durations: Sequence[float]) -> Plan:
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
