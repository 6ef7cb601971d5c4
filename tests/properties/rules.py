"""What is held of every generated run, and how a number of runs is held to it."""

import gc
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from ecsdeploy.errors import AccessDenied, NoSuchResource, ReplyLost, Throttled
from ecsdeploy.model.snapshot import Unseen
from ecsdeploy.rollout.machine import advance
from tests.properties.cases import CANARY, OTHER_CANARY, Case, runs
from tests.properties.played import SETTLES, Ran, again, run
from tests.properties.released import releases
from tests.properties.waves import waves
from tests.truth.runs import lies

ECS, CODE_DEPLOY, WAVES = runs(), releases(), waves()
"""Runs of a service that ECS itself deploys, and of one that CodeDeploy does; and good images in a bad moment."""
_BLIND = tuple(Unseen(error=kind("Out of sight.")) for kind in (Throttled, ReplyLost, AccessDenied, NoSuchResource))


def _in_one_piece(play: Callable[[], None]) -> None:
    play()


# CPython keeps frames in pieces of 16 KB, and maps and unmaps the next piece at every call that reaches into it: where
# that is a hot one, runs take twice as long. A frame that asks for much gets a large piece, with room for the rest.
_in_one_piece.__code__ = _in_one_piece.__code__.replace(co_stacksize=100_000)


def hold(number: int, count: int, rule: Callable[[Case], object], cases: SearchStrategy[Case] = ECS) -> None:
    """Hold `rule` against so many runs, the same ones for the same number; a run that breaks it is made small."""

    @seed(number)
    @settings(
        max_examples=count,
        phases=(Phase.generate, Phase.shrink),
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(case=cases)
    def held(case: Case) -> None:
        rule(case)

    # Each run leaves a world behind; looking for garbage after every 700 objects takes a sixth of the time.
    often = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        _in_one_piece(held)
    finally:
        gc.set_threshold(*often)


def honest(case: Case) -> Ran:
    """The verdict is true, the writes are ours, no secret is told, and what is looked at after the end changes nothing.

    The same run with other secrets asks for the same, and says the same bytes.
    """
    ran = run(case)
    if found := lies(ran):
        raise AssertionError("\n".join(found))
    assert CANARY not in ran.said.text, "a secret was shown"
    assert again(ran, {CANARY: OTHER_CANARY}) == ran.said, "it says something else where its secrets differ"
    after = ran.witness.world.clock.time() + SETTLES
    for state in ran.witness.ends:
        for look in (*ran.witness.looks, *_BLIND):
            assert advance(state, look, after) == (state, ()), "an end that does not absorb"
    return ran


def repeatable(case: Case) -> None:
    """The same run says the same bytes."""
    assert run(case).said == run(case).said
