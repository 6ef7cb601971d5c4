"""Whether a stored definition is the one that was sent: how a write whose reply was lost is settled."""

from ecsdeploy.model.difference import covers
from ecsdeploy.model.taskdef import TaskDefinition


def is_content_of(stored: TaskDefinition, sent: TaskDefinition) -> bool:
    """True when every member sent stands in `stored` with the same value; ECS may have added defaults."""
    return covers(stored.payload, sent.registration())


def is_same_content(one: TaskDefinition, other: TaskDefinition) -> bool:
    """True when each is the content of the other: nothing was added, changed or taken away, defaults aside."""
    return is_content_of(one, other) and is_content_of(other, one)
