"""What gathering found out: the input of a plan."""

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The definition that the edits start from, and what is in use.

    `base` has no ARN when it was read from a file; `current` is the ARN of the revision in use, or described.
    """

    base: TaskDefinition
    current: str
    newest: TaskDefinition | None = None
    """The family's newest ACTIVE revision, where it was read."""
