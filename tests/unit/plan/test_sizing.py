"""What of a service's sizing is still as our release left it."""

from dataclasses import replace

import pytest

from ecsdeploy.model.request import Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Demands, LaunchVolume, ServiceSettings
from ecsdeploy.plan.planner import still_ours
from tests.unit.rollout.builders import ours, service_with

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


@pytest.mark.parametrize(
    ("present", "back"),
    [
        pytest.param({"sizeInGiB": 5}, (), id="as we left them"),
        pytest.param({"sizeInGiB": 5, "encrypted": False}, (), id="with a default of ECS"),
        pytest.param({"sizeInGiB": 9}, None, id="somebody has configured them since"),
    ],
)
def test_a_rollback_takes_back_no_volumes_that_somebody_else_has_configured_since(
    present: dict[str, object], back: tuple[LaunchVolume, ...] | None
) -> None:
    set_by_us = Sizing(volumes=(LaunchVolume(name="data", managed={"sizeInGiB": 5}),))
    demands = Demands(launch_volumes=(LaunchVolume(name="data", managed=present),))
    now = replace(AFTER, settings=ServiceSettings(demands=demands))
    assert still_ours(Sizing(volumes=()), set_by_us, now).volumes == back
