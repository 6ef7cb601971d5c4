"""What ECS refuses in a DeploymentConfiguration: strategies, lifecycle hooks, early success.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from __future__ import annotations

from typing import Any

from ecsdeploy.sim.ground.errors import invalid, unsupported
from ecsdeploy.sim.ground.strategies import MEMBERS, NAMES, STRATEGIES
from ecsdeploy.sim.state.service import Json

_STAGES = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)
_NOT_FOR_PAUSES = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
_MOST_HOOKS = 10
_MOST_BAKE, _MOST_PAUSE = 1440, 20_160
_CLEANUPS = ("BLOCKING", "DEFERRED")


def completed(configuration: Json) -> Json:
    """The configuration with the defaults of its strategy, and without members of other strategies.

    ECS drops those silently (observed).
    """
    strategy = STRATEGIES.get(configuration["strategy"])
    own = strategy.member if strategy else ""
    kept = {name: value for name, value in configuration.items() if name == own or name not in MEMBERS}
    if strategy and own:
        kept[own] = {**strategy.defaults, **(kept.get(own) or {})}
    return kept


def check_asked(present: Json, asked: Json) -> None:
    """InvalidParameterException for a move to BLUE_GREEN that does not say how long it bakes.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    moves = asked.get("strategy") == "BLUE_GREEN" != present["strategy"]
    if moves and asked.get("bakeTimeInMinutes") is None:
        raise invalid("bakeTimeInMinutes is required when you use the BLUE_GREEN deployment strategy")


def check(configuration: Json) -> None:
    """InvalidParameterException for a configuration that ECS refuses. The texts are AWS's where we know them."""
    if configuration["strategy"] not in NAMES:
        raise invalid(f"Deployment strategy should be one of [{','.join(NAMES)}]")
    _within(configuration, "bakeTimeInMinutes", 0, _MOST_BAKE)
    _check_own(configuration)
    _check_hooks(configuration)
    _check_early_success(configuration)


def _check_own(configuration: Json) -> None:
    """The members of the strategy's own structure are within its limits."""
    strategy = STRATEGIES.get(configuration["strategy"])
    if strategy is None:
        return
    own = configuration.get(strategy.member) or {}
    for name, (least, most) in strategy.limits.items():
        _within(own, name, least, most)
        if name.endswith("Percent"):
            _in_tenths(own, name)


def _within(settings: Json, name: str, least: float, most: float) -> None:
    value: Any = settings.get(name)
    if value is not None and not least <= value <= most:
        raise invalid(f"{name} must be between {least} and {most}")


def _in_tenths(settings: Json, name: str) -> None:
    """Per cents are multiples of 0.1.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
    """
    tenths = float(settings.get(name) or 0) * 10
    if abs(tenths - round(tenths)) > 1e-6:
        raise invalid(f"{name} must be a multiple of 0.1")


def _check_hooks(configuration: Json) -> None:
    """Hooks have valid stages and targets. There are at most ten pauses and ten functions.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
    """
    hooks = configuration.get("lifecycleHooks") or []
    if hooks and configuration["strategy"] == "ROLLING":
        raise unsupported(
            "Lifecycle hooks with the deployment strategy ROLLING are not simulated: AWS does not document its stages."
        )
    for hook in hooks:
        _check_hook(hook)
    pauses = sum(hook.get("targetType") == "PAUSE" for hook in hooks)
    if pauses > _MOST_HOOKS or len(hooks) - pauses > _MOST_HOOKS:
        raise invalid("You can configure a maximum of 10 pause hooks and 10 Lambda hooks per service.")


def _check_hook(hook: Json) -> None:
    target_type, stages = hook.get("targetType", "AWS_LAMBDA"), hook.get("lifecycleStages") or []
    if target_type not in ("AWS_LAMBDA", "PAUSE"):
        raise invalid("Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE")
    if not stages or not set(stages) <= set(_STAGES):
        raise invalid(f"lifecycleStages should be some of [{','.join(_STAGES)}]")
    if target_type == "PAUSE" and set(stages) & set(_NOT_FOR_PAUSES):
        raise invalid("Invalid lifecycle stage provided for Pause Hook")
    if target_type == "PAUSE" and (hook.get("hookTargetArn") or hook.get("roleArn")):
        raise invalid("hookTargetArn and roleArn are not supported for Pause Hook")
    if target_type == "AWS_LAMBDA" and not hook.get("hookTargetArn"):
        raise invalid("hookTargetArn is required for AWS_LAMBDA hooks")
    _within(hook.get("timeoutConfiguration") or {}, "timeoutInMinutes", 1, _MOST_PAUSE)


def _check_early_success(configuration: Json) -> None:
    """Early success criteria are for ROLLING, and are complete.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
    """
    criteria = configuration.get("earlySuccessCriteria") or {}
    if not criteria.get("enable"):
        return
    if configuration["strategy"] != "ROLLING":
        raise invalid("earlySuccessCriteria is only supported with the ROLLING deployment strategy")
    healthy, least = criteria.get("healthyPercent"), configuration["minimumHealthyPercent"]
    if healthy is None or criteria.get("sourceServiceRevisionCleanup") not in _CLEANUPS:
        raise invalid("earlySuccessCriteria requires healthyPercent and sourceServiceRevisionCleanup")
    if not least <= healthy <= 100:
        raise invalid("healthyPercent must be between minimumHealthyPercent and 100")
