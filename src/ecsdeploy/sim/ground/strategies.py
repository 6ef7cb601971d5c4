"""The deployment strategies that shift traffic: their configuration, its limits, and the weights they shift to.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ALL = 100.0
"""All of the traffic, or all of the tasks, in per cent."""
_MOST_BAKE = 1440


def _at_once(_: Json) -> Iterator[float]:
    yield ALL


def _canary(own: Json) -> Iterator[float]:
    first = float(own["canaryPercent"])
    yield from (first, ALL) if first < ALL else (ALL,)


def _linear(own: Json) -> Iterator[float]:
    """The multiples of the step, rounded to tenths, then 100."""
    step, count = float(own["stepPercent"]), 1
    while round(step * count, 1) < ALL:
        yield round(step * count, 1)
        count += 1
    yield ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A strategy that shifts traffic.

    `member` is its structure in a DeploymentConfiguration; `defaults` and `limits` are for the members of that
    structure. `bake` is the one that says for how many minutes each step bakes. `weights` gives the per cent of
    production traffic in each step; the last one is 100.
    """

    weights: Callable[[Json], Iterator[float]]
    member: str = ""
    bake: str = ""
    defaults: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)


STRATEGIES: Mapping[str, Strategy] = {
    "BLUE_GREEN": Strategy(weights=_at_once),
    "LINEAR": Strategy(
        weights=_linear,
        member="linearConfiguration",
        bake="stepBakeTimeInMinutes",
        defaults={"stepPercent": 10.0, "stepBakeTimeInMinutes": 6},
        limits={"stepPercent": (3.0, 100.0), "stepBakeTimeInMinutes": (0, _MOST_BAKE)},
    ),
    "CANARY": Strategy(
        weights=_canary,
        member="canaryConfiguration",
        bake="canaryBakeTimeInMinutes",
        defaults={"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10},
        limits={"canaryPercent": (0.1, 100.0), "canaryBakeTimeInMinutes": (0, _MOST_BAKE)},
    ),
}
NAMES = ("ROLLING", *STRATEGIES)
MEMBERS = tuple(strategy.member for strategy in STRATEGIES.values() if strategy.member)


def shifts(configuration: Json) -> tuple[tuple[float, float], ...]:
    """The weights that production traffic takes, in per cent, each with its seconds to bake.

    The last weight is 100, and does not bake: BAKE_TIME follows.
    """
    strategy = STRATEGIES[configuration["strategy"]]
    own = configuration.get(strategy.member) or {}
    rest = 60.0 * own.get(strategy.bake, 0)
    return tuple((weight, rest if weight < ALL else 0.0) for weight in strategy.weights(own))
