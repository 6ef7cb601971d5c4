"""AWS takes back the hosts of tasks.

Spot interrupts tasks at once. A drained instance waits until they are replaced.

The circuit breaker counts neither as a failure.
"""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.state.containers import Instance
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Service, Task
from ecsdeploy.sim.tasks import ending

_INTERRUPTED = "Your Spot Task was interrupted."


def interrupt(region: Region, service: Service, count: int) -> None:
    """Interrupt the oldest tasks, as Fargate Spot does when it takes back their hosts. They stop at once.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
    """
    for task in _oldest(service)[:count]:
        ending.stop(region, task, "SpotInterruption", _INTERRUPTED)


def evict(region: Region, service: Service, count: int) -> None:
    """Have the oldest tasks replaced, because their hosts are being drained."""
    _evict(region, service, _oldest(service)[:count])


def drain_instance(region: Region, cluster: Cluster, instance: Instance) -> None:
    """Drain a container instance: it gets no new task, and its tasks of services are replaced elsewhere.

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
    """The evicted ones of `tasks` that may stop now: all that are not healthy, and up to `spare` healthy ones.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
    """
    going = [task for task in tasks if task.evicted and task.wanted]
    idle = [task for task in going if not is_healthy(task, region.now)]
    serving = [task for task in going if is_healthy(task, region.now)]
    return idle + serving[: max(0, spare)]
