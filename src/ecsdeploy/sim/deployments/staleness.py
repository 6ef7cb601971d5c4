"""A scheduler that acts on an old view of its service, where a world is told to have one.

Measured twice (captures of us-east-1, September 2026, github.com/radkawar/stackd): a desired count raised within ten
seconds of a new deployment started one task of the former revision, which was stopped 9-18 seconds later.
"""

from __future__ import annotations

from ecsdeploy.sim.deployments.staffing import stop_tasks
from ecsdeploy.sim.state.service import Region, Service, Task
from ecsdeploy.sim.tasks.placing import place

_FRESH, _NOTICED = 15.0, 12.0


def start_stale(region: Region, service: Service) -> None:
    """One task of the former revision; the scheduler finds out soon."""
    former = next((d for d in service.sources if d.rollout_state == "COMPLETED"), None)
    if former is None or region.now - service.primary.created_at > _FRESH:
        return
    if place(region, service, former, 1):
        task = former.tasks[-1]
        region.clock.after(_NOTICED, lambda: _stop(region, service, task))


def _stop(region: Region, service: Service, task: Task) -> None:
    if task.wanted:
        stop_tasks(region, service, [task])
