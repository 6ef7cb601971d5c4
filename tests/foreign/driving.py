"""Runs one command line against an endpoint, as the process would, in the endpoint's own time."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from tests.foreign.endpoint import Endpoint
from tests.foreign.shapes import IMAGE
from tests.properties.cheap import cheaply

NEW = f"{IMAGE}:blue"
WEB = ("-c", "MyCluster", "-n", "my-http-service")
RELEASE = ("deploy", *WEB, "-i", NEW, "--no-preflight", "--output", "json")
CANARY = "cnry-"
"""How every value begins that may be a secret."""
KEYS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": f"{CANARY}secret-key",
    "AWS_SESSION_TOKEN": f"{CANARY}session",
    "AWS_REGION": "us-west-2",
}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run said, and how long it took of the endpoint's time."""

    code: int
    stdout: str
    stderr: str
    record: str
    seconds: float
    world: Endpoint

    @property
    def lines(self) -> tuple[Json, ...]:
        return tuple(json.loads(each) for each in self.record.splitlines())

    @property
    def results(self) -> tuple[Json, ...]:
        return tuple(each for each in self.lines if each["type"] == "result")

    @property
    def result(self) -> Json:
        assert self.results, self.stderr
        return self.results[-1]

    @property
    def status(self) -> str:
        return str(self.result["status"])

    @property
    def said(self) -> str:
        return self.stdout + self.stderr + self.record


def run(world: Endpoint, *argv: str, variables: Mapping[str, str] = KEYS) -> Told:
    """The command line `argv` against this endpoint; `cheaply` signs nothing and keeps the SDK's clients."""
    streams = io.StringIO(), io.StringIO(), io.StringIO()
    began = world.course.now
    environment = Environment(
        stdout=streams[0],
        stderr=streams[1],
        record=streams[2],
        variables=variables,
        cwd=Path(),
        transport=world.transport,
        clock=world,
    )
    with cheaply(world.transport):
        code = main(argv, environment)
    stdout, stderr, record = (each.getvalue() for each in streams)
    seconds = world.course.now - began
    return Told(code=code, stdout=stdout, stderr=stderr, record=record, seconds=seconds, world=world)


def release(world: Endpoint, *more: str) -> Told:
    """A release of a new image."""
    return run(world, *RELEASE, *more)
