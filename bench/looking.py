"""What commands cost whose bounds are calls, virtual time or size: in process, against the simulator."""

import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bench.results import Figure
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World, parse_scenario

SERVICES, CALL_MS = 200, 80
CALLS, SECONDS = 45, 5
RELEASES, HISTORY_CALLS = 100, 6
RUN_SECONDS, TOLD_SECONDS = 100, 2
TASKS, REPORT_KB = 1_000, 500
CANARY_MINUTES, REHEARSE_SECONDS = 30, 2
_HEAD = '[[services]]\ncluster = "prod"\nname = "{}"\nimage = "registry.example.com/team/web:1"\n'
_CANARY = (
    'desired = 10\nload_balancer = {{ health_interval = 10 }}\ndeployment = {{ strategy = "CANARY",'
    " canary_configuration = {{ canary_percent = 10.0, canary_bake_time_in_minutes = {} }} }}\n"
)
_WEB = ("-c", "prod", "-n", "web")
_RELEASE = (*_WEB, "--image", "registry.example.com/team/web:2", "--timeout", "2h")


def measure(_: int) -> Sequence[Figure]:
    return (*_status(), _history(), _run(), _report(), _rehearsal())


def _status() -> Sequence[Figure]:
    services = (_HEAD.format(f"s{number:03}") for number in range(SERVICES))
    world = _world(*services, f"[limits]\nlatency_ms = {CALL_MS}\n")
    began = world.clock.time()
    _played(world, ("status", "-c", "prod"))
    took = world.clock.time() - began
    name = f"`status` of {SERVICES} services"
    return (
        Figure(name=f"{name}, calls", value=len(world.calls), at_most=CALLS),
        Figure(name=f"{name} at {CALL_MS} ms a call, virtual time", value=took, unit="s", at_most=SECONDS),
    )


def _history() -> Figure:
    images = json.dumps([f"registry.example.com/team/web:0.{number}" for number in range(RELEASES + 20)])
    world = _world(f"{_HEAD.format('web')}history = {images}\n")
    _played(world, ("history", *_WEB, "-N", str(RELEASES)))
    return Figure(name=f"`history -N {RELEASES}`, calls", value=len(world.calls), at_most=HISTORY_CALLS)


def _run() -> Figure:
    """The time from the end of a task, as ECS has it, to the line that tells it."""
    world = _world(_HEAD.format("web"), f"[limits]\nlatency_ms = {CALL_MS}\n")
    words = ("run", "-c", "prod", "--like-service", "web", "--output", "json", "--timeout", "1h")
    events = map(json.loads, _played(world, (*words, "--", "sleep", str(RUN_SECONDS))).splitlines())
    told = next(each["time"] for each in events if each["type"] == "task_finished")
    ended = max(each.stopped_at or 0.0 for each in world.region.clusters["prod"].tasks.values())
    late = datetime.fromisoformat(told).timestamp() - ended
    return Figure(name="`run` tells the end of a task, virtual time", value=late, unit="s", at_most=TOLD_SECONDS)


def _report() -> Figure:
    with TemporaryDirectory() as folder:
        _played(
            _world(f"{_HEAD.format('web')}desired = {TASKS}\n"), ("deploy", *_RELEASE, "--report", "r.html"), folder
        )
        size = Path(folder, "r.html").stat().st_size / 1000
    return Figure(name=f"the report of a release of {TASKS:,} tasks", value=size, unit="kB", at_most=REPORT_KB)


def _rehearsal() -> Figure:
    world = _world(_HEAD.format("web") + _CANARY.format(CANARY_MINUTES - 2))
    began = process_time()
    _played(world, ("rehearse", *_RELEASE))
    name = f"`rehearse` of {CANARY_MINUTES} minutes, CPU"
    return Figure(name=name, value=process_time() - began, unit="s", at_most=REHEARSE_SECONDS)


def _world(*parts: str) -> World:
    return World(parse_scenario("\n".join(parts)))


def _played(world: World, words: Sequence[str], folder: str = ".") -> str:
    """What the command writes to stdout. Raises where it is no success."""
    out, told = io.StringIO(), io.StringIO()
    around = Environment(stdout=out, stderr=told, variables={}, cwd=Path(folder))
    if code := main(words, inside(world, around)):
        raise RuntimeError(f"`{words[0]}` ended with {code}: {told.getvalue()}")
    return out.getvalue()
