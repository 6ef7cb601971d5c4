"""The deployment circuit breaker: what it counts, and when it trips.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
"""

from __future__ import annotations

from math import ceil

from ecsdeploy.sim.deployments.failures import tripped
from ecsdeploy.sim.deployments.rollout import current, fail
from ecsdeploy.sim.ground.timings import START_FAILURE_GAPS, THROTTLED_GAP
from ecsdeploy.sim.state.event_texts import THROTTLED, say_again
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Json, Service, Task
from ecsdeploy.sim.tasks.digests import failed_to_resolve

_LEAST, _MOST = 3, 200


def threshold(configuration: Json, desired: int) -> int:
    """How many failures trip the breaker, at this desired count."""
    setting = breaker_of(configuration)["thresholdConfiguration"]
    value: float = setting["value"]
    share = ceil(value * desired / 100)
    match setting["type"]:
        case "COUNT":
            return int(value)
        case "UNBOUNDED_PERCENT":
            return share
        case _:
            return min(max(share, _LEAST), _MOST)


def breaker_of(configuration: Json) -> Json:
    return dict(configuration["deploymentCircuitBreaker"])


def is_on(region: Region, service: Service) -> bool:
    """Whether the breaker is on for this service.

    AWS's documentation has it for ROLLING alone. The switch `breaker_outside_rolling` decides for the other strategies.
    """
    configuration = service.settings["deploymentConfiguration"]
    applies = configuration["strategy"] == "ROLLING" or region.switches.breaker_outside_rolling
    return applies and bool(breaker_of(configuration)["enable"])


def is_due(region: Region, service: Service) -> bool:
    """Whether the deployment in progress has reached the threshold."""
    primary, configuration = service.primary, service.settings["deploymentConfiguration"]
    if primary.rollout_state != "IN_PROGRESS" or not is_on(region, service):
        return False
    reached = primary.failures >= max(threshold(configuration, service.desired), 1)
    return reached or failed_to_resolve(region, primary)


def trip(region: Region, service: Service) -> None:
    """Fail the deployment in progress."""
    record = current(service)
    if record is not None and record.rollback is None:
        record.breaker_status = "TRIGGERED"
    fail(region, service, tripped(service.settings["deploymentConfiguration"]))


def count(region: Region, service: Service) -> None:
    """Count every task that failed since the last look, and reset the counts if a task is healthy."""
    primary = service.primary
    for deployment in service.deployments:
        for task in deployment.tasks:
            if task.failed and not task.counted and task.stopped_at is not None:
                _count_failure(region, service, deployment, task)
    now = region.now
    if primary.failed_tasks or primary.failures:
        _reset(service, any(is_healthy(task, now) for task in primary.tasks))
    show(region, service)


def count_replaced(deployment: Deployment, task: Task) -> None:
    """Count a task that is stopped because it was unhealthy."""
    task.counted = True
    deployment.failures += 1
    deployment.failed_tasks += 1


def _count_failure(region: Region, service: Service, deployment: Deployment, task: Task) -> None:
    count_replaced(deployment, task)
    if task.stop_code == "TaskFailedToStart" and task.batch > deployment.failed_round:
        deployment.failed_round = task.batch
        _lengthen_gap(region, service, deployment, task)


def _lengthen_gap(region: Region, service: Service, deployment: Deployment, task: Task) -> None:
    """Make the gap longer before the next launch. It is 27 minutes at most.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
    """
    gap = START_FAILURE_GAPS[min(deployment.rounds, len(START_FAILURE_GAPS) - 1)]
    deployment.rounds += 1
    deployment.not_before = (task.stopped_at or region.now) + gap
    if gap >= THROTTLED_GAP:
        say_again(region, service, THROTTLED)


def _reset(service: Service, any_healthy: bool) -> None:
    """Clear `failedTasks` if a task is healthy, and the breaker's count too unless `resetOnHealthyTask` is off."""
    if not any_healthy:
        return
    service.primary.failed_tasks = 0
    if breaker_of(service.settings["deploymentConfiguration"])["resetOnHealthyTask"]:
        service.primary.failures = 0


def show(region: Region, service: Service) -> None:
    """Copy the count into the current service deployment. A rollback keeps what was counted before it."""
    record = current(service)
    if record is None or record.rollback is not None:
        return
    record.failures = service.primary.failures
    record.threshold = threshold(service.settings["deploymentConfiguration"], service.desired)
    record.breaker_status = "MONITORING" if is_on(region, service) else "DISABLED"
