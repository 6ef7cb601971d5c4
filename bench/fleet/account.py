"""A simulated account in a process of its own, so that its CPU and its memory are not the client's.

The time is virtual: it moves only while a call takes its latency, and while the client sleeps. Each answer brings it.
"""

import gc
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecsdeploy.sim import World

Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How the last deployment of a service ended, as ECS has it, and when."""

    good: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is so in the account: the calls that came, how many were throttled, and the end of each deployment."""

    calls: Mapping[str, int]
    throttled: int
    ends: Mapping[str, End]


class Account:
    """The client's end: a transport and a clock."""

    def __init__(self, pipe: Connection, now: float) -> None:
        self._pipe, self._now = pipe, now

    def transport(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self._pipe.send((method, url, dict(headers), body))
        reply: Reply
        self._now, reply = self._pipe.recv()
        return reply

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._pipe.send(seconds)
        self._now, _ = self._pipe.recv()

    def truth(self) -> Truth:
        self._pipe.send(None)
        told: Truth = self._pipe.recv()
        return told


@contextmanager
def opened(scenario: str) -> Iterator[Account]:
    """The account of this scenario, whose process ends with the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, scenario), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Account(ours, ours.recv())
    finally:
        ours.close()
        process.join()


def _serve(pipe: Connection, scenario: str) -> None:
    """Answer until the client has gone. The client never imports the simulator, whose memory would be counted too."""
    from ecsdeploy.sim import World, parse_scenario

    world = World(parse_scenario(scenario))
    gc.freeze()
    pipe.send(world.clock.time())
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        if asked is None:
            pipe.send(_truth(world))
            continue
        reply = None
        if isinstance(asked, float | int):
            world.clock.sleep(asked)
        else:
            reply = world.transport(*asked)
        pipe.send((world.clock.time(), reply))


def _truth(world: "World") -> Truth:
    last = {service.name: service.history[-1] for service in world.region.services if service.history}
    return Truth(
        calls=Counter(call.operation for call in world.calls),
        throttled=sum(call.error == "ThrottlingException" for call in world.calls),
        ends={
            name: End(good=each.status == "SUCCESSFUL", at=each.finished_at)
            for name, each in last.items()
            if each.finished_at
        },
    )
