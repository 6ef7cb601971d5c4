"""Container instances: two in every cluster that has run a task on EC2, in two zones, filled in turn."""

from __future__ import annotations

from ecsdeploy.sim.ground.ids import REGION, arn
from ecsdeploy.sim.state.service import Cluster, Instance, Region

_FIRST = 0xEC2
_ZONES = "ab"


def choose(region: Region, cluster: Cluster) -> Instance:
    """The ACTIVE instance that has been given the fewest tasks; a cluster's first task brings its instances along.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html (spread)
    """
    if not cluster.instances:
        _enlist(region, cluster)
    instance = min(active(cluster) or cluster.instances.values(), key=lambda i: i.placed)
    instance.placed += 1
    return instance


def active(cluster: Cluster) -> list[Instance]:
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
