"""When the scheduler looks at a service next."""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import TICK
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service


def wake(region: Region, service: Service, delay: float) -> None:
    """Have the scheduler look at `service` in `delay` seconds.

    Two looks are a tick apart at least (`TICK` seconds). If an earlier look is planned, we keep that one.
    """
    due = max(region.now + delay, service.last_look + TICK)
    timer = service.look_timer
    if timer is not None:
        if timer.when <= due:
            return
        timer.cancel()
    service.look_timer = region.clock.at(due, lambda: _look(region, service))


def _look(region: Region, service: Service) -> None:
    service.look_timer = None
    service.last_look = region.now
    region.look_at(service)
