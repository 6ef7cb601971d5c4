"""What a rehearsal rests on, and what it tells of a release that was played."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.rehearsal import Bounds, Ground, Play, Rehearsal, Sample
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.settings import Balanced, Breaker, CapacityShare, Launch, ServiceSettings
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.rehearsing import bounds, is_on_fargate, limits, premises, traps, unplayable

ARN = "arn:aws:ecs:eu-west-1:111122223333"
FARGATE = Launch(launch_type="FARGATE")
PLAIN = TaskDefinition(payload={"containerDefinitions": [{"name": "app", "image": "web:2"}]})
CHECKED = TaskDefinition(payload={"containerDefinitions": [{"name": "app", "image": "web:2", "healthCheck": {}}]})


def a_service(settings: ServiceSettings | None = None, **members: Any) -> Service:
    told: dict[str, Any] = {"desired": 3, "running": 3, "deployments": ()} | members
    return Service(
        arn=f"{ARN}:service/prod/web",
        name="web",
        cluster_arn=f"{ARN}:cluster/prod",
        status="ACTIVE",
        task_definition=f"{ARN}:task-definition/web:1",
        pending=0,
        settings=settings or ServiceSettings(launch=FARGATE),
        **told,
    )


def ground(service: Service | None = None, after: TaskDefinition = PLAIN, **members: Any) -> Ground:
    place = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Ground(place=place, at=at, service=service or a_service(), before=PLAIN, after=after, **members)


def hooked(*kinds: str | None) -> ServiceSettings:
    hooks = [{"targetType": each} if each else {} for each in kinds]
    return ServiceSettings(launch=FARGATE, deployment={"lifecycleHooks": hooks})


@pytest.mark.parametrize(
    ("service", "why"),
    [
        (a_service(), ""),
        (a_service(ServiceSettings(launch=Launch(launch_type="EC2"))), ""),
        (a_service(controller="EXTERNAL"), "Its deployment controller is EXTERNAL"),
        (a_service(scheduling="DAEMON"), "Its scheduling strategy is DAEMON"),
        (a_service(managed_by_express=True), "Express mode manages it"),
        (a_service(ServiceSettings(launch=Launch(launch_type="EXTERNAL"))), "Its launch type is EXTERNAL"),
        (a_service(ServiceSettings(balanced=(Balanced(container="app", port=80),))), "A Classic load balancer"),
    ],
)
def test_what_the_simulator_cannot_play_is_said(service: Service, why: str) -> None:
    assert unplayable(service).startswith(why)
    assert bool(unplayable(service)) is bool(why)


@pytest.mark.parametrize(
    ("settings", "fargate"),
    [
        (ServiceSettings(launch=FARGATE), True),
        (ServiceSettings(capacity=(CapacityShare(provider="FARGATE_SPOT"),)), True),
        (ServiceSettings(capacity=(CapacityShare(provider="hosts"),)), False),
        (ServiceSettings(launch=Launch(launch_type="EC2")), False),
    ],
)
def test_a_capacity_provider_says_where_tasks_run(settings: ServiceSettings, fargate: bool) -> None:
    assert is_on_fargate(a_service(settings)) is fargate


def test_bounds_are_those_of_the_release() -> None:
    service = a_service(minimum_healthy_percent=50, maximum_percent=150)
    assert bounds(service, Sizing()) == Bounds(desired=3, lowest=2, highest=4)
    assert bounds(a_service(), Sizing(desired_count=5)) == Bounds(desired=5, lowest=5, highest=10)
    assert bounds(service, Sizing(minimum_healthy_percent=0, maximum_percent=100)).lowest == 0


def test_the_start_up_time_is_the_median_of_what_was_read() -> None:
    several, one, none = (premises(ground(starts=each)).start for each in ((40.0, 41.0, 90.0), (7.0,), ()))
    assert (several.seconds, several.source, several.assumed) == (41.0, "the median of the 3 tasks that run", False)
    assert (one.seconds, one.source) == (7.0, "of the one task that runs")
    assert (none.seconds, none.assumed) == (30.0, True)


def test_the_load_balancer_counts_where_there_is_one() -> None:
    balanced = a_service(target_groups=("one",))
    read, unread = premises(ground(balanced, check_seconds=10.0, drain_seconds=5.0)), premises(ground(balanced))
    assert [(each.seconds, each.assumed) for each in read.quantities[1:]] == [(10.0, False), (5.0, False)]
    assert [(each.seconds, each.assumed) for each in unread.quantities[1:]] == [(30.0, True), (300.0, True)]
    assert len(premises(ground()).quantities) == 1


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (ground(after=CHECKED), "passes its first health check"),
        (ground(a_service(target_groups=("one",))), "passes its first health check"),
        (ground(a_service(running=1)), "1 of 3 tasks run now"),
        (ground(a_service(target_groups=("one", "two"))), "Several target groups"),
        (ground(a_service(ServiceSettings(launch=Launch(launch_type="EC2")))), "the container instances have room"),
        (
            ground(a_service(ServiceSettings(capacity=(CapacityShare(provider="hosts"),)))),
            "`hosts` have room",
        ),
        (ground(a_service(hooked(None))), "the functions of the lifecycle hooks"),
        (ground(a_service(hooked("PAUSE"))), "continues a pause"),
    ],
)
def test_what_nothing_can_tell_is_assumed_by_name(there: Ground, says: str) -> None:
    (_, *more) = premises(there).assumed
    assert says in " ".join(more)


def test_a_deployment_under_way_is_assumed_to_have_completed() -> None:
    primary = Deployment(id="ours", status="PRIMARY", task_definition="web:2", rollout_state="IN_PROGRESS")
    assert "A deployment is under way" in premises(ground(a_service(deployments=(primary,)))).assumed[-1]


def test_two_target_groups_of_a_service_that_shifts_traffic_are_no_more_than_one() -> None:
    shifting = a_service(target_groups=("blue", "green"), strategy="BLUE_GREEN")
    told = " ".join(premises(ground(shifting)).assumed)
    assert "Several" not in told
    assert "a Network Load Balancer takes ten minutes more for each shift" in told


BACK = Breaker(enabled=True, rollback=True)
PAUSED = [{"lifecycleStages": ["BAKE_TIME"], "timeoutConfiguration": {"timeoutInMinutes": 5}}, {}]


@pytest.mark.parametrize(
    ("service", "asked", "says"),
    [
        (a_service(), {}, ["No circuit breaker: ECS ends no release whose tasks fail."]),
        (a_service(breaker=BACK), {}, ["The circuit breaker rolls back after 3 failed tasks."]),
        (a_service(), {"enable": True, "rollback": False}, ["The circuit breaker stops after 3 failed tasks."]),
        (a_service(breaker=BACK), {"enable": True, "thresholdConfiguration": {"type": "COUNT", "value": 1}}, []),
        (
            a_service(breaker=BACK, target_groups=("one",), grace_seconds=60),
            {"enable": False},
            ["No circuit breaker", "What a load balancer finds in a task's first 60 s"],
        ),
        (
            a_service(ServiceSettings(launch=FARGATE, deployment={"lifecycleHooks": PAUSED}), breaker=BACK),
            {},
            ["The circuit breaker", "The hook in BAKE_TIME may take 5 min, then ECS does ROLLBACK."],
        ),
    ],
)
def test_the_limits_of_ecs_are_told(service: Service, asked: dict[str, Any], says: list[str]) -> None:
    sizing = Sizing(deployment={"deploymentCircuitBreaker": asked} if asked else {})
    found = limits(service, sizing, 3)
    assert len(found) == len(says)
    assert all(each.startswith(start) for each, start in zip(found, says, strict=True))


def a_play(status: Status = Status.SUCCEEDED, **members: Any) -> Play:
    told: dict[str, Any] = {"below_seconds": 0.0, "down_seconds": 0.0, "settled_seconds": None} | members
    return Play(
        fault="none",
        means="",
        status=status,
        reason="",
        seconds=900,
        samples=(),
        moments=(),
        new_seconds=0,
        lowest=0,
        highest=0,
        serves="old",
        **told,
    )


WIDE, TIGHT = Bounds(desired=2, lowest=2, highest=4), Bounds(desired=2, lowest=2, highest=2)


@pytest.mark.parametrize(
    ("play", "limits", "rolls", "says"),
    [
        (a_play(), WIDE, True, []),
        (a_play(Status.TIMED_OUT), TIGHT, True, ["Deadlock: 2 of 2 tasks"]),
        (a_play(Status.TIMED_OUT), TIGHT, False, ["The time limit (`--timeout`) is 900 s."]),
        (a_play(Status.TIMED_OUT, settled_seconds=1000.0), WIDE, True, ["The time limit (`--timeout`) is 900 s, and"]),
        (a_play(), Bounds(desired=0, lowest=0, highest=0), True, []),
        (a_play(down_seconds=41.0, below_seconds=41.0), WIDE, True, ["No task is healthy for 41 s"]),
        (a_play(below_seconds=9.0), WIDE, True, ["Fewer tasks than the service's own bound"]),
    ],
)
def test_a_release_that_fails_by_itself_is_told_why(play: Play, limits: Bounds, rolls: bool, says: list[str]) -> None:
    found = traps(play, limits, 900, rolls=rolls)
    assert len(found) == len(says)
    assert all(each.startswith(start) for each, start in zip(found, says, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "traffic", "serves"),
    [
        (2, 0, None, "old"),
        (0, 2, None, "new"),
        (1, 1, None, "both"),
        (0, 0, None, "nothing"),
        (2, 2, 0.0, "old"),
        (2, 2, 10.0, "both"),
        (2, 2, 100.0, "new"),
        (0, 2, 0.0, "nothing"),
    ],
)
def test_a_version_serves_with_healthy_tasks_that_get_traffic(
    old: int, new: int, traffic: float | None, serves: str
) -> None:
    sample = Sample(at=0, old=old, new=new, total=4, traffic=traffic)
    assert (sample.serves, sample.healthy) == (serves, old + new)


@pytest.mark.parametrize("blocking", [True, False])
def test_a_blocking_finding_refuses_the_deploy(*, blocking: bool) -> None:
    there = ground(findings=(Finding(code="C-DEADLOCK", blocking=blocking),))
    rehearsal = Rehearsal(
        place=there.place,
        at=there.at,
        bounds=WIDE,
        timeout_seconds=900,
        premises=premises(there),
        took=(),
        plays=(a_play(),),
        findings=there.findings,
    )
    assert rehearsal.is_blocked is blocking
