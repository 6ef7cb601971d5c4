"""Worlds in a line, and the calls that unit tests make on them without an SDK."""

import json
from typing import Any

from ecsdeploy.sim import World, parse_scenario
from ecsdeploy.sim.state.service import Deployment, Service

REPOSITORY = "registry.example.com/team/web"
CREDENTIALS = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/{service}/aws4_request"


class Refused(Exception):
    """The simulated AWS answered with an error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def world(service: str = "desired = 4", more: str = "", *, seed: int | None = None) -> World:
    """A world with the service `web` in the cluster `prod`; both texts are TOML of the scenario format."""
    image = "" if "containers" in service or "task_definition" in service else f'image = "{REPOSITORY}:1"'
    text = f'[[services]]\ncluster = "prod"\nname = "web"\n{image}\n{service}\n{more}'
    return World(parse_scenario(text), seed=seed)


def image(behaviour: str, tag: str = "2") -> str:
    """An `[images]` table for `team/web:<tag>`."""
    return f'[images."{REPOSITORY}:{tag}"]\n{behaviour}\n'


def call(world: World, operation: str, **members: Any) -> dict[str, Any]:
    """One ECS call; Refused for an error."""
    headers = {
        "X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}",
        "Authorization": CREDENTIALS.format(service="ecs"),
    }
    status, _, body = world.transport("POST", "http://sim/", headers, json.dumps(members).encode())
    reply: dict[str, Any] = json.loads(body)
    if status != 200:
        raise Refused(reply["__type"], reply["message"])
    return reply


def the_service(world: World) -> Service:
    return world.region.clusters["prod"].services["web"]


def described(world: World) -> dict[str, Any]:
    reply: dict[str, Any] = call(world, "DescribeServices", cluster="prod", services=["web"])["services"][0]
    return reply


def register(world: World, tag: str = "2") -> str:
    """Register the running definition with another tag; its ARN."""
    payload = json.loads(json.dumps(the_service(world).definition.payload))
    payload["containerDefinitions"][0]["image"] = f"{REPOSITORY}:{tag}"
    arn: str = call(world, "RegisterTaskDefinition", **payload)["taskDefinition"]["taskDefinitionArn"]
    return arn


def update(world: World, **members: Any) -> dict[str, Any]:
    reply: dict[str, Any] = call(world, "UpdateService", cluster="prod", service="web", **members)["service"]
    return reply


def deploy(world: World, tag: str = "2") -> Deployment:
    """Register and update, as a deployment tool does; the new PRIMARY deployment."""
    update(world, taskDefinition=register(world, tag))
    return the_service(world).primary


def events(world: World) -> list[tuple[float, str]]:
    """The service's events since the world began, oldest first: seconds and text without its prefix."""
    return [
        (round(at - world.start, 3), text.removeprefix("(service web) "))
        for _, at, text in the_service(world).events
        if at >= world.start
    ]


def seconds(world: World) -> float:
    return round(world.clock.time() - world.start, 3)
