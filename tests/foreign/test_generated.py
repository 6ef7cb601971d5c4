"""Whatever a foreign endpoint says: the verdict is true, nothing is done twice, nobody is harmed, no secret is told."""

import gc
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.foreign.following import follow
from tests.foreign.generated import case
from tests.truth.foreign import discreet, faults

PARTS = range(4)
RUNS = {"ci": 1_000}
FEW = 100
REPLIES = {"ci": 36_000}
"""So many replies are judged at least."""

pytestmark = pytest.mark.properties


@pytest.mark.parametrize("part", PARTS)
def test_every_run_against_foreign_replies_keeps_the_rules(
    part: int, record_testsuite_property: Callable[..., None]
) -> None:
    profile = str(settings.get_current_profile_name())
    runs = RUNS.get(profile, FEW) // len(PARTS)
    ends: Counter[str] = Counter()
    replies = 0
    gc.disable()
    try:
        for seed in range(part * runs, (part + 1) * runs):
            one = case(seed)
            told = one.play()
            found = [*faults(one, told), *discreet(told)]
            assert not found, f"seed {seed}: {found}\n{one}"
            replies += len(told.world.calls)
            ends[told.status] += 1
            command, found, told = follow(one, told, seed)
            found += discreet(told)
            assert not found, f"seed {seed}, then {command}: {found}\n{one}"
            replies += len(told.world.calls)
    finally:
        gc.enable()
    record_testsuite_property(f"foreign replies, part {part}", replies)
    record_testsuite_property(f"foreign ends, part {part}", dict(ends))
    assert replies >= REPLIES.get(profile, 0) // len(PARTS)
