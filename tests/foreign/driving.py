"""Runs one command line against an endpoint, as the process would, in the endpoint's own time."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from tests.foreign.endpoint import Endpoint
from tests.foreign.shapes import IMAGE
from tests.properties.tape import Replay, Tape
from tests.sdk import cheaply

NEW = f"{IMAGE}:blue"
WEB = ("-c", "MyCluster", "-n", "my-http-service")
RELEASE = ("deploy", *WEB, "-i", NEW, "--no-preflight")
CANARY = "cnry-"
"""How every value begins that may be a secret."""
OTHER = "sesame-0pen-"
"""How all of them begin in the same run with other secrets."""
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
    argv: tuple[str, ...]
    variables: Mapping[str, str]
    tape: Tape

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
    began, around = world.course.now, _around(variables)
    tape = Tape(answers=world.transport, clock=world, signals=around.signals)
    with cheaply():
        code = main(argv, replace(around, transport=tape.transport, clock=tape))
    stdout, stderr, record = _written(around)
    return Told(
        code=code,
        stdout=stdout,
        stderr=stderr,
        record=record,
        seconds=world.course.now - began,
        world=world,
        argv=argv,
        variables=variables,
        tape=tape,
    )


def with_other_secrets(told: Told) -> str:
    """What the same run says whose secrets are others: it is played from its tape, and must ask for the same."""
    around = _around({name: value.replace(CANARY, OTHER) for name, value in told.variables.items()})
    replay = Replay(told.tape, {CANARY: OTHER}, around.signals)
    with cheaply():
        main(told.argv, replace(around, transport=replay.transport, clock=replay))
    assert not replay.differs, replay.differs
    assert not replay.left(), f"{replay.left()} calls and sleeps fewer"
    return "".join(_written(around))


def _around(variables: Mapping[str, str]) -> Environment:
    streams = io.StringIO(), io.StringIO(), io.StringIO()
    return Environment(stdout=streams[0], stderr=streams[1], record=streams[2], variables=variables, cwd=Path())


def _written(around: Environment) -> tuple[str, str, str]:
    stdout, stderr, record = (
        each.getvalue() if isinstance(each, io.StringIO) else ""
        for each in (around.stdout, around.stderr, around.record)
    )
    return stdout, stderr, record


def release(world: Endpoint, *more: str, output: str = "json") -> Told:
    """A release of a new image."""
    return run(world, *RELEASE, "--output", output, *more)
