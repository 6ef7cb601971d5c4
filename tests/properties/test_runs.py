"""Whatever the world, the API, others and the user do: the verdict is true, nothing is done twice, nobody is harmed."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from ecsdeploy.errors import AccessDenied, ReplyLost, Throttled
from ecsdeploy.model.snapshot import Unseen
from ecsdeploy.rollout.machine import advance
from tests.properties.cases import Case, runs
from tests.properties.truth import lies
from tests.properties.witness import run

EXAMPLES = {"ci": 5_000}
FEW = 300
# So many tests share the examples, so that two cores can; each has a seed of its own.
PARTS = range(10)
BLIND = tuple(Unseen(error=kind("Out of sight.")) for kind in (Throttled, ReplyLost, AccessDenied))

pytestmark = pytest.mark.properties
each_part = pytest.mark.parametrize("part", PARTS)


def examples(share: float) -> int:
    total = EXAMPLES.get(str(settings.get_current_profile_name()), FEW)
    return max(1, round(total * share / len(PARTS)))


def check(number: int, count: int, rule: Callable[[Case], None]) -> None:
    """Hold `rule` against so many runs, the same ones for the same number."""

    @seed(number)
    @settings(
        max_examples=count,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(case=runs())
    def hold(case: Case) -> None:
        rule(case)

    hold()


@each_part
def test_every_verdict_is_true_and_every_write_is_ours(part: int) -> None:
    check(part, examples(0.9), is_honest)


def is_honest(case: Case) -> None:
    ran = run(case)
    assert lies(ran) == []
    for state in ran.witness.ends:
        for look in (*ran.witness.looks, *BLIND):
            assert advance(state, look, ran.finally_.time) == (state, ()), "an end that does not absorb"


@each_part
def test_the_same_run_says_the_same_bytes(part: int) -> None:
    check(len(PARTS) + part, examples(0.1), says_the_same)


def says_the_same(case: Case) -> None:
    assert run(case).lines == run(case).lines
