"""When a ROLLING deployment completes: bake time and early success criteria.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
"""

from __future__ import annotations

from math import ceil

from ecsdeploy.sim.deployments import rollout
from ecsdeploy.sim.deployments.rollout import current
from ecsdeploy.sim.ground.timings import ALARM_BAKE
from ecsdeploy.sim.services.replies.service import counts
from ecsdeploy.sim.state.health import is_healthy
from ecsdeploy.sim.state.next_look import wake
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json, Service, ServiceDeployment
from ecsdeploy.sim.traffic.alarms import watched


def is_due(region: Region, service: Service, *, full: bool, clean: bool) -> bool:
    """Whether the deployment completes now.

    `full` says that the new deployment has its desired count, `clean` that no task of a former one still runs.
    """
    record = current(service)
    criteria = early(record)
    if record is None or criteria is None:
        return full and clean and (record is None or is_baked(region, service, record))
    if not is_enough(region, service, criteria) or not is_baked(region, service, record):
        return False
    return clean or criteria["sourceServiceRevisionCleanup"] == "DEFERRED"


def early(record: ServiceDeployment | None) -> Json | None:
    """The early success criteria of a deployment. None if it has none, and for a rollback."""
    if record is None or record.rollback is not None:
        return None
    criteria: Json = record.configuration.get("earlySuccessCriteria") or {}
    return criteria if criteria.get("enable") else None


def is_enough(region: Region, service: Service, criteria: Json) -> bool:
    """Whether enough tasks are healthy for early success."""
    healthy = sum(is_healthy(task, region.now) for task in service.primary.tasks)
    return healthy >= required(service.desired, criteria["healthyPercent"])


def required(desired: int, percent: float) -> int:
    """How many healthy tasks the criteria ask for: so many per cent, rounded up, one at least."""
    return min(desired, max(1, ceil(desired * percent / 100)))


def is_baked(region: Region, service: Service, record: ServiceDeployment) -> bool:
    """Whether the bake time is over. It begins at the first look at which nothing else is missing."""
    if record.rollback is not None:
        return True
    if record.bake_ends is None:
        record.bake_ends = region.now + bake_seconds(region, record)
    if region.now < record.bake_ends:
        wake(region, service, record.bake_ends - region.now)
        return False
    return True


def bake_seconds(region: Region, record: ServiceDeployment) -> float:
    """The bake time in seconds.

    A deployment with alarms and without `bakeTimeInMinutes` gets a time that ECS computes. A rollback bakes for none.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """
    minutes = float(record.configuration.get("bakeTimeInMinutes") or 0)
    if minutes and (region.switches.rolling_bake == "settable" or watched(record.configuration)):
        return minutes * 60
    return ALARM_BAKE if record.alarm_status == "MONITORING" else 0.0


def complete(region: Region, service: Service, *, full: bool) -> None:
    """Complete the deployment. `full` says that all its tasks are healthy and all former tasks are gone.

    If it completes early, its task counts in DescribeServiceDeployments stay as they are now.
    """
    record = current(service)
    if record is not None and early(record) is not None:
        record.frozen = {deployment.revision.arn: counts(deployment) for deployment in service.deployments}
    rollout.complete(region, service, full=full)
