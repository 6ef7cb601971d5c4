"""Worlds of many tasks: addresses that differ, and work that grows with the number of tasks and no faster."""

import time
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest

from ecsdeploy.sim.ground.ids import Ids
from ecsdeploy.sim.pace import Pace
from ecsdeploy.sim.state import health
from ecsdeploy.sim.state.service import Task
from tests.unit.sim.builders import call, deploy, image, the_service, update, world

BALANCED = "load_balancer = { health_interval = 10, deregistration_delay = 30, grace_period = 30 }"


def test_w01_tasks_that_run_at_the_same_time_have_different_addresses() -> None:
    w = world(f"desired = 400\n{BALANCED}")
    deploy(w)
    for _ in range(20):
        w.clock.sleep(9)
        addresses = [task.address for task in w.region.clusters["prod"].tasks.values() if task.stopped_at is None]
        assert len(addresses) == len(set(addresses))


def test_w01_an_address_is_free_again_once_its_task_has_stopped() -> None:
    w = world("desired = 3")
    update(w, desiredCount=0)
    w.settle()
    w.clock.sleep(60)
    assert not w.region.addresses


def test_w01_a_subnet_without_a_free_address_makes_room_in_another() -> None:
    ids = Ids(1)
    full = {f"10.0.{third}.{last}" for third in range(1, 32) for last in range(4, 250)}
    assert ids.address(full) not in full


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a task's health was looked at since the last time this was asked."""
    seen, is_up = count(), health.is_up
    last = 0

    def counting(task: Task) -> bool:
        next(seen)
        return is_up(task)

    def since() -> int:
        nonlocal last
        before, last = last, next(seen)
        return last - before

    monkeypatch.setattr(health, "is_up", counting)
    return since


@pytest.mark.parametrize("behaviour", ['run = "exit"\nafter = 5', 'run = "healthy"', 'run = "target-unhealthy"'])
def test_w11_work_grows_with_the_number_of_tasks_and_no_faster(behaviour: str, looks: Callable[[], int]) -> None:
    def work(desired: int) -> int:
        w = world(f"desired = {desired}\n{BALANCED}", image(behaviour))
        looks()
        deploy(w)
        w.clock.sleep(150)
        return looks()

    assert work(160) < 2.2 * work(80)


def test_w11_stopping_all_tasks_at_once_looks_at_each_a_few_times(looks: Callable[[], int]) -> None:
    w = world("desired = 200")
    looks()
    call(w, "DeleteService", cluster="prod", service="web", force=True)
    w.clock.sleep(60)
    assert looks() < 200 * 20
    assert the_service(w).lowest_healthy == 0


def test_w11_a_call_does_not_wait_for_a_world_that_cannot_keep_up(monkeypatch: pytest.MonkeyPatch) -> None:
    w = world("desired = 1")
    wall = count()
    monkeypatch.setattr(time, "monotonic", lambda: next(wall) / 10)
    served = Pace(w, 100.0)
    happened: list[int] = []
    for second in range(1, 101):
        w.clock.at(w.start + second, partial(happened.append, second))
    for _ in range(20):
        next(wall)
    served.read(lambda _: None)
    first = len(happened)
    assert 0 < first < 20
    assert w.clock.time() == w.start + first
    served.keep_up()
    assert first < len(happened) < 40
