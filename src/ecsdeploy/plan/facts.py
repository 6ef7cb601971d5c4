"""What gathering found out: the input of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

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
