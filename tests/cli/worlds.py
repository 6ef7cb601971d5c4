"""A command line played against a simulated world, in process and in virtual time."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World, load_scenario, parse_scenario
from tests.sdk import cheaply

REPOSITORY = "registry.example.com/team/web"
OLD, NEW = f"{REPOSITORY}:1", f"{REPOSITORY}:2"
WEB = ("-c", "prod", "-n", "web")
RELEASE = (*WEB, "-i", NEW)
DEPLOY = ("deploy", *WEB, "--image", NEW)
SUCCESS = "Service deployment successful."
REVISION = "arn:aws:ecs:us-east-1:123456789012:task-definition/web"
"""Of the service `web`, without its number."""

Json = Mapping[str, Any]


def toml(value: object) -> str:
    """A value as TOML writes it inline."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(value)


def table(name: str, members: Json) -> str:
    lines = (f"{json.dumps(key)} = {toml(value)}" for key, value in members.items())
    return "\n".join((name, *lines, ""))


def service(**members: object) -> str:
    """A steady service `web` in the cluster `prod`; two tasks of version 1 unless told otherwise."""
    told = {"cluster": "prod", "name": "web", "desired": 2} | members
    if not {"image", "containers", "task_definition"} & members.keys():
        told["image"] = OLD
    return table("[[services]]", told)


def behaves(image: str, **members: object) -> str:
    return table(f'[images."{image}"]', members)


CRASHES = behaves(NEW, run="exit", exit_code=1, after=4)


def fault(**members: object) -> str:
    return table("[[api]]", members)


def later(time: float, do: str, **members: object) -> str:
    return table("[[at]]", {"time": time, "do": do, "cluster": "prod", "service": "web"} | members)


def limits(**members: object) -> str:
    return table("[limits]", members)


def a_world(*parts: str) -> World:
    """The world of these parts; a plain service if there are none."""
    head = 'schema = 1\nname = "test"\nsummary = "test"\nseed = 7\n'
    return World(parse_scenario("\n".join((head, *(parts or (service(),))))))


def shipped(name: str) -> World:
    return World(load_scenario(name))


@dataclass(frozen=True)
class Played:
    """What one run said, and the world it left."""

    code: int
    stdout: str
    stderr: str
    events: tuple[Json, ...]
    world: World

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()

    @property
    def result(self) -> Json:
        assert self.events, self.stderr
        assert self.events[-1]["type"] == "result", self.stderr
        return self.events[-1]

    @property
    def said(self) -> str:
        return self.stdout + self.stderr

    def requests(self, operation: str) -> list[Json]:
        return [call.request for call in self.world.calls if call.operation == operation]

    @property
    def registered(self) -> Json:
        (request,) = self.requests("RegisterTaskDefinition")
        return request

    @property
    def updated(self) -> Json:
        (request,) = self.requests("UpdateService")
        return request


def surroundings(cwd: Path = Path(), variables: Mapping[str, str] | None = None) -> Environment:
    return Environment(
        stdout=io.StringIO(), stderr=io.StringIO(), record=io.StringIO(), variables=variables or {}, cwd=cwd
    )


def play(world: World, argv: Sequence[str], around: Environment | None = None) -> Played:
    """Run the command line in this world as the process would, and let the world come to rest."""
    environment = around or surroundings()
    with cheaply():
        code = main(argv, inside(world, environment))
    assert isinstance(environment.stdout, io.StringIO)
    assert isinstance(environment.stderr, io.StringIO)
    assert isinstance(environment.record, io.StringIO)
    events = tuple(json.loads(line) for line in environment.record.getvalue().splitlines())
    return Played(code, environment.stdout.getvalue(), environment.stderr.getvalue(), events, world)


def running_images(world: World, name: str = "web") -> list[str]:
    """The images of the service's definition now."""
    definition = world.region.clusters["prod"].services[name].definition
    return [container["image"] for container in definition.containers]
