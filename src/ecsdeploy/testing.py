"""A simulated ECS for other people's tests: the pytest fixture `ecs_world`.

pytest loads this module in every suite of an environment that has ecsdeploy in it, so nothing of ours is imported
before a test asks for a world. Imports `sim`, and the SDK that is to be answered; nothing of ours imports it.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pytest

if TYPE_CHECKING:
    from ecsdeploy.sim import Scenario, World
    from ecsdeploy.sim.ground.clock import Clock

__all__ = ["EcsWorld", "EcsWorlds", "ecs_world"]

# A developer's own profiles and a runner's role must neither be read nor be used.
_NOBODY = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_Seen = TypeVar("_Seen")


class _Change(Protocol):
    def __call__(self, do: Callable[[World], _Seen], /) -> _Seen: ...


class EcsWorld:
    """A simulated account; `environment` are the variables that lead an AWS SDK to it, already set for this process."""

    def __init__(self, change: _Change, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self._change = change

    def advance(self, seconds: float) -> None:
        """Let so many simulated seconds pass at once; OSError for what is not between 0 and two days."""
        from ecsdeploy.sim import controls

        self._change(lambda world: controls.advance(world, seconds))

    def settle(self) -> None:
        """Let time pass until no deployment moves any more, for two simulated days at most."""
        self._change(lambda world: world.settle())

    def image(self, name: str, **behaviour: object) -> None:
        """From its next task on the image behaves so, in keys of a scenario's `[images]`; ValueError for others."""
        from ecsdeploy.sim import controls

        self._change(lambda world: controls.describe_images(world, {name: behaviour}))

    def alarm(self, name: str, state: str) -> None:
        """The CloudWatch alarm is `OK`, `ALARM` or `INSUFFICIENT_DATA` from now on; OSError for any other state."""
        from ecsdeploy.sim import controls

        self._change(lambda world: controls.set_alarms(world, {name: state}))

    def snapshot(self) -> Mapping[str, Any]:
        """What exists now, and which calls were made, as `/_simulator/snapshot` has it."""
        from ecsdeploy.sim import controls

        return self._change(controls.snapshot)


class EcsWorlds:
    """The fixture `ecs_world`: each of its two methods starts a world, and AWS SDKs call it until the test ends.

    `scenario` is the name of one that is shipped, the path of a file, or the text of one. A world begins now, or at
    `start`. The time of a served one soon lies ahead of the wall clock: what asks for events until now misses some.
    """

    def __init__(self, patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
        self._patch = patch
        self._stack = stack

    def served(
        self, scenario: str | os.PathLike[str] = "good", *, speed: float = 100, start: datetime | None = None
    ) -> EcsWorld:
        """Serve a world on a free port of loopback, for any program; simulated time is wall time times `speed`."""
        from ecsdeploy.sim import environment, serve

        begin = partial(_begin, start=start)
        server = serve(begin(_read(scenario)), host="127.0.0.1", port=0, speed=speed, begin=begin)
        self._stack.enter_context(server.running())
        return EcsWorld(server.pace.change, self._lead_to(environment(server.url)))

    def in_process(self, scenario: str | os.PathLike[str] = "good", *, start: datetime | None = None) -> EcsWorld:
        """Start a world for boto3 and botocore in this process: it has no port, and `time.sleep` costs nothing.

        `time.time` and `time.monotonic` go on by what was slept; `datetime.now` and asyncio know nothing of it.
        """
        from ecsdeploy.sim import environment

        world, turn = _begin(_read(scenario), start=start), threading.RLock()
        variables = {name: value for name, value in environment("").items() if value}

        def change(do: Callable[[World], _Seen]) -> _Seen:
            with turn:
                return do(world)

        _answer_sdk(self._patch, change)
        _sleep_in(self._patch, change, world.clock)
        return EcsWorld(change, self._lead_to(variables))

    def _lead_to(self, variables: Mapping[str, str]) -> Mapping[str, str]:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            self._patch.delenv(name)
        around_proxy = {
            name: ",".join(filter(None, (os.environ.get(name), "127.0.0.1"))) for name in ("NO_PROXY", "no_proxy")
        }
        for name, value in {**_NOBODY, **around_proxy, **variables}.items():
            self._patch.setenv(name, value)
        if "boto3" in sys.modules:
            # The session that an earlier test made by default remembers that test's account.
            self._patch.setattr("boto3.DEFAULT_SESSION", None)
        return variables


@pytest.fixture
def ecs_world(monkeypatch: pytest.MonkeyPatch) -> Iterator[EcsWorlds]:
    """A simulated ECS: `ecs_world.served(scenario)` for programs, `ecs_world.in_process(scenario)` for boto3."""
    with ExitStack() as stack:
        yield EcsWorlds(monkeypatch, stack)


def _read(scenario: str | os.PathLike[str]) -> Scenario:
    from ecsdeploy.sim import load_scenario, parse_scenario

    text = os.fspath(scenario)
    return parse_scenario(text) if "\n" in text else load_scenario(text)


def _begin(scenario: Scenario, *, start: datetime | None) -> World:
    """A world that begins now unless told otherwise: programs that ask for the last hour find what happens."""
    from ecsdeploy.sim import World

    return World(scenario, start=start.timestamp() if start else time.time())


def _answer_sdk(patch: pytest.MonkeyPatch, change: _Change) -> None:
    """Let the world answer every request of botocore, whichever client sends it."""
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
    from botocore.exceptions import ConnectionClosedError

    def send(_: object, request: AWSPreparedRequest) -> AWSResponse:
        headers, body = dict(request.headers.items()), request.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        try:
            status, told, reply = change(lambda world: world.transport(request.method, request.url, headers, raw))
        except ConnectionResetError as error:
            raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
        return AWSResponse(request.url, status, HeadersDict(told), _Body(reply))

    patch.setattr("botocore.httpsession.URLLib3Session.send", send)


class _Body(io.BytesIO):
    """A reply's body as botocore reads it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def _sleep_in(patch: pytest.MonkeyPatch, change: _Change, clock: Clock) -> None:
    wall, steady, began = time.time, time.monotonic, clock.time()

    def sleep(seconds: float) -> None:
        if not seconds >= 0:
            raise ValueError("sleep length must be non-negative")
        change(lambda _: clock.sleep(seconds))

    patch.setattr(time, "sleep", sleep)
    patch.setattr(time, "time", lambda: wall() + clock.time() - began)
    patch.setattr(time, "monotonic", lambda: steady() + clock.time() - began)
