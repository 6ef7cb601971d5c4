"""What a rehearsal rests on, and what it tells of a release that was played."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.outcome import Place, Status
from ecsdeploy.model.rehearsal import Bounds, Ground, Play, Premise, Rehearsal, Sample
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.settings import Balanced, Breaker, CapacityShare, Launch, ServiceSettings
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.rehearsing import bounds, is_on_fargate, limits, premises, traps, unplayable, unroutable

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
        (a_service(controller="CODE_DEPLOY"), ""),
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


ROUTE = Route(application="shop", group="web", shift="CodeDeployDefault.ECSAllAtOnce", wait_seconds=300)


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (ROUTE, ""),
        (None, "CodeDeploy cannot deploy it as it is"),
        (replace(ROUTE, shift="Gently"), "Its traffic shifts by the configuration `Gently`"),
        (replace(ROUTE, configuration="Gently"), "Its traffic shifts by the configuration `Gently`"),
        (replace(ROUTE, ready_seconds=600), "Its traffic waits for somebody"),
    ],
)
def test_a_route_that_the_simulator_cannot_play_is_said(route: Route | None, why: str) -> None:
    assert unroutable(route).startswith(why)
    assert bool(unroutable(route)) is bool(why)


def test_a_release_through_codedeploy_has_the_limits_of_its_group() -> None:
    kept = "CodeDeploy keeps the old version for 300 s after the shift."
    undone = replace(ROUTE, rolls_back_on=("DEPLOYMENT_FAILURE",))
    assert limits(a_service(), Sizing(), 3, undone)[1:] == (kept,)
    found = limits(a_service(), Sizing(), 3, replace(ROUTE, keeps_old=True))
    assert found[1:] == (
        "CodeDeploy does not roll back by itself a deployment that fails.",
        "Nobody ends the tasks of the old version.",
    )


def test_hooks_and_alarms_of_codedeploy_are_assumed() -> None:
    route = replace(ROUTE, appspec='{"Hooks": []}', alarms=("web-5xx",))
    assert premises(ground(route=route)).assumed[1:] == (
        "What the functions of the AppSpec's hooks answer is not known: played as Succeeded, after a second.",
        "No alarm of the deployment group goes off.",
    )
    assert premises(ground(route=ROUTE)).assumed[1:] == ()


@pytest.mark.parametrize(
    ("settings", "fargate"),
    [
        (ServiceSettings(launch=FARGATE), True),
        (ServiceSettings(capacity=(CapacityShare(provider="FARGATE_SPOT"),)), True),
        (ServiceSettings(capacity=(CapacityShare(provider="FARGATE"), CapacityShare(provider="FARGATE_SPOT"))), True),
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
    asked = Sizing(minimum_healthy_percent=0, maximum_percent=100)
    assert bounds(service, asked) == Bounds(desired=3, lowest=0, highest=3)
    assert bounds(a_service(desired=200), Sizing()) == Bounds(desired=200, lowest=200, highest=400)


STARTS = "to start a task"
CHECKS, DRAINS = "between two checks of a target", "to drain a target"


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ((40.0, 41.26, 90.0), Premise(what=STARTS, seconds=41.3, source="the median of the 3 tasks that run")),
        ((7.0,), Premise(what=STARTS, seconds=7.0, source="of the one task that runs")),
        ((), Premise(what=STARTS, seconds=30.0, source="assumed: no task that runs could be read", assumed=True)),
    ],
)
def test_the_start_up_time_is_the_median_of_what_was_read(starts: tuple[float, ...], told: Premise) -> None:
    assert premises(ground(starts=starts)).quantities == (told,)


def test_the_load_balancer_counts_where_there_is_one() -> None:
    balanced = a_service(target_groups=("one",))
    read, unread = premises(ground(balanced, check_seconds=10.0, drain_seconds=5.0)), premises(ground(balanced))
    assert read.quantities[1:] == (
        Premise(what=CHECKS, seconds=10.0, source="of the target group"),
        Premise(what=DRAINS, seconds=5.0, source="of the target group"),
    )
    unknown = "assumed: the default of Elastic Load Balancing, as it could not be read"
    assert unread.quantities[1:] == (
        Premise(what=CHECKS, seconds=30.0, source=unknown, assumed=True),
        Premise(what=DRAINS, seconds=300.0, source=unknown, assumed=True),
    )


PULLS = "The new image takes as long to pull and to start as the one that runs."
PASSES = "A new task passes its first health check; what answers later than that is not known."
SHIFTS = "It has an Application Load Balancer; a Network Load Balancer takes ten minutes more for each shift."
ROOM = "Whether {} have room for each new task at once is not known: played as if so."
UNDER_WAY = Deployment(id="ours", status="PRIMARY", task_definition="web:2", rollout_state="IN_PROGRESS")
HOSTS = (CapacityShare(provider="hosts"), CapacityShare(provider="spot"))


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (ground(), ()),
        (ground(after=CHECKED), (PASSES,)),
        (ground(a_service(target_groups=("one",))), (PASSES,)),
        (ground(a_service(running=1)), ("1 of 3 tasks run now: played as if all did.",)),
        (
            ground(a_service(target_groups=("one", "two"))),
            (PASSES, "Several target groups check each task: played as one, the slowest."),
        ),
        (ground(a_service(target_groups=("blue", "green"), strategy="BLUE_GREEN")), (PASSES, SHIFTS)),
        (ground(a_service(strategy="BLUE_GREEN")), ()),
        (
            ground(a_service(deployments=(UNDER_WAY,))),
            ("A deployment is under way: played as if it had completed.",),
        ),
        (
            ground(a_service(ServiceSettings(launch=Launch(launch_type="EC2")))),
            (ROOM.format("the container instances"),),
        ),
        (
            ground(a_service(ServiceSettings(capacity=HOSTS))),
            (ROOM.format("the capacity providers `hosts`, `spot`"),),
        ),
        (
            ground(a_service(hooked(None))),
            ("What the functions of the lifecycle hooks answer is not known: played as SUCCEEDED, after a second.",),
        ),
        (
            ground(a_service(hooked("PAUSE"))),
            ("When somebody continues a pause is not known: played as at once.",),
        ),
    ],
)
def test_what_nothing_can_tell_is_assumed_by_name(there: Ground, says: tuple[str, ...]) -> None:
    assert premises(there).assumed == (PULLS, *says)


BACK = Breaker(enabled=True, rollback=True)
TIMEOUT = {"timeoutInMinutes": 5}
PAUSED = [
    {"lifecycleStages": ["BAKE_TIME"], "timeoutConfiguration": TIMEOUT},
    {"lifecycleStages": ["PRE_SCALE_UP", "BAKE_TIME"], "timeoutConfiguration": {**TIMEOUT, "action": "CONTINUE"}},
    {"lifecycleStages": ["BAKE_TIME"]},
    {},
]
NO_BREAKER = "No circuit breaker: ECS ends no release whose tasks fail."
ROLLS_BACK = "The circuit breaker rolls back after 3 failed tasks."


@pytest.mark.parametrize(
    ("service", "asked", "says"),
    [
        (a_service(), {}, [NO_BREAKER]),
        (a_service(breaker=BACK), {}, [ROLLS_BACK]),
        (a_service(), {"enable": True, "rollback": True}, [ROLLS_BACK]),
        (
            a_service(breaker=BACK),
            {"enable": True, "rollback": False},
            ["The circuit breaker stops after 3 failed tasks."],
        ),
        (a_service(breaker=BACK), {"enable": True, "thresholdConfiguration": {"type": "COUNT", "value": 1}}, []),
        (
            a_service(breaker=BACK, target_groups=("one",), grace_seconds=60),
            {"enable": False},
            [NO_BREAKER, "What a load balancer finds in a task's first 60 s does not count against it."],
        ),
        (a_service(breaker=BACK, target_groups=("one",)), {}, [ROLLS_BACK]),
        (a_service(breaker=BACK, grace_seconds=60), {}, [ROLLS_BACK]),
        (
            a_service(ServiceSettings(launch=FARGATE, deployment={"lifecycleHooks": PAUSED}), breaker=BACK),
            {},
            [
                ROLLS_BACK,
                "The hook in BAKE_TIME may take 5 min, then ECS does ROLLBACK.",
                "The hook in PRE_SCALE_UP, BAKE_TIME may take 5 min, then ECS does CONTINUE.",
            ],
        ),
    ],
)
def test_the_limits_of_ecs_are_told(service: Service, asked: dict[str, Any], says: list[str]) -> None:
    sizing = Sizing(deployment={"deploymentCircuitBreaker": asked} if asked else {})
    assert [*limits(service, sizing, 3)] == says


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


DEADLOCK = (
    "Deadlock: 2 of 2 tasks must stay healthy and at most 2 may exist, so that ECS can neither stop an old task nor"
    " start a new one."
)
SLOW = "The time limit (`--timeout`) is 900 s, and the release takes 1000 s."
BELOW = "Fewer tasks than the service's own bound are healthy for 9 s."
WIDE, TIGHT = Bounds(desired=2, lowest=2, highest=4), Bounds(desired=2, lowest=2, highest=2)


@pytest.mark.parametrize(
    ("play", "limits", "rolls", "says"),
    [
        (a_play(), WIDE, True, []),
        (a_play(Status.TIMED_OUT), TIGHT, True, [DEADLOCK]),
        (a_play(Status.TIMED_OUT), TIGHT, False, ["The time limit (`--timeout`) is 900 s."]),
        (a_play(Status.TIMED_OUT, settled_seconds=1000.0), WIDE, True, [SLOW]),
        (a_play(), Bounds(desired=0, lowest=0, highest=0), True, []),
        (
            a_play(down_seconds=41.0, below_seconds=41.0),
            WIDE,
            True,
            ["No task is healthy for 41 s, although nothing fails."],
        ),
        (a_play(below_seconds=9.0), WIDE, True, [BELOW]),
    ],
)
def test_a_release_that_fails_by_itself_is_told_why(play: Play, limits: Bounds, rolls: bool, says: list[str]) -> None:
    assert [*traps(play, limits, 900, rolls=rolls)] == says


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
