"""What it costs to look at a cluster of two hundred services, at 80 ms a call, in virtual time."""

import io
from collections.abc import Sequence
from pathlib import Path

from bench.results import Figure
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside
from ecsdeploy.sim import World, parse_scenario

SERVICES, CALL_MS = 200, 80
CALLS, SECONDS = 45, 5


def measure(_: int) -> Sequence[Figure]:
    service = '[[services]]\ncluster = "prod"\nname = "s{:03}"\nimage = "registry.example.com/team/web:1"\n'
    limits = f"[limits]\nlatency_ms = {CALL_MS}\n"
    world = World(parse_scenario("\n".join((*map(service.format, range(SERVICES)), limits))))
    around = Environment(stdout=io.StringIO(), stderr=io.StringIO(), variables={}, cwd=Path())
    began = world.clock.time()
    if code := main(("status", "-c", "prod"), inside(world, around)):
        raise RuntimeError(f"`status` ended with {code}: {around.stderr}")
    took = world.clock.time() - began
    name = f"`status` of {SERVICES} services"
    return (
        Figure(name=f"{name}, calls", value=len(world.calls), at_most=CALLS),
        Figure(name=f"{name} at {CALL_MS} ms a call, virtual time", value=took, unit="s", at_most=SECONDS),
    )
