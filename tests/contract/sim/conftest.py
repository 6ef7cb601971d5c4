"""A world with one service behind a load balancer, and a client of it."""

from typing import Any

import pytest

from ecsdeploy.sim import World, parse_scenario
from tests.contract.sim.clients import Line

SCENARIO = """
[[services]]
cluster = "prod"
name = "web"
desired = 2
image = "registry.example.com/team/web:1"
load_balancer = { health_interval = 10, healthy_threshold = 2, deregistration_delay = 30, grace_period = 60 }
deployment = { circuit_breaker = "rollback" }
history = ["registry.example.com/team/web:0"]

[images."registry.example.com/team/web:2"]
run = "exit"
exit_code = 3
after = 4
logs = ["one", "two words", "three"]
"""


@pytest.fixture
def world() -> World:
    return World(parse_scenario(SCENARIO))


@pytest.fixture(scope="session")
def line() -> Line:
    return Line()


@pytest.fixture
def ecs(world: World, line: Line) -> Any:
    line.world = world
    return line.client
