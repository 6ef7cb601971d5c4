"""Whether a stored definition is the one that was sent: how a write whose reply was lost is settled."""

from __future__ import annotations

from ecsdeploy.model.difference import covers
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.kept import plain


def is_content_of(stored: TaskDefinition, sent: TaskDefinition) -> bool:
    """True when every member sent stands in `stored` with the same value; ECS may have added defaults.

    Sizes are compared as ECS keeps them: `1 vCPU` is 1024.
    """
    return covers(plain(stored).payload, plain(sent).registration())


def is_same_content(one: TaskDefinition, other: TaskDefinition) -> bool:
    """True when each is the content of the other: nothing was added, changed or taken away, defaults aside."""
    return is_content_of(one, other) and is_content_of(other, one)
