"""The tags that a task is born with: its own, those propagated to it, and those that ECS manages.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecsdeploy.sim.state.service import Json

if TYPE_CHECKING:
    from ecsdeploy.sim.tasks.lifecycle import Order


def tags_of(order: Order) -> list[Json]:
    """A tag given to RunTask goes before one of the same key that is propagated."""
    found = {tag.get("key"): tag for tag in (*_managed(order), *_propagated(order), *_own(order))}
    return list(found.values())


def _own(order: Order) -> list[Json]:
    return list(order.settings.get("tags") or []) if order.service is None else []


def _propagated(order: Order) -> list[Json]:
    match order.settings.get("propagateTags"):
        case "TASK_DEFINITION":
            return order.definition.tags
        case "SERVICE" if order.service is not None:
            return order.service.tags
        case _:
            return []


def _managed(order: Order) -> list[Json]:
    if not order.settings.get("enableECSManagedTags"):
        return []
    tags = [{"key": "aws:ecs:clusterName", "value": order.cluster.name}]
    if order.service is not None:
        tags.append({"key": "aws:ecs:serviceName", "value": order.service.name})
    return tags
