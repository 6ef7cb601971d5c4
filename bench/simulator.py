"""How fast the simulator is: over HTTP, the model alone, with the whole client, and with a thousand services."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from pathlib import Path
from urllib.request import Request, urlopen

from bench.results import Figure
from ecsdeploy import Access, Client, DeployRequest, ServiceRef, SetImage, Status, connect
from ecsdeploy.cli.play.simulated import WorldClock
from ecsdeploy.model.image import ImageRef
from ecsdeploy.sim import World, parse_scenario, serve

SERVICE = ServiceRef(cluster="prod", name="web")
IMAGE = "registry.example.com/team/web"
OURS = str(Path(sys.executable).with_name("ecs-deploy"))
IDLE_RATE, ALONE_RATE, CLIENT_RATE = 1_000, 200, 20
CROWD, CROWD_SECONDS, CROWD_MB = 1_000, 3, 400
BIG, BIG_SIMULATED, BIG_SECONDS = 2_000, 80, 3
_FASTEST, _LOOKS, _SECONDS = 900_000, 20, 1.0


def measure(_: int) -> Sequence[Figure]:
    resident, started = _crowd()
    rolling = "simulated s per s, 100 tasks being replaced"
    return (
        Figure(name="simulated s per s, 100 tasks idle over HTTP", value=_idle(), at_least=IDLE_RATE),
        Figure(name=rolling, value=_replacing(), at_least=IDLE_RATE),
        Figure(
            name=f"{BIG_SIMULATED} simulated s, {BIG} tasks being replaced", value=_big(), unit="s", at_most=BIG_SECONDS
        ),
        Figure(name="rollouts of 4 tasks per CPU second, model alone", value=_alone(), at_least=ALONE_RATE),
        Figure(name="rollouts of 4 tasks per CPU second, client and SDK", value=_client(), at_least=CLIENT_RATE),
        Figure(name=f"memory of {CROWD} services of 5 tasks", value=resident, unit="MB", at_most=CROWD_MB),
        Figure(name=f"start of {CROWD} services of 5 tasks", value=started, unit="s", at_most=CROWD_SECONDS),
    )


def _world(desired: int) -> World:
    service = f'[[services]]\ncluster = "prod"\nname = "web"\nimage = "{IMAGE}:0"\n'
    return World(parse_scenario(f"{service}desired = {desired}\n"))


def _call(world: World, operation: str, members: Mapping[str, object]) -> None:
    headers = {"X-Amz-Target": f"AmazonEC2ContainerServiceV20141113.{operation}"}
    status, _, body = world.transport("POST", "http://sim.invalid/", headers, json.dumps(members).encode())
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{operation}: {body.decode()}")


def _idle() -> float:
    """A caller looks again and again; how far the world's clock has come by then."""
    world = _world(100)
    look = json.dumps({"cluster": "prod", "services": ["web"]}).encode()
    headers = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.DescribeServices"}
    with _serving(world) as url:
        began, at = time.perf_counter(), world.clock.time()
        for _ in range(_LOOKS):
            urlopen(Request(url, data=look, headers=headers)).close()  # noqa: S310 - our own address
            time.sleep(_SECONDS / _LOOKS)
        return (world.clock.time() - at) / (time.perf_counter() - began)


@contextmanager
def _serving(world: World) -> Iterator[str]:
    server = serve(world, host="127.0.0.1", port=0, speed=_FASTEST)
    thread = threading.Thread(target=server.run_forever)
    thread.start()
    try:
        yield server.url
    finally:
        server.close()
        thread.join()


def _replacing() -> float:
    world = _world(100)
    at, began = world.clock.time(), time.process_time()
    while time.process_time() - began < _SECONDS:
        _roll(world)
    return (world.clock.time() - at) / (time.process_time() - began)


def _big() -> float:
    """CPU seconds for the first part of a rollout of thousands of tasks, in which all of them are replaced."""
    world = _world(BIG)
    began = time.process_time()
    _call(world, "UpdateService", {"cluster": "prod", "service": "web", "forceNewDeployment": True})
    world.clock.sleep(BIG_SIMULATED)
    return time.process_time() - began


def _alone() -> float:
    world = _world(4)
    return _per_second(lambda: _roll(world))


def _roll(world: World) -> None:
    """One whole rollout, as a caller without an SDK starts it."""
    _call(world, "UpdateService", {"cluster": "prod", "service": "web", "forceNewDeployment": True})
    world.settle()


def _per_second(rollout: Callable[[], None]) -> float:
    """How often it can be done in a second of this process's own time; the first time is not counted."""
    rollout()
    began, times = time.process_time(), 0
    while time.process_time() - began < _SECONDS:
        rollout()
        times += 1
    return times / (time.process_time() - began)


def _client() -> float:
    """Releases through the public API over the world's own transport: gather, plan, execute, follow, judge."""
    world, tags = _world(4), count(1)
    access = Access(endpoint_url="http://sim.invalid", region="us-east-1")
    client = connect(access, transport=world.transport, clock=WorldClock(world.clock))
    return _per_second(lambda: _release(client, next(tags)))


def _release(client: Client, tag: int) -> None:
    edit = SetImage(image=ImageRef.parse(f"{IMAGE}:{tag}"))
    outcome = client.deploy(DeployRequest(service=SERVICE, edits=(edit,)))
    if outcome.verdict.status is not Status.SUCCEEDED:
        raise RuntimeError(f"the release ended as {outcome.verdict.status}")


def _crowd() -> tuple[float, float]:
    """Megabytes and seconds of `ecs-deploy sim` until it answers, with a thousand services."""
    text = "".join(
        f'[[services]]\ncluster = "prod"\nname = "s{number}"\ndesired = 5\nimage = "{IMAGE}:0"\n'
        for number in range(CROWD)
    )
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as scenario:
        scenario.write(text)
        scenario.flush()
        argv = (OURS, "sim", "--port", "0", "--scenario", scenario.name)
        began = time.perf_counter()
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            os.read(process.stdout.fileno() if process.stdout else -1, 1)
            started = time.perf_counter() - began
            resident = _peak(process.pid)
            process.terminate()
    return resident / 1e6, started


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
