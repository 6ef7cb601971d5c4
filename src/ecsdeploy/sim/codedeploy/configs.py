"""Deployment configurations: how CodeDeploy shifts production traffic.

AWS's own, and those that somebody made.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.codedeploy import Estate

Json = dict[str, Any]
_MINUTE = 60.0


def _canary(percent: int, minutes: int) -> Json:
    return {
        "type": "TimeBasedCanary",
        "timeBasedCanary": {"canaryPercentage": percent, "canaryInterval": minutes},
    }


def _linear(percent: int, minutes: int) -> Json:
    return {
        "type": "TimeBasedLinear",
        "timeBasedLinear": {"linearPercentage": percent, "linearInterval": minutes},
    }


_NAMED: dict[str, Json] = {
    "CodeDeployDefault.ECSAllAtOnce": {"type": "AllAtOnce"},
    "CodeDeployDefault.ECSLinear10PercentEvery1Minutes": _linear(10, 1),
    "CodeDeployDefault.ECSLinear10PercentEvery3Minutes": _linear(10, 3),
    "CodeDeployDefault.ECSCanary10Percent5Minutes": _canary(10, 5),
    "CodeDeployDefault.ECSCanary10Percent15Minutes": _canary(10, 15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The per cent of traffic that green gets, and for how many seconds it stays so."""

    weight: float
    rest: float


def names(estate: Estate) -> list[str]:
    return [*_NAMED, *estate.configs]


def routing(estate: Estate, name: str) -> Json:
    """The traffic routing of a configuration. DeploymentConfigDoesNotExistException if there is none of that name."""
    found = _NAMED.get(name) or estate.configs.get(name)
    if found is None:
        raise ApiError("DeploymentConfigDoesNotExistException", f"No deployment configuration found for name: {name}")
    return found


def shifts(route: Json) -> list[Shift]:
    """The steps to 100 per cent."""
    match route["type"]:
        case "TimeBasedCanary":
            canary = route["timeBasedCanary"]
            first = Shift(weight=canary["canaryPercentage"], rest=canary["canaryInterval"] * _MINUTE)
            return [first, Shift(weight=ALL, rest=0)]
        case "TimeBasedLinear":
            return _evenly(route["timeBasedLinear"])
        case _:
            return [Shift(weight=ALL, rest=0)]


def _evenly(linear: Json) -> list[Shift]:
    step, rest = linear["linearPercentage"], linear["linearInterval"] * _MINUTE
    weights = [float(weight) for weight in range(step, int(ALL), step)]
    return [*(Shift(weight=weight, rest=rest) for weight in weights), Shift(weight=ALL, rest=0)]
