"""The simulated world that is like a live service, as far as a release depends on it.

The simulator gets names, images, health checks and ports of the definitions; no value of a variable enters it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.rehearsal import Ground, Premises
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition, part
from ecsdeploy.plan.rehearsing import is_on_fargate
from ecsdeploy.rehearsal.faults import Scene
from ecsdeploy.sim import World
from ecsdeploy.sim.ground.behaviour import Behaviour, tagged
from ecsdeploy.sim.ground.timings import CONTAINER_STARTS, EC2_PULLS, FARGATE_PULLS
from ecsdeploy.sim.scenario.values import LoadBalancer, Scenario, ServiceSpec

_OLD = "running/"
"""Before the names of images that run now: a fault of the new image must not spoil them, also where it is the same."""
_PORT = 80
_TIMES = ("interval", "timeout", "retries", "startPeriod")
"""Of a health check. Its command may hold a secret, and the simulator runs none."""
_SIZES: Mapping[bool, Mapping[str, Any]] = {
    True: {"networkMode": "awsvpc", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"]},
    False: {"networkMode": "bridge", "memory": "512", "requiresCompatibilities": ["EC2"]},
}
"""By whether it is on Fargate. The simulator places tasks by their number, not by their size."""


def scene_of(ground: Ground, premises: Premises) -> Scene:
    """The world in which a release of `ground.after` is played."""
    service, main = ground.service, _main(ground)
    spec = ServiceSpec(
        cluster=ground.place.cluster,
        name=service.name,
        desired=service.desired,
        launch_type="FARGATE" if is_on_fargate(service) else "EC2",
        definition=definition_of(ground, ground.before, before=True),
        history=(),
        load_balancer=_balancer(ground, premises),
        deployment=_deployment(ground),
        controller="CODE_DEPLOY" if ground.route else "ECS",
    )
    behaves = Behaviour(pull_seconds=_pull_seconds(ground, premises))
    stored = (spec.definition, definition_of(ground, ground.after))
    images = {tagged(str(each["image"])) for one in stored for each in one["containerDefinitions"]}
    scenario = Scenario(
        name="rehearsal", services=(spec,), images=dict.fromkeys(images, behaves), source="the rehearsal"
    )
    return Scene(scenario=scenario, image=tagged(ground.after.images[main]))


def _deployment(ground: Ground) -> dict[str, Any]:
    if ground.route:
        return {}
    return {name: each for name, each in ground.service.settings.deployment.items() if each is not None}


def arrange(world: World, route: Route | None) -> None:
    """Give the deployment group of the world what the live one has."""
    if route is None:
        return
    (group,) = (each for one in world.region.codedeploy.applications.values() for each in one.groups.values())
    ends: dict[str, Any] = {"action": "KEEP_ALIVE" if route.keeps_old else "TERMINATE"}
    waits = {} if route.keeps_old else {"terminationWaitTimeInMinutes": round(route.wait_seconds / 60)}
    group.asked |= {
        "deploymentConfigName": route.configuration or route.shift,
        "autoRollbackConfiguration": {"enabled": bool(route.rolls_back_on), "events": list(route.rolls_back_on)},
        "blueGreenDeploymentConfiguration": {"terminateBlueInstancesOnDeploymentSuccess": ends | waits},
    }


def _pull_seconds(ground: Ground, premises: Premises) -> float:
    """How long an image is pulled, so that a task takes as long to start as it does at AWS."""
    begins = FARGATE_PULLS if is_on_fargate(ground.service) else EC2_PULLS
    return max(0.0, premises.start.seconds - begins - CONTAINER_STARTS)


def _balancer(ground: Ground, premises: Premises) -> LoadBalancer | None:
    if premises.check is None or premises.drain is None:
        return None
    return LoadBalancer(
        health_interval=premises.check.seconds,
        deregistration_delay=premises.drain.seconds,
        grace_period=ground.service.grace_seconds,
    )


def _main(ground: Ground) -> str:
    """The container that a fault befalls: the one behind the load balancer, else the first essential one."""
    behind = next((each.container for each in ground.service.settings.balanced), "")
    names = [each.name for each in ground.after.containers if each.essential]
    return behind if behind in ground.after.images else names[0]


def definition_of(ground: Ground, definition: TaskDefinition, *, before: bool = False) -> dict[str, Any]:
    """What the simulator registers for it, with the container that requests reach at the head."""
    main = _main(ground)
    containers = sorted(definition.containers, key=lambda each: each.name != main)
    prefix = _OLD if before else ""
    return {
        "family": definition.family,
        "containerDefinitions": [_container(each, prefix) for each in containers],
        "executionRoleArn": "arn:aws:iam::123456789012:role/rehearsal",
        **_SIZES[is_on_fargate(ground.service)],
    }


def _container(each: ContainerDefinition, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": each.name,
        "image": f"{prefix}{each.image}",
        "essential": each.essential,
        "portMappings": [{"containerPort": _PORT}],
    }
    if not each.has_health_check:
        return found
    check = part(each.payload, "healthCheck")
    times = {name: check[name] for name in _TIMES if check.get(name) is not None}
    return found | {"healthCheck": {"command": ["CMD-SHELL", "exit 0"], **times}}
