"""What a test does to a world: move its clock, describe images, set alarms, take a snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from ecsdeploy.sim.ground.errors import SimError
from ecsdeploy.sim.scenario import parse_images
from ecsdeploy.sim.services.replies.service import pending, running
from ecsdeploy.sim.state.health import healthy_count
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Service, ServiceDeployment
from ecsdeploy.sim.traffic.alarms import ring
from ecsdeploy.sim.world import World

LONGEST = 48 * 3600
_STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")
Snapshot = Mapping[str, Any]


def advance(world: World, seconds: float) -> None:
    """Move the time on by `seconds`. SimError for less than 0 or more than 48 hours."""
    if not (isfinite(seconds) and 0 <= seconds <= LONGEST):
        raise SimError(f"`seconds` must be a number from 0 to {LONGEST}, not `{seconds:g}`.")
    world.clock.sleep(seconds)


def describe_images(world: World, tables: Mapping[str, Any]) -> None:
    """Describe how images behave from their next task on, in the keys of `[images]`. ScenarioError for a wrong key."""
    behaviours = parse_images(tables, world.scenario.services)
    world.apply(lambda region: region.images.describe(behaviours))


def set_alarms(world: World, states: Mapping[str, Any]) -> None:
    """Set the states of alarms. SimError for a state that does not exist."""
    for state in states.values():
        if state not in _STATES:
            raise SimError(f"An alarm is `OK`, `ALARM` or `INSUFFICIENT_DATA`, not {json.dumps(state)}.")

    def ring_all(region: Region) -> None:
        for name, state in states.items():
            ring(region, name, state)

    world.apply(ring_all)


def snapshot(world: World) -> Snapshot:
    """The services, the alarms and all calls so far, ready for JSON. `time` is in seconds since 1970."""
    region = world.region
    return {
        "scenario": world.scenario.name,
        "time": world.clock.time(),
        "quiet": world.quiet,
        "services": [_service(region, service) for service in region.services],
        "alarms": {alarm.name: alarm.state for alarm in region.alarms.values()},
        "calls": [
            {"time": call.time, "service": call.service, "operation": call.operation, "error": call.error}
            for call in world.calls
        ],
    }


def _service(region: Region, service: Service) -> Snapshot:
    definition = service.definition
    return {
        "cluster": service.cluster.name,
        "name": service.name,
        "status": service.status,
        "desired": service.desired,
        "running": sum(map(running, service.deployments)),
        "pending": sum(map(pending, service.deployments)),
        "healthy": healthy_count(region, service),
        "task_definition": f"{definition.family}:{definition.number}",
        "images": [container["image"] for container in definition.containers],
        "deployment": _deployment(service.history[-1]) if service.history else None,
    }


def _deployment(record: ServiceDeployment) -> Snapshot:
    """The status of the newest service deployment, in AWS's words."""
    return {"status": record.status, "reason": record.reason}
