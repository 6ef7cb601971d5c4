"""When a service's scheduler looks at it next."""

from __future__ import annotations

from ecsdeploy.sim.ground.timings import TICK
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service


def wake(region: Region, service: Service, delay: float) -> None:
    """Have the scheduler look at `service` in `delay` seconds, but no sooner than a tick after its last look."""
    due = max(region.now + delay, service.last_pass + TICK)
    timer = service.pass_timer
    if timer is not None:
        if timer.when <= due:
            return
        timer.cancel()
    service.pass_timer = region.clock.at(due, lambda: _look(region, service))


def _look(region: Region, service: Service) -> None:
    service.pass_timer = None
    service.last_pass = region.now
    region.run_pass(service)
