"""What holds in every world: the bounds, the deadlock exactly where it must be, an end to everything, determinism."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from ecsdeploy.sim import World
from ecsdeploy.sim.deployments.quiet import is_quiet
from ecsdeploy.sim.deployments.staffing import bounds_of
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.service import Service, Task
from tests.unit.sim.builders import described, events, the_service
from tests.unit.sim.cases import PARTS, Case, check, dismissed, services, serving, troubled

HOURS, STEPS = 3 * 3600.0, 2500
pytestmark = pytest.mark.properties
each_part = pytest.mark.parametrize("part", PARTS)


def _events(w: World) -> Iterator[None]:
    """The world one event further and further, until it is quiet; at most so long."""
    end = w.clock.time() + HOURS
    for _ in range(STEPS):
        if is_quiet(w.region) or w.clock.time() > end:
            return
        w.clock.step()
        yield


@each_part
def test_the_scheduler_never_goes_below_the_lower_bound_by_its_own_doing(part: int) -> None:
    check(part, 0.3, troubled(), _never_too_few)


def _never_too_few(case: Case) -> None:
    """Tasks that fail, are interrupted or unhealthy may be missed; of the others, only what is beyond L is stopped."""
    w = case.begin()
    service = the_service(w)
    before, gone = serving(w), {task.id for task in dismissed(service)}
    for _ in _events(w):
        leaving = [task for task in dismissed(service) if task.id not in gone]
        gone |= {task.id for task in leaving}
        for side in _sides(service, [task for task in leaving if task.id in before]):
            assert len(serving(w) & side) >= bounds_of(service).lower
        before = serving(w)


def _sides(service: Service, leaving: Sequence[Task]) -> Iterator[set[str]]:
    """The tasks that L is about: all of a rolling deployment, of each revision that has production traffic else."""
    course = service.history[-1].course
    if service.status != "ACTIVE" or not leaving:
        return
    if course is None:
        yield {task.id for task in service.tasks}
    else:
        weights = {course.green.id: course.production}
        weights |= {course.blue.id: ALL - course.production} if course.blue else {}
        concerned = {task.deployment.id for task in leaving if task.deployment}
        for deployment in service.deployments:
            if weights.get(deployment.id, 0) > 0 and deployment.id in concerned:
                yield {task.id for task in deployment.tasks}


@each_part
def test_no_task_is_started_beyond_the_upper_bound(part: int) -> None:
    check(part, 0.3, troubled(), _never_too_many)


def _never_too_many(case: Case) -> None:
    """A smaller desired count leaves more tasks than it allows for a while; no launch ever adds to them."""
    w = case.begin()
    service = the_service(w)
    known = {task.id for task in service.tasks}
    for _ in _events(w):
        started = [task for task in service.tasks if task.id not in known]
        known |= {task.id for task in started}
        for places in _places(service, started, case):
            assert places <= bounds_of(service).upper


def _places(service: Service, started: Sequence[Task], case: Case) -> Iterator[int]:
    """Tasks beside those just started: all together in a rolling deployment, of their revision where traffic shifts."""
    occupied = Counter("all" if case.rolling else _of(t) for t in service.tasks if t.stopped_at is None)
    yield from (occupied[place] for place in {"all" if case.rolling else _of(task) for task in started})


def _of(task: Task) -> str:
    return task.deployment.id if task.deployment else ""


@each_part
def test_a_deployment_deadlocks_exactly_where_nothing_may_start_and_nothing_may_stop(part: int) -> None:
    check(part, 0.2, services(rolling=True), _deadlocks_exactly_there)


def _deadlocks_exactly_there(case: Case) -> None:
    w = case.begin()
    for _ in _events(w):
        assert case.leaves_no_room or not the_service(w).stuck
    service = the_service(w)
    assert service.stuck is case.leaves_no_room
    assert any("unable to stop or start tasks" in text for _, text in events(w)) is case.leaves_no_room


@each_part
def test_every_service_deployment_ends_or_may_run_for_ever(part: int) -> None:
    check(part, 0.1, troubled(), _ends)


def _ends(case: Case) -> None:
    """All but the newest have ended; what is not over is deadlocked, hopeless, or kept by somebody's protection."""
    if case.endless:
        return
    w = case.begin()
    w.settle(72 * 3600)
    service = the_service(w)
    assert is_quiet(w.region)
    assert all(record.ended for record in service.history[:-1])
    record = service.history[-1]
    assert (record.finished_at is not None) is record.ended
    if record.ended:
        assert service.primary.rollout_state in ("COMPLETED", "FAILED")


@each_part
def test_the_same_seed_gives_the_same_bytes(part: int) -> None:
    check(part, 0.1, troubled(), _same_bytes)


def _same_bytes(case: Case) -> None:
    assert _history(case) == _history(case)


def _history(case: Case) -> tuple[object, ...]:
    w = case.begin()
    seen = []
    for _ in range(6):
        w.clock.sleep(60)
        seen.append(described(w))
    return seen, events(w), [str(event) for event in w.region.bus]
