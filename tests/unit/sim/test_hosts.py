"""Hosts that are taken back, capacity that is short, and counts that change in mid-rollout."""

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import call, deploy, described, events, image, the_service, update, world

EC2 = 'desired = 4\nlaunch_type = "EC2"'


def _at(time: int, do: str, **members: object) -> str:
    lines = [f"time = {time}", f'do = "{do}"', *(f"{name} = {value}" for name, value in members.items())]
    return "[[at]]\n" + "\n".join(lines) + "\n"


def _stopped(w: World, code: str) -> list[str | None]:
    return [t.stopped_reason for t in w.region.clusters["prod"].tasks.values() if t.stop_code == code]


def test_a_spot_interruption_stops_tasks_at_once_and_they_are_replaced() -> None:
    w = world("desired = 3", _at(5, "spot", tasks=2))
    update(w, desiredCount=3)
    w.clock.sleep(6)
    assert _stopped(w, "SpotInterruption") == ["Your Spot Task was interrupted."] * 2
    assert described(w)["runningCount"] == 1
    w.clock.sleep(90)
    assert described(w)["runningCount"] == 3


def test_interrupted_tasks_are_no_failures_of_a_deployment() -> None:
    breaker = 'deployment = { circuit_breaker = "rollback" }'
    w = world(f"desired = 4\n{breaker}", _at(60, "spot", tasks=4) + _at(100, "spot", tasks=4))
    deployment = deploy(w)
    w.settle()
    assert deployment.rollout_state == "COMPLETED"
    assert deployment.failed_tasks == 0
    assert the_service(w).history[-1].status == "SUCCESSFUL"
    assert len(_stopped(w, "SpotInterruption")) == 8


def test_drained_tasks_serve_until_their_replacements_do() -> None:
    w = world("desired = 4", _at(5, "drain", tasks=2))
    update(w, desiredCount=4)
    old = {task.id for task in the_service(w).tasks}
    w.settle()
    w.clock.sleep(300)
    left = {task.id for task in the_service(w).tasks if task.wanted}
    assert (len(left), len(left & old)) == (4, 2)
    assert the_service(w).lowest_healthy == 4
    assert all("Scaling activity initiated by" in str(reason) for reason in _stopped(w, "ServiceSchedulerInitiated"))


def test_where_nothing_more_fits_drained_tasks_go_first_as_far_as_the_lower_bound_lets_them() -> None:
    bounds = "deployment = { minimum_healthy_percent = 50, maximum_percent = 100 }"
    w = world(f"desired = 4\n{bounds}", _at(5, "drain", tasks=3))
    update(w, desiredCount=4)
    w.clock.sleep(600)
    assert the_service(w).lowest_healthy == 2
    assert described(w)["runningCount"] == 4
    assert not any(task.evicted for task in the_service(w).tasks)


def test_a_drain_at_100_and_100_per_cent_waits_for_ever() -> None:
    w = world(
        "desired = 2\ndeployment = { minimum_healthy_percent = 100, maximum_percent = 100 }", _at(5, "drain", tasks=1)
    )
    update(w, desiredCount=2)
    w.clock.sleep(3600)
    assert sum(task.evicted for task in the_service(w).tasks) == 1


def test_a_draining_instance_gets_no_task_and_loses_those_it_has() -> None:
    w = world(EC2)
    instances = list(w.region.clusters["prod"].instances.values())
    assert [sum(t.instance is i for t in the_service(w).tasks) for i in instances] == [2, 2]
    call(
        w,
        "UpdateContainerInstancesState",
        cluster="prod",
        containerInstances=[instances[0].arn],
        status="DRAINING",
    )
    w.clock.sleep(300)
    assert {t.instance.arn for t in the_service(w).tasks if t.wanted and t.instance} == {instances[1].arn}
    assert described(w)["runningCount"] == 4
    assert the_service(w).lowest_healthy == 4


def test_without_an_active_instance_no_task_is_placed() -> None:
    w = world(EC2)
    arns = [instance.arn for instance in w.region.clusters["prod"].instances.values()]
    call(w, "UpdateContainerInstancesState", cluster="prod", containerInstances=arns, status="DRAINING")
    w.clock.sleep(60)
    text = "was unable to place a task because no container instance met all of its requirements."
    assert text in [said for _, said in events(w)]
    call(w, "UpdateContainerInstancesState", cluster="prod", containerInstances=arns, status="ACTIVE")
    w.clock.sleep(300)
    assert described(w)["runningCount"] == 4


def test_capacity_that_comes_later_lets_the_deployment_end() -> None:
    w = world("desired = 2", "[limits]\ncapacity_tasks = 2\n" + _at(300, "capacity", tasks=10))
    deployment = deploy(w)
    w.clock.sleep(290)
    assert deployment.tasks == []
    text = "was unable to place a task. Reason: Capacity is unavailable at this time."
    assert any(said.startswith(text) for _, said in events(w))
    w.settle()
    assert deployment.rollout_state == "COMPLETED"


def test_capacity_that_is_taken_away_leaves_the_tasks_that_run() -> None:
    w = world("desired = 3", _at(5, "capacity", tasks=1))
    update(w, desiredCount=3)
    w.clock.sleep(60)
    assert described(w)["runningCount"] == 3


def test_scaling_in_mid_rollout_moves_bounds_and_denominator() -> None:
    w = world("desired = 4", _at(15, "scale", desired=8))
    deployment = deploy(w)
    w.clock.sleep(30)
    assert (described(w)["desiredCount"], deployment.desired) == (8, 8)
    w.settle()
    assert deployment.rollout_state == "COMPLETED"
    assert described(w)["runningCount"] == 8


@pytest.mark.parametrize(("desired", "threshold"), [(4, 3), (20, 10)])
def test_the_breaker_s_threshold_follows_the_latest_desired_count(desired: int, threshold: int) -> None:
    w = world(
        'desired = 4\ndeployment = { circuit_breaker = "rollback" }',
        image('run = "exit"\nafter = 4') + _at(20, "scale", desired=desired),
    )
    deploy(w)
    w.clock.sleep(60)
    assert the_service(w).history[-1].threshold == threshold


def test_a_signal_is_told_to_whoever_listens_and_noted() -> None:
    w = world("desired = 1", _at(10, "signal", signal='"INT"') + _at(20, "signal", signal='"TERM"'))
    told: list[str] = []
    w.on_signal = told.append
    deploy(w)
    w.clock.sleep(15)
    assert told == ["INT"]
    w.on_signal = None
    w.clock.sleep(15)
    assert (told, w.signals) == (["INT"], ["INT", "TERM"])


def test_fargate_spot_and_fargate_share_the_tasks_by_base_and_weight() -> None:
    w = world("desired = 6")
    strategy = [
        {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    service = update(w, capacityProviderStrategy=strategy, forceNewDeployment=True)
    assert "launchType" not in service
    w.settle()
    providers = [task.provider for task in the_service(w).tasks if task.wanted]
    assert sorted(map(str, providers)) == ["FARGATE"] * 3 + ["FARGATE_SPOT"] * 3
    arn = the_service(w).tasks[0].arn
    shown = call(w, "DescribeTasks", cluster="prod", tasks=[arn])["tasks"][0]
    assert shown["capacityProviderName"] in ("FARGATE", "FARGATE_SPOT")


def test_an_empty_strategy_goes_back_to_the_launch_type() -> None:
    w = world("desired = 1")
    update(w, capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}])
    service = update(w, capacityProviderStrategy=[])
    assert service["launchType"] == "FARGATE"
    assert "capacityProviderStrategy" not in service


def test_a_new_desired_count_is_the_service_s_at_once_and_its_deployment_s_at_the_next_look() -> None:
    """Captured: github.com/radkawar/stackd, us-east-1, September 2026."""
    w = world("desired = 2")
    service = update(w, desiredCount=5)
    assert (service["desiredCount"], service["deployments"][0]["desiredCount"]) == (5, 2)
    w.clock.sleep(10)
    assert described(w)["deployments"][0]["desiredCount"] == 5


@pytest.mark.parametrize(("stale", "old"), [(False, 2), (True, 3)])
def test_a_count_raised_right_after_an_update_may_start_one_task_of_the_former_revision(stale: bool, old: int) -> None:
    """Captured: github.com/radkawar/stackd, us-east-1, September 2026."""
    w = world("desired = 2")
    w.stale_views = stale
    former = the_service(w).primary
    deploy(w)
    w.clock.sleep(4)
    update(w, desiredCount=4)
    w.clock.sleep(6)
    assert len(former.tasks) == old
    w.clock.sleep(20)
    assert sum(task.wanted for task in former.tasks) == 2
    w.settle()
    assert described(w)["runningCount"] == 4
