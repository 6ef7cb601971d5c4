"""The ROLLING scheduler: bounds, order, completion, deadlock."""

from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecsdeploy.sim import World
from ecsdeploy.sim.deployments.quiet import is_quiet
from ecsdeploy.sim.deployments.staffing import Bounds, bounds
from ecsdeploy.sim.state.health import healthy_count
from tests.unit.sim.builders import call, deploy, described, events, image, seconds, the_service, update, world

LONG = 4 * 3600.0


def _run_within_bounds(world: World) -> None:
    """One event further and further, until the world is quiet; the bounds hold at every one."""
    while not is_quiet(world.region) and seconds(world) < LONG:
        world.clock.step()
        _check_bounds(world)


def _check_bounds(world: World) -> None:
    service = the_service(world)
    configuration = service.settings["deploymentConfiguration"]
    limits = bounds(service.desired, configuration["minimumHealthyPercent"], configuration["maximumPercent"])
    occupied = sum(task.stopped_at is None for task in service.tasks)
    assert healthy_count(world.region, service) >= limits.lower
    assert occupied <= limits.upper


@pytest.mark.parametrize(
    ("desired", "minimum", "maximum", "lower", "upper"),
    [(4, 50, 200, 2, 8), (2, 75, 200, 2, 4), (4, 100, 200, 4, 8), (3, 100, 125, 3, 3), (3, 67, 100, 3, 3)],
    ids=["may-stop-two", "none-may-stop", "may-start-four", "none-may-start", "no-room-at-all"],
)
def test_the_lower_bound_is_rounded_up_and_the_upper_down(
    desired: int, minimum: int, maximum: int, lower: int, upper: int
) -> None:
    assert bounds(desired, minimum, maximum) == Bounds(lower=lower, upper=upper)


@given(desired=st.integers(0, 7), minimum=st.integers(0, 100), maximum=st.integers(100, 200))
@settings(max_examples=100)
def test_good_tasks_never_break_a_bound_and_deadlock_exactly_where_neither_has_room(
    desired: int, minimum: int, maximum: int
) -> None:
    rolling = f"{{ minimum_healthy_percent = {minimum}, maximum_percent = {maximum} }}"
    w = world(f"desired = {desired}\ndeployment = {rolling}")
    deployment = deploy(w)
    _run_within_bounds(w)
    lower, upper = ceil(desired * minimum / 100), floor(desired * maximum / 100)
    no_room = desired > 0 and upper <= desired and lower >= desired
    assert the_service(w).stuck is no_room
    assert deployment.rollout_state == ("IN_PROGRESS" if no_room else "COMPLETED")
    if not no_room:
        assert [task.definition.containers[0]["image"][-2:] for task in the_service(w).tasks] == [":2"] * desired


@given(
    desired=st.integers(1, 5),
    minimum=st.integers(0, 100),
    maximum=st.integers(100, 250),
    run=st.sampled_from(["exit", "oom", "healthy"]),
    # Later than 40 s the task has counted as healthy, which clears the breaker: such a deployment may go on for ever.
    after=st.integers(0, 39),
    fails=st.integers(0, 4),
)
@settings(max_examples=60)
def test_failures_of_new_tasks_never_cost_old_ones_and_every_breaker_ends_its_deployment(
    desired: int, minimum: int, maximum: int, run: str, after: int, fails: int
) -> None:
    rolling = f'minimum_healthy_percent = {minimum}, maximum_percent = {maximum}, circuit_breaker = "rollback"'
    behaviour = image(f'run = "{run}"\nafter = {after}\nfails = {fails}')
    w = world(f"desired = {desired}\ndeployment = {{ {rolling} }}", behaviour)
    deploy(w)
    upper = floor(desired * maximum / 100)
    while not is_quiet(w.region) and seconds(w) < LONG:
        w.clock.step()
        assert sum(task.stopped_at is None for task in the_service(w).tasks) <= upper
    assert is_quiet(w.region)
    assert the_service(w).stuck or the_service(w).history[-1].ended


def test_new_tasks_start_five_seconds_after_the_call_and_old_ones_stop_when_new_ones_count_as_healthy() -> None:
    w = world("desired = 1")
    deploy(w)
    w.settle()
    said = [(at, text.split(": ")[0]) for at, text in events(w)]
    assert said == [
        (5.0, "has started 1 tasks"),
        (70.6, "has stopped 1 running tasks"),
        (79.6, f"(deployment {the_service(w).primary.id}) deployment completed."),
        (79.601, "has reached a steady state."),
    ]


def test_the_completed_event_precedes_the_steady_state_by_a_millisecond() -> None:
    w = world("desired = 1")
    deployment = deploy(w)
    w.settle()
    (completed, first), (steady, second) = events(w)[-2:]
    assert (first, second) == (f"(deployment {deployment.id}) deployment completed.", "has reached a steady state.")
    assert steady - completed == pytest.approx(0.001, abs=1e-4)


def test_without_a_lower_bound_a_deployment_completes_seven_seconds_after_running() -> None:
    """Captured at minimumHealthyPercent 0: 6.8 s (ecs.md 3.16)."""
    w = world("desired = 1\ndeployment = { minimum_healthy_percent = 0 }")
    deployment = deploy(w)
    w.settle()
    started = deployment.tasks[0].started_at
    assert started is not None
    assert w.clock.time() - started == pytest.approx(7.0)


@pytest.mark.parametrize("tag", ["2", "3"])
def test_a_deployment_of_nothing_completes_after_two_looks(tag: str) -> None:
    """Captured at desiredCount 0: 14.9 and 19.6 s (ecs.md 3.16)."""
    w = world("desired = 0")
    deployment = deploy(w, tag)
    w.settle()
    assert deployment.rollout_state == "COMPLETED"
    assert 14 <= seconds(w) <= 20


def test_scaling_out_reaches_a_steady_state_without_a_deployment() -> None:
    """Captured: desiredCount 0 -> 1 gave a task about 5 s after the call, steady 8.5 s after RUNNING."""
    w = world("desired = 0")
    update(w, desiredCount=1)
    assert described(w)["desiredCount"] == 1
    assert described(w)["deployments"][0]["desiredCount"] == 0
    w.clock.sleep(60)
    (task,) = the_service(w).tasks
    assert task.created_at - w.start == 5.0
    assert [text for _, text in events(w)] == [f"has started 1 tasks: (task {task.id}).", "has reached a steady state."]
    assert len(the_service(w).history) == 1


def test_scaling_in_is_steady_before_the_tasks_are_stopped() -> None:
    """Captured: 10 s after the stop."""
    w = world("desired = 3")
    update(w, desiredCount=1)
    w.clock.sleep(60)
    (stopped, first), (steady, second) = events(w)
    assert first.startswith("has stopped 2 running tasks: ")
    assert second == "has reached a steady state."
    assert steady - stopped == pytest.approx(9.0)
    gone = [t for t in w.region.clusters["prod"].tasks.values() if not t.wanted]
    assert all(t.stopped_at and t.stopped_at - w.start > steady for t in gone)


def test_tasks_that_are_stopping_take_a_place_under_the_upper_bound() -> None:
    """Captured at maximumPercent 100: the replacement came 2.8 s after the old task was STOPPED."""
    w = world("desired = 1\ndeployment = { minimum_healthy_percent = 0, maximum_percent = 100 }")
    old = the_service(w).tasks[0]
    deployment = deploy(w)
    w.settle()
    assert old.stopped_at is not None
    assert deployment.tasks[0].created_at - old.stopped_at == pytest.approx(5.0, abs=4.0)


def test_a_deadlock_is_said_once_in_six_hours_and_ends_when_the_bounds_change() -> None:
    w = world("desired = 3\ndeployment = { minimum_healthy_percent = 67, maximum_percent = 100 }")
    deploy(w)
    w.clock.sleep(3600)
    assert len(events(w)) == 1
    assert events(w)[0][1].startswith("was unable to stop or start tasks during a deployment because of")
    w.clock.sleep(6 * 3600)
    assert len(events(w)) == 2
    update(w, deploymentConfiguration={"minimumHealthyPercent": 50})
    w.settle()
    assert the_service(w).primary.rollout_state == "COMPLETED"


def test_a_task_that_somebody_stops_is_replaced_inside_its_revision() -> None:
    w = world("desired = 2")
    victim = the_service(w).tasks[0]
    call(w, "StopTask", cluster="prod", task=victim.arn, reason="by hand")
    w.clock.sleep(120)
    assert [task.definition.number for task in the_service(w).tasks] == [1, 1]
    assert the_service(w).primary.failures == 0


def test_an_old_task_that_dies_in_a_deployment_is_replaced_inside_its_own_revision() -> None:
    w = world("desired = 2\ndeployment = { maximum_percent = 150 }", image('pull = "not-found"\npull_seconds = 300'))
    deployment = deploy(w)
    w.clock.sleep(20)
    victim = the_service(w).sources[0].tasks[0]
    call(w, "StopTask", cluster="prod", task=victim.arn)
    w.clock.sleep(45)
    old = [t for t in the_service(w).sources[0].tasks if t.wanted]
    assert len(old) == 2
    assert all(t.deployment is not deployment for t in old)


def test_a_capacity_limit_is_said_and_keeps_the_rest_waiting() -> None:
    w = world("desired = 3", "[limits]\ncapacity_tasks = 4")
    deploy(w)
    w.clock.sleep(60)
    said = [text for _, text in events(w)]
    assert said[0].startswith("was unable to place a task. Reason: Capacity is unavailable at this time.")
    assert said[1].startswith("has started 1 tasks")
    w.settle()
    assert seconds(w) < LONG


def test_a_steady_state_is_said_again_after_six_hours() -> None:
    w = world("desired = 1")
    w.clock.sleep(24 * 3600)
    assert {text for _, text in events(w)} == {"has reached a steady state."}
    assert 3 <= len(events(w)) <= 5
