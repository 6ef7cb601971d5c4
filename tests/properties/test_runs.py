"""Whatever the world, the API, others and the user do: the verdict is true, nothing is done twice, nobody is harmed."""

import pytest
from hypothesis import settings

from tests.properties.rules import CODE_DEPLOY, WAVES, hold, honest, repeatable

EXAMPLES = {"ci": 5_000}
FEW = 300
# So many tests share the examples, so that two cores can; each has a seed of its own.
PARTS = range(10)

pytestmark = pytest.mark.properties
each_part = pytest.mark.parametrize("part", PARTS)


def examples(share: float) -> int:
    total = EXAMPLES.get(str(settings.get_current_profile_name()), FEW)
    return max(1, round(total * share / len(PARTS)))


@each_part
def test_s01_every_verdict_is_true_every_write_is_ours_and_other_secrets_say_the_same(part: int) -> None:
    hold(part, examples(0.9), honest)


@each_part
def test_so_it_is_where_code_deploy_deploys(part: int) -> None:
    hold(2 * len(PARTS) + part, examples(0.05), honest, CODE_DEPLOY)


@each_part
def test_t01_no_good_image_is_given_up_for_a_bad_moment(part: int) -> None:
    hold(3 * len(PARTS) + part, examples(0.06), honest, WAVES)


@each_part
def test_the_same_run_says_the_same_bytes(part: int) -> None:
    hold(len(PARTS) + part, examples(0.02), repeatable)
    hold(len(PARTS) + part, examples(0.01), repeatable, CODE_DEPLOY)
