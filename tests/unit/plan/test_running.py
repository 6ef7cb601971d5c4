"""Whether a service's tasks run, and what of its sizing is still as our release left it."""

from dataclasses import replace

import pytest

from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.plan.planner import still_ours
from ecsdeploy.plan.running import runs_whole
from tests.unit.rollout.builders import old, ours, service_with


def _running(number: int, state: str = "COMPLETED", controller: str = "ECS") -> Service:
    """Of two tasks that are wanted, so many run."""
    service = service_with(old(state, status="PRIMARY", running=number))
    return replace(service, controller=controller)


@pytest.mark.parametrize(
    ("service", "whole"),
    [
        pytest.param(_running(2), True, id="all of them"),
        pytest.param(_running(3), True, id="more than are wanted"),
        pytest.param(_running(1), False, id="one of two"),
        pytest.param(_running(0), False, id="none"),
        pytest.param(_running(0, "FAILED"), False, id="none, of a failed release"),
        pytest.param(_running(0, "IN_PROGRESS"), True, id="ECS is about to start them"),
        pytest.param(_running(1, "IN_PROGRESS", "CODE_DEPLOY"), False, id="CodeDeploy starts none for what is there"),
        pytest.param(_running(2, "", "CODE_DEPLOY"), True, id="all of them under CodeDeploy"),
        pytest.param(service_with(), False, id="nothing was ever deployed"),
        pytest.param(service_with(old(running=2)), False, id="only an old deployment is left"),
    ],
)
def test_a_service_runs_whole_when_all_tasks_run_or_ecs_sees_to_them(service: Service, whole: bool) -> None:
    assert runs_whole(service) is whole


BEFORE = Sizing(
    desired_count=2, minimum_healthy_percent=100, maximum_percent=200, managed_tags=False, propagate_tags="NONE"
)
OURS = Sizing(
    desired_count=4, minimum_healthy_percent=50, maximum_percent=150, managed_tags=True, propagate_tags="SERVICE"
)
AFTER = replace(
    service_with(ours()),
    desired=4,
    minimum_healthy_percent=50,
    maximum_percent=150,
    managed_tags=True,
    propagate_tags="SERVICE",
)


@pytest.mark.parametrize(
    ("now", "back"),
    [
        pytest.param(AFTER, BEFORE, id="as we left it"),
        pytest.param(replace(AFTER, desired=6), replace(BEFORE, desired_count=None), id="auto scaling took it on"),
        pytest.param(
            replace(AFTER, minimum_healthy_percent=75),
            replace(BEFORE, minimum_healthy_percent=None),
            id="somebody set the minimum",
        ),
        pytest.param(
            replace(AFTER, managed_tags=False), replace(BEFORE, managed_tags=None), id="somebody set ECS's own tags"
        ),
        pytest.param(
            replace(AFTER, propagate_tags="TASK_DEFINITION"),
            replace(BEFORE, propagate_tags=None),
            id="somebody set whose tags they get",
        ),
        pytest.param(
            replace(AFTER, maximum_percent=None), replace(BEFORE, maximum_percent=None), id="somebody set the maximum"
        ),
    ],
)
def test_a_rollback_takes_back_no_size_that_somebody_else_has_set_since(now: Service, back: Sizing) -> None:
    assert still_ours(BEFORE, OURS, now) == back
