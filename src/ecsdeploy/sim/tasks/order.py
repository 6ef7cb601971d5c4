"""What to launch, and the tags of a new task: its own, propagated ones, and those that ECS manages.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.service import Cluster, Deployment, Json, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to launch. RunTask has neither service nor deployment."""

    cluster: Cluster
    definition: Definition
    launch_type: str
    settings: Json
    service: Service | None = None
    deployment: Deployment | None = None


def tags_of(order: Order) -> list[Json]:
    """The tags of a new task. Of two with the same key, the one that RunTask gave wins over a propagated one."""
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
