"""What a program of others is told to deploy: the names, and a revision with the new image, registered beforehand."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from ecsdeploy.sim import World
from ecsdeploy.sim.ground.behaviour import repository
from tests.truth.fates import image_of

_REGISTER_TRIES = 5


def subject(world: World, *, registers: bool) -> Mapping[str, str]:
    """`cluster`, `service`, `container`, `image`, and with `registers` the ARN of a `revision`."""
    spec, image = world.scenario.services[0], image_of(world.scenario)
    containers = spec.definition["containerDefinitions"]
    container = next(each for each in containers if repository(each["image"]) == repository(image))
    tagged = image if image != repository(image) else f"{image}:latest"
    fill = {"cluster": spec.cluster, "service": spec.name, "container": container["name"], "image": tagged}
    if registers:
        changed = [each | {"image": tagged} if each is container else each for each in containers]
        fill["revision"] = _register(world, {**spec.definition, "containerDefinitions": changed})
    return fill


def _register(world: World, definition: Mapping[str, object]) -> str:
    """A revision of this definition, through whatever stands in the way of registering one."""
    headers = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition"}
    for _ in range(_REGISTER_TRIES):
        try:
            status, _, body = world.transport("POST", "http://sim.invalid/", headers, json.dumps(definition).encode())
        except ConnectionResetError:
            continue
        if status == HTTPStatus.OK:
            return str(json.loads(body)["taskDefinition"]["taskDefinitionArn"])
    raise RuntimeError(f"{world.scenario.name}: no revision could be registered")
