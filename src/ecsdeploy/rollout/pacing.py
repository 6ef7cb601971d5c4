"""When to look again: often at the beginning and near the end, rarely in between and after failures."""

from __future__ import annotations

from ecsdeploy.model.outcome import Phase
from ecsdeploy.rollout.state import State

LOOK_EVERY = 5.0
"""Seconds between looks: ECS's scheduler acts about every nine seconds."""
FIRST_LOOKS = (1.0, 2.0, 4.0)
"""Seconds after each of the first looks of a watch: much happens, or fails, at the beginning."""
LOOK_SOON = 1.5
"""Seconds between looks near the end. ECS calls a deployment complete about seven seconds after its last task runs."""
NEAR_SECONDS = 20.0
"""How long after the last change of counts we look so often."""
LONGEST_PAUSE = 30.0
"""The most seconds between looks that AWS answers with an error."""
LONGEST_UNANSWERED = 8.0
"""The most seconds between looks that nobody answers: we want to notice soon that the network is back."""


def pause(state: State, failures: int, jitter: float, now: float, *, answered: bool = True) -> float:
    """Seconds until the next look.

    `failures` is how many looks in a row have failed, and `answered` whether AWS answered the last one at all. `jitter`
    is a number from 0 up to 1.

    Backing off with jitter: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """
    if failures:
        longest = LONGEST_PAUSE if answered else LONGEST_UNANSWERED
        return min(longest, LOOK_EVERY * 2.0 ** min(failures - 1, 5)) * (0.75 + 0.25 * jitter)
    every = LOOK_SOON if _is_near_its_end(state, now) else LOOK_EVERY
    return min(every, _first_pause(now - state.started))


def _first_pause(watched: float) -> float:
    """The pause after a look at `watched` seconds of a watch: one of FIRST_LOOKS, or LOOK_EVERY after them."""
    end = 0.0
    for each in FIRST_LOOKS:
        if watched < end + each:
            return each
        end += each
    return LOOK_EVERY


def _is_near_its_end(state: State, now: float) -> bool:
    """Whether all tasks of the side that stays run, no task of the other side, and this came about just now."""
    seen = state.last_seen
    if seen is None or now > state.changed + NEAR_SECONDS:
        return False
    stays, goes = (seen.old, seen.new) if state.phase is Phase.ROLLING_BACK else (seen.new, seen.old)
    return stays.running >= stays.desired > 0 and not (stays.pending or goes.running or goes.pending)
