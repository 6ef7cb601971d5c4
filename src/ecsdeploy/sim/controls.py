"""What a test does to a world from outside: move its clock, describe images, ring alarms, and take stock of it."""

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
    """Let so many simulated seconds pass; SimError for a time that cannot pass."""
    if not (isfinite(seconds) and 0 <= seconds <= LONGEST):
        raise SimError(f"`seconds` must be a number from 0 to {LONGEST}, not `{seconds:g}`.")
    world.clock.sleep(seconds)


def describe_images(world: World, tables: Mapping[str, Any]) -> None:
    """From their next task on these images behave as said, in the keys of a scenario's `[images]`; ScenarioError."""
    behaviours = parse_images(tables, world.scenario.services)
    world.apply(lambda region: region.images.describe(behaviours))


def set_alarms(world: World, states: Mapping[str, Any]) -> None:
    """The alarms take these states; SimError for what is none."""
    for state in states.values():
        if state not in _STATES:
            raise SimError(f"An alarm is `OK`, `ALARM` or `INSUFFICIENT_DATA`, not {json.dumps(state)}.")

    def ring_all(region: Region) -> None:
        for name, state in states.items():
            ring(region, name, state)

    world.apply(ring_all)


def snapshot(world: World) -> Snapshot:
    """What there is at this moment, and every call that was made, as JSON has it; `time` is in seconds since 1970."""
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
    """The newest service deployment, in AWS's words."""
    return {"status": record.status, "reason": record.reason}
