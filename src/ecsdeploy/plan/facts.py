"""What was read before a release: the input of its plan, and the details that the plan shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.steps import Finding, Plan, Usual
from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import Route
    from ecsdeploy.model.express import Express


@value(frozen=True, slots=True, kw_only=True)
class Facts:
    """The task definition that the edits start from, and what else was read. None and empty mean: not known."""

    base: TaskDefinition
    """The definition that the edits start from. It has no ARN if it was read from a file."""
    current: str
    """The ARN of the revision in use or, for `register`, of the one that was read."""
    running: TaskDefinition | None = None
    """The definition that the service has."""
    newest: TaskDefinition | None = None
    """The family's newest ACTIVE revision."""
    known_good: str = ""
    """The last revision that was released successfully. We look for it only if the service itself does not list one."""
    routes: tuple[Route, ...] = ()
    """CodeDeploy's deployment groups for the service."""
    express: Express | None = None
    """What Express mode shows of the service; None unless it manages the service."""
    gates: Mapping[str, TaskDefinition] = field(default_factory=dict)
    """The definitions of other families whose tasks decide about the release, by the name that the user gave."""
    findings: tuple[Finding, ...] = ()
    """The findings of the deployer, about its own part of the release. Only CodeDeploy has any."""


def with_details(plan: Plan, images: Mapping[str, StoredImage | None], durations: Sequence[float]) -> Plan:
    """The plan with digests and platforms of its images, and the usual duration of a release.

    `images` are by reference, and `durations` are those of successful releases, in seconds.
    """
    changes = tuple(_stored(each, images.get(each.after)) for each in plan.changes)
    return replace(plan, changes=changes, usual=usual(durations))


def usual(durations: Sequence[float]) -> Usual | None:
    """The median of the durations, in seconds; of an even number, the longer one of the two in the middle."""
    if not durations:
        return None
    return Usual(seconds=sorted(durations)[len(durations) // 2], of=len(durations))


def _stored(change: ImageChange, image: StoredImage | None) -> ImageChange:
    return change if image is None else replace(change, digest=image.digest, platforms=image.platforms)
