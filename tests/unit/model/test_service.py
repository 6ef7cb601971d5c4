"""What a service's settings mean for its deployments."""

import pytest

from ecsdeploy.model.settings import Breaker


@pytest.mark.parametrize(
    ("breaker", "thresholds"),
    [
        pytest.param(Breaker(), (3, 3, 13, 200, 200), id="by default"),
        pytest.param(Breaker(value=10), (3, 3, 3, 40, 80), id="a share within bounds"),
        pytest.param(Breaker(measure="UNBOUNDED_PERCENT"), (1, 3, 13, 200, 400), id="a share"),
        pytest.param(Breaker(measure="COUNT", value=7), (7, 7, 7, 7, 7), id="a number"),
        pytest.param(Breaker(measure="NEW"), (3, 3, 13, 200, 200), id="an unknown word"),
    ],
)
def test_t01_a_breaker_gives_up_at_its_threshold(breaker: Breaker, thresholds: tuple[int, ...]) -> None:
    """The table of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html."""
    assert tuple(map(breaker.threshold, (1, 6, 25, 400, 800))) == thresholds
