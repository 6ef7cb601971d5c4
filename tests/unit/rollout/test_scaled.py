"""When a service runs as many tasks as were asked for, and when somebody else has changed that."""

from dataclasses import replace
from typing import Any

import pytest

from ecsdeploy.model.outcome import Status
from ecsdeploy.model.service import Service
from ecsdeploy.rollout.scaled import judged, runs
from tests.unit.rollout.builders import old, service_with

PRIMARY = old(status="PRIMARY")
THERE = replace(service_with(PRIMARY), desired=3, running=3, pending=0)


def status(service: Service, healthy: int | None = None, *, late: bool = False) -> Status | None:
    found = judged(service, 3, PRIMARY.id, healthy, 60, late=late)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ({"desired": 4}, "Somebody else, or auto scaling, wants 4 tasks now instead of 3."),
        (
            {"deployments": (replace(PRIMARY, id="ecs-svc/other"),)},
            "Somebody has begun the deployment ecs-svc/other, which goes on with the count.",
        ),
        ({"status": "DRAINING"}, "The service is DRAINING: somebody deletes it."),
        ({"running": 2}, "After 60 s 2 of 3 tasks run; ECS goes on. `ecs-deploy doctor` says why."),
        ({}, ""),
    ],
)
def test_why_it_ended_is_said(now: Any, says: str) -> None:
    found = judged(replace(THERE, **now), 3, PRIMARY.id, None, 60, late=True)
    assert found is not None
    assert found[1] == says


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (THERE, Status.SUCCEEDED),
        (replace(THERE, deployments=()), Status.SUCCEEDED),
        (replace(THERE, desired=4), Status.SUPERSEDED),
        (replace(THERE, deployments=(replace(PRIMARY, id="ecs-svc/other"),)), Status.SUPERSEDED),
        (replace(THERE, status="DRAINING"), Status.FAILED),
        (replace(THERE, running=2, pending=1), None),
    ],
    ids=["ours", "of CodeDeploy", "another count", "another deployment", "deleted", "on its way"],
)
def test_interference_is_told_from_waiting(service: Service, expected: Status | None) -> None:
    assert status(service) == expected


@pytest.mark.parametrize(("running", "pending", "is_so"), [(3, 0, True), (3, 1, False), (2, 1, False), (4, 0, False)])
def test_exactly_so_many_must_run(running: int, pending: int, is_so: bool) -> None:
    assert runs(replace(THERE, running=running, pending=pending), 3) is is_so


def test_all_must_be_healthy_where_something_checks_them() -> None:
    assert [status(THERE, healthy) for healthy in (None, 3, 2)] == [Status.SUCCEEDED, Status.SUCCEEDED, None]
    assert status(THERE, 2, late=True) is Status.TIMED_OUT
    assert status(THERE, 3, late=True) is Status.SUCCEEDED
