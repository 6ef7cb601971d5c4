"""The steps of each strategy, as values."""

from typing import Any

import pytest

from ecsdeploy.sim.deployments.steps import forward
from ecsdeploy.sim.ground.strategies import shifts


def _linear(percent: float, minutes: int = 6) -> dict[str, Any]:
    configuration = {"stepPercent": percent, "stepBakeTimeInMinutes": minutes}
    return {"strategy": "LINEAR", "linearConfiguration": configuration}


def _canary(percent: float) -> dict[str, Any]:
    return {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": percent, "canaryBakeTimeInMinutes": 10}}


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({"strategy": "BLUE_GREEN"}, ((100, 0),)),
        (_linear(25.0), ((25, 360), (50, 360), (75, 360), (100, 0))),
        (_linear(40.0), ((40, 360), (80, 360), (100, 0))),
        (_linear(33.4), ((33.4, 360), (66.8, 360), (100, 0))),
        (_linear(100.0), ((100, 0),)),
        (_canary(5.0), ((5, 600), (100, 0))),
        (_canary(0.1), ((0.1, 600), (100, 0))),
        (_canary(100.0), ((100, 0),)),
    ],
    ids=["blue-green", "linear", "linear-remainder", "linear-tenths", "linear-at-once", "canary", "least", "all"],
)
def test_weights_rise_to_all_of_the_traffic_and_only_steps_before_that_bake(
    configuration: dict[str, Any], expected: tuple[tuple[float, float], ...]
) -> None:
    assert shifts(configuration) == expected


def test_a_course_has_every_stage_in_the_order_of_the_documentation() -> None:
    steps = forward({"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}, reconcile=True)
    assert [step.stage for step in steps] == [
        "RECONCILE_SERVICE",
        "PRE_SCALE_UP",
        "SCALE_UP",
        "POST_SCALE_UP",
        "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT",
        "PRE_PRODUCTION_TRAFFIC_SHIFT",
        "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT",
        "BAKE_TIME",
        "CLEAN_UP",
    ]


def test_a_service_with_one_active_revision_is_not_reconciled() -> None:
    assert forward({"strategy": "BLUE_GREEN"}, reconcile=False)[0].stage == "PRE_SCALE_UP"


def test_the_stages_before_a_shift_come_again_at_every_step() -> None:
    stages = [step.stage for step in forward(_linear(50.0), reconcile=False)]
    assert stages.count("PRE_PRODUCTION_TRAFFIC_SHIFT") == stages.count("PRODUCTION_TRAFFIC_SHIFT") == 2
    assert stages.count("TEST_TRAFFIC_SHIFT") == stages.count("POST_PRODUCTION_TRAFFIC_SHIFT") == 1
