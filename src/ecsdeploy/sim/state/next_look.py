"""When a service's scheduler looks at it next."""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import TICK
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service


def wake(region: Region, service: Service, delay: float) -> None:
    """Have the scheduler look at `service` in `delay` seconds, but no sooner than a tick after its last look."""
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
