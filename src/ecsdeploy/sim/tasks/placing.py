"""How many tasks can start now: the account's capacity, container instances, and Fargate's launch rate."""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import LAUNCH_RETRY, PLACEMENT_RETRY
from ecsdeploy.sim.state.event_texts import NO_CAPACITY, RATE_LIMITED, say_again, say_started
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Cluster, Deployment, Service
from ecsdeploy.sim.tasks.capacity import active
from ecsdeploy.sim.tasks.lifecycle import launch
from ecsdeploy.sim.tasks.order import Order


def place(region: Region, service: Service, deployment: Deployment, wanted: int) -> int:
    """Start up to `wanted` tasks of a deployment. Return how many have started.

    If there is no capacity, or Fargate throttles launches, the service says so in an event, and the scheduler tries
    again.
    """
    order = order_for(service, deployment)
    fitting = capacity_left(region, order.cluster, order.launch_type, wanted)
    if fitting < wanted:
        service.stuck = fitting == 0 and not in_motion(region, service)
        say_again(region, service, NO_CAPACITY.get(order.launch_type, NO_CAPACITY["EC2"]))
        wake(region, service, PLACEMENT_RETRY)
    fitting = _paced(region, service, order, fitting)
    if fitting <= 0:
        return 0
    deployment.launches += 1
    tasks = [launch(region, order) for _ in range(fitting)]
    for task in tasks:
        task.batch = deployment.launches
    say_started(region, service, tasks)
    return fitting


def order_for(service: Service, deployment: Deployment) -> Order:
    """What the scheduler launches for a deployment of a service."""
    return Order(
        cluster=service.cluster,
        definition=deployment.revision.definition,
        launch_type=str(service.settings.get("launchType") or "FARGATE"),
        settings=deployment.revision.settings,
        service=service,
        deployment=deployment,
    )


def capacity_left(region: Region, cluster: Cluster, launch_type: str, wanted: int) -> int:
    """How many of `wanted` tasks the account and, on EC2, the cluster's ACTIVE instances can take."""
    if launch_type == "EC2" and cluster.instances and not active(cluster):
        return 0
    return wanted if region.capacity == 0 else min(wanted, max(0, region.capacity - region.occupied()))


def _paced(region: Region, service: Service, order: Order, wanted: int) -> int:
    """How many of `wanted` tasks Fargate lets an account start now. The scheduler tries again a little later.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
    """
    if region.launches is None or order.launch_type != "FARGATE" or wanted <= 0:
        return wanted
    allowed = region.launches.take(region.now, wanted)
    if allowed < wanted:
        say_again(region, service, RATE_LIMITED)
        wake(region, service, LAUNCH_RETRY)
    return allowed


def in_motion(region: Region, service: Service) -> bool:
    """Whether a task of the service is starting or stopping."""
    now = region.now
    return any(not is_healthy(task, now) for task in service.tasks)
