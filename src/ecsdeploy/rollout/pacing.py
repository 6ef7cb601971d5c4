"""When to look again: rarely while nothing can happen, often when it can."""

from __future__ import annotations

from ecsdeploy.model.outcome import Phase
from ecsdeploy.rollout.state import State

LOOK_EVERY = 5.0
"""Seconds between looks: ECS's scheduler acts about every nine."""
FIRST_LOOKS = (1.0, 2.0, 4.0)
"""The pauses after the first looks of a watch: much may happen at once, or fail at once."""
LOOK_SOON = 1.5
"""Seconds between looks when the end is near: ECS calls a deployment complete about seven after its last task runs."""
NEAR_SECONDS = 20.0
"""How long the end may be near."""
LONGEST_PAUSE = 30.0
"""Seconds between looks that AWS answers with an error, at most."""
LONGEST_UNANSWERED = 8.0
"""The same where nobody answers: a network that comes back is noticed soon, and to ask costs AWS nothing."""


def pause(state: State, failures: int, jitter: float, now: float, *, answered: bool = True) -> float:
    """Seconds until the next look; `failures` looks in a row have failed; `jitter` is within [0, 1).

    `answered` says whether the last one got any answer of AWS.

    Backing off with jitter: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    """
    if failures:
        longest = LONGEST_PAUSE if answered else LONGEST_UNANSWERED
        return min(longest, LOOK_EVERY * 2.0 ** min(failures - 1, 5)) * (0.75 + 0.25 * jitter)
    every = LOOK_SOON if _is_near_its_end(state, now) else LOOK_EVERY
    return min(every, _first_pause(now - state.started))


def _first_pause(watched: float) -> float:
    """The pause that follows at this time of a watch, as long as it is one of the first."""
    end = 0.0
    for each in FIRST_LOOKS:
        if watched < end + each:
            return each
        end += each
    return LOOK_EVERY


def _is_near_its_end(state: State, now: float) -> bool:
    """All tasks of one side run, none of the other, and that since a moment ago."""
    seen = state.last_seen
    if seen is None or now > state.changed + NEAR_SECONDS:
        return False
    stays, goes = (seen.old, seen.new) if state.phase is Phase.ROLLING_BACK else (seen.new, seen.old)
    return stays.running >= stays.desired > 0 and not (stays.pending or goes.running or goes.pending)
