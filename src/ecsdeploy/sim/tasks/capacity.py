"""Where a task runs: on which container instance, or with which capacity provider of Fargate.

A cluster gets two container instances, in two zones, with its first task on EC2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ecsdeploy.sim.ground.ids import REGION, arn
from ecsdeploy.sim.state.containers import Instance
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Json, Task

_FIRST = 0xEC2
_ZONES = "ab"


def choose_instance(region: Region, cluster: Cluster) -> Instance:
    """The ACTIVE instance with the fewest tasks so far. The first task of a cluster registers its instances.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html (spread)
    """
    if not cluster.instances:
        _enlist(region, cluster)
    instance = min(active(cluster) or cluster.instances.values(), key=lambda i: i.placed)
    instance.placed += 1
    return instance


def active(cluster: Cluster) -> list[Instance]:
    """The cluster's instances that take new tasks."""
    return [instance for instance in cluster.instances.values() if instance.status == "ACTIVE"]


def _enlist(region: Region, cluster: Cluster) -> None:
    for number, zone in enumerate(_ZONES):
        identity = f"{_FIRST + number:032x}"
        cluster.instances[identity] = Instance(
            arn=arn("container-instance", cluster.name, identity),
            id=f"i-{_FIRST + number:017x}",
            zone=f"{REGION}{zone}",
            registered_at=region.now,
        )


def choose_provider(strategy: list[Json] | None, present: Iterable[Task]) -> str | None:
    """The capacity provider for one more task. None without a strategy.

    First each provider gets its base. Then the provider gets the task that is furthest below its weight.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
    """
    if not strategy:
        return None
    counts = Counter(task.provider for task in present if task.wanted)
    based = next((i for i in strategy if counts[i["capacityProvider"]] < i.get("base", 0)), None)
    chosen = based or min(strategy, key=lambda item: _fill(item, counts))
    return str(chosen["capacityProvider"])


def _fill(item: Json, counts: Counter[str | None]) -> float:
    """How full the provider would be, by its weight, with one more task. A provider of weight 0 takes none."""
    weight = item.get("weight", 1)
    beyond = counts[item["capacityProvider"]] - item.get("base", 0)
    return (beyond + 1) / weight if weight else float("inf")
