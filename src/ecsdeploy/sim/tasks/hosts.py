"""Hosts that are taken back: Spot interruptions at once, drained instances once the tasks are replaced.

Neither counts as a failure of a deployment.
"""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Instance, Service, Task
from ecsdeploy.sim.tasks import ending

_INTERRUPTED = "Your Spot Task was interrupted."


def interrupt(region: Region, service: Service, count: int) -> None:
    """Fargate Spot takes the hosts of the oldest tasks back; they are told to stop at once.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
    """
    for task in _oldest(service)[:count]:
        ending.stop(region, task, "SpotInterruption", _INTERRUPTED)


def evict(region: Region, service: Service, count: int) -> None:
    """The hosts of the oldest tasks are to be drained."""
    _evict(region, service, _oldest(service)[:count])


def drain_instance(region: Region, cluster: Cluster, instance: Instance) -> None:
    """An instance that is DRAINING gets no new task, and the tasks of services on it are replaced elsewhere.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
    """
    instance.status = "DRAINING"
    for service in cluster.services.values():
        _evict(region, service, [task for task in service.tasks if task.wanted and task.instance is instance])


def _evict(region: Region, service: Service, tasks: list[Task]) -> None:
    for task in tasks:
        task.evicted = True
    if tasks:
        wake(region, service, AFTER_CHANGE)


def _oldest(service: Service) -> list[Task]:
    return sorted((t for t in service.tasks if t.wanted and not t.evicted), key=lambda t: (t.created_at, t.id))


def leaving(region: Region, tasks: Sequence[Task], spare: int) -> list[Task]:
    """Which evicted ones of `tasks` may go now: all that serve nobody, and as many others as can be spared.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
    """
    going = [task for task in tasks if task.evicted and task.wanted]
    idle = [task for task in going if not is_healthy(task, region.now)]
    serving = [task for task in going if is_healthy(task, region.now)]
    return idle + serving[: max(0, spare)]
