"""Turns the options about the deployment configuration into its members, with AWS's names.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from __future__ import annotations

import re
from typing import NoReturn

from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import duration, word
from ecsdeploy.errors import UsageError

_STRATEGIES = ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY")
_MODES = {"rollback": (True, True), "stop": (True, False), "off": (False, False)}
"""For each word whether the circuit breaker is on, and whether it rolls back."""
_THRESHOLD = re.compile(r"(?P<value>[0-9]{1,9})(?P<percent>%?)")
_MOST_BAKE = 1440
_MINUTE = 60
_MOST_PERCENT = 100


def deployment_members(given: Given) -> dict[str, object]:
    """The members that the options name. `UsageError` for a value that ECS would refuse."""
    members = {
        "strategy": word(given, "strategy", _STRATEGIES) or None,
        "bakeTimeInMinutes": _bake_minutes(given),
        "deploymentCircuitBreaker": _breaker(given),
        "alarms": _alarms(given),
    }
    return {name: value for name, value in members.items() if value is not None}


def _bake_minutes(given: Given) -> int | None:
    """Whole minutes. A bare number is refused, as ours are seconds, and those of ECS are minutes."""
    text = given.text("bake_time")
    if not text or text in ("0", "0m"):
        return 0 if text else None
    seconds = 0 if text.isdigit() else int(duration(given, "bake_time", 0))
    if not seconds or seconds % _MINUTE or seconds > _MOST_BAKE * _MINUTE:
        raise UsageError(
            f"{given.origin('bake_time')} must be whole minutes, 24 hours at most, not `{text}`.",
            hint="Write it as `10m`, `1h` or `0`.",
        )
    return seconds // _MINUTE


def _breaker(given: Given) -> dict[str, object] | None:
    text = given.text("circuit_breaker")
    if not text:
        return None
    mode, colon, limit = text.partition(":")
    if mode not in _MODES:
        _refuse(given, "must be `rollback`, `stop` or `off`")
    enabled, rollback = _MODES[mode]
    breaker: dict[str, object] = {"enable": enabled, "rollback": rollback}
    if colon:
        breaker["thresholdConfiguration"] = _threshold(given, limit)
    return breaker


def _threshold(given: Given, text: str) -> dict[str, object]:
    """A number of failures, or a percentage of the desired count, of which ECS makes 3 to 200.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
    """
    match = _THRESHOLD.fullmatch(text)
    value = int(match["value"]) if match else 0
    percent = bool(match and match["percent"])
    if value < 1 or (percent and value > _MOST_PERCENT):
        _refuse(given, "has a threshold that is neither a number of failures nor a percentage up to 100")
    return {"type": "BOUNDED_PERCENT" if percent else "COUNT", "value": value}


def _refuse(given: Given, what: str) -> NoReturn:
    raise UsageError(
        f"{given.origin('circuit_breaker')} {what}: `{given.text('circuit_breaker')}`.",
        hint="Write it as `rollback`, `stop:5` or `rollback:50%`.",
    )


def _alarms(given: Given) -> dict[str, object] | None:
    """The alarms that are watched. Who names some leaves it to the service whether they roll back."""
    text = given.text("alarms")
    if not text:
        return None
    if text == "none":
        return {"alarmNames": [], "enable": False, "rollback": False}
    names = [each.strip() for each in text.split(",")]
    if not all(names) or "none" in names:
        raise UsageError(
            f"{given.origin('alarms')} must be names with commas between them, or `none`, not `{text}`.",
            hint="Write it as `web-5xx,web-slow`.",
        )
    return {"alarmNames": list(dict.fromkeys(names)), "enable": True}
