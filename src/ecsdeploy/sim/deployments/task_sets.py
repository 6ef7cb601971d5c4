"""Task sets: the deployments of a service that CodeDeploy deploys.

Each version of the service has one.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html and
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
"""

from __future__ import annotations

from math import ceil

from ecsdeploy.sim.deployments import breaker
from ecsdeploy.sim.deployments.rollout import new_deployment
from ecsdeploy.sim.deployments.staffing import is_going, stop_tasks, wind_down
from ecsdeploy.sim.ground.ids import arn
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.ground.timings import AFTER_CHANGE
from ecsdeploy.sim.services.legal.configuration import set_launch_type
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.event_texts import say_protected
from ecsdeploy.sim.state.health import is_up, note_health
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service, Task, TaskSet
from ecsdeploy.sim.tasks.placing import place
from ecsdeploy.sim.tasks.protection import is_protected

# The service takes these settings from its PRIMARY task set: where tasks run, and how they are reached.
_PLACED = ("launchType", "capacityProviderStrategy")
_REACHED = ("loadBalancers", "networkConfiguration")


def create_first(region: Region, service: Service, definition: Definition) -> Deployment:
    """Create the first task set of a new service: PRIMARY, at 100 per cent."""
    deployment = create(region, service, definition, {})
    return promote(region, service, scale(region, service, deployment, ALL))


def create(region: Region, service: Service, definition: Definition, settings: Json) -> Deployment:
    """Create an ACTIVE task set at 0 per cent. `settings` take the place of the service's own."""
    deployment = new_deployment(region, service, definition)
    deployment.revision.settings.update(settings)
    if "capacityProviderStrategy" in settings:
        set_launch_type(deployment.revision.settings)
    service.deployments.append(deployment)
    return adopt(region, service, deployment)


def adopt(region: Region, service: Service, deployment: Deployment, percent: float = 0.0) -> Deployment:
    """Make a deployment a task set, at `percent`. ECS itself never completes or fails it."""
    deployment.status, deployment.rollout_state = "ACTIVE", "COMPLETED"
    deployment.task_set = TaskSet(
        arn=arn("task-set", service.cluster.name, service.name, deployment.id),
        scale=percent,
        settings=deployment.revision.settings,
        stable_at=region.now,
    )
    return deployment


def promote(region: Region, service: Service, deployment: Deployment) -> Deployment:
    """Make a task set PRIMARY. The former PRIMARY is ACTIVE from now on."""
    for other in service.deployments:
        if other.status == "PRIMARY":
            other.status, other.updated_at = "ACTIVE", region.now
    deployment.status, deployment.updated_at = "PRIMARY", region.now
    service.deployments = [deployment, *(d for d in service.deployments if d is not deployment)]
    own = {name: value for name, value in service.settings.items() if name not in _PLACED}
    served = {name: value for name, value in deployment.revision.settings.items() if name in (*_PLACED, *_REACHED)}
    service.settings = own | served
    return deployment


def scale(region: Region, service: Service, deployment: Deployment, percent: float) -> Deployment:
    """Set the scale of a task set: its per cent of the service's desired count."""
    task_set = set_of(deployment)
    task_set.scale, task_set.stable = percent, False
    deployment.updated_at = task_set.stable_at = region.now
    deployment.desired = computed(service, deployment)
    wake(region, service, AFTER_CHANGE)
    return deployment


def retire(region: Region, service: Service, deployment: Deployment) -> None:
    """Scale a task set to zero. It is DRAINING until its tasks are gone, then it disappears."""
    scale(region, service, deployment, 0.0).status = "DRAINING"


def set_of(deployment: Deployment) -> TaskSet:
    """What the deployment has as a task set. TypeError if it is not a task set."""
    if deployment.task_set is None:
        raise TypeError(f"{deployment.id} is no task set")
    return deployment.task_set


def computed(service: Service, deployment: Deployment) -> int:
    """The desired count of a task set: that of the service times the scale, rounded up."""
    return ceil(service.desired * set_of(deployment).scale / 100)


def hand_over(region: Region, service: Service) -> None:
    """Let ECS deploy the service from now on. The PRIMARY task set becomes its last completed deployment."""
    service.controller, primary = "ECS", service.primary
    primary.task_set, primary.updated_at = None, region.now
    primary.rollout_reason = f"ECS deployment {primary.id} completed."
    service.last_completed, service.steady = primary, True


def look(region: Region, service: Service) -> None:
    """Look once at a service whose deployments are task sets."""
    if service.status != "ACTIVE":
        wind_down(region, service)
        return
    breaker.count(region, service)
    for deployment in service.deployments:
        deployment.tasks = [t for t in deployment.tasks if t.stopped_at is None or (t.failed and not t.counted)]
        _tend(region, service, deployment)
    service.deployments[1:] = [d for d in service.sources if d.tasks or d.status != "DRAINING"]
    note_health(region, service)


def _tend(region: Region, service: Service, deployment: Deployment) -> None:
    """Start what a task set lacks, stop what is too much or unhealthy, and note whether it is stable."""
    wanted = deployment.desired = computed(service, deployment)
    held = [t for t in deployment.tasks if t.stopped_at is None and (t.wanted or t.failed) and not is_going(t)]
    started = 0
    if len(held) < wanted and region.now >= deployment.not_before:
        started = place(region, service, deployment, wanted - len(held))
    elif len(held) < wanted:
        wake(region, service, deployment.not_before - region.now)
    leaving = [t for t in deployment.tasks if t.wanted and is_going(t)]
    leaving += _surplus(region, service, deployment, [t for t in held if t.wanted])[: max(0, len(held) - wanted)]
    for task in leaving:
        if task.condemned:
            breaker.count_replaced(deployment, task)
    stop_tasks(region, service, leaving)
    _note_stability(region, deployment, moved=bool(started or leaving))


def _surplus(region: Region, service: Service, deployment: Deployment, held: list[Task]) -> list[Task]:
    """The tasks that may be stopped, in order: pending before running, older before newer. Protected tasks stay."""
    free = [task for task in held if not is_protected(task, region.now)]
    if len(held) - len(free) > deployment.desired:
        say_protected(region, service, deployment)
    return sorted(free, key=lambda task: (task.last_status == "RUNNING", task.created_at, task.id))


def _note_stability(region: Region, deployment: Deployment, *, moved: bool) -> None:
    """Note whether the task set is in STEADY_STATE: the computed number of tasks runs and passes its checks."""
    task_set = set_of(deployment)
    up = sum(map(is_up, deployment.tasks))
    stable = not moved and up == deployment.desired == sum(task.wanted for task in deployment.tasks)
    if stable is not task_set.stable:
        task_set.stable, task_set.stable_at = stable, region.now
