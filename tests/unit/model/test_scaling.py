"""When a service runs as many tasks as were asked for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ecsdeploy.model.outcome import Place
from ecsdeploy.model.scaling import Scaling
from ecsdeploy.model.surroundings import ScalingLimits

PLACE = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")
DONE = Scaling(
    place=PLACE, at=datetime(2026, 1, 1, tzinfo=UTC), revision="web:1", before=3, wanted=3, running=3, pending=0
)


@pytest.mark.parametrize(
    ("now", "is_so"),
    [
        pytest.param(DONE, True, id="all run"),
        pytest.param(replace(DONE, before=2), False, id="the count is to change"),
        pytest.param(replace(DONE, running=2), False, id="one does not run"),
        pytest.param(replace(DONE, pending=1), False, id="one starts"),
        pytest.param(replace(DONE, moved=ScalingLimits(lowest=1, highest=3)), False, id="a limit is to move"),
    ],
)
def test_a_service_is_scaled_once_nothing_is_left_to_do(now: Scaling, is_so: bool) -> None:
    assert now.is_so is is_so
