"""The configuration of a service: defaults, how an update merges into it, and what ECS refuses.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
"""

from __future__ import annotations

from copy import deepcopy

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.services.legal import balancers, strategies
from ecsdeploy.sim.state.service import Json

# A change of one of these starts a deployment. For `monitoring`, this is not documented, but measured.
TRIGGERS = (
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
    "monitoring",
)
# A change of one of these starts none.
NO_TRIGGERS = (
    "capacityProviderStrategy",
    "availabilityZoneRebalancing",
    "placementConstraints",
    "placementStrategy",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "propagateTags",
)
DEFAULT_DEPLOYMENT: Json = {
    "deploymentCircuitBreaker": {
        "enable": False,
        "rollback": False,
        "resetOnHealthyTask": True,
        "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 50},
    },
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}
_HUNDRED = 100
_PERCENT_TYPES = ("BOUNDED_PERCENT", "UNBOUNDED_PERCENT")


def merged(present: Json, asked: Json | None) -> Json:
    """`present` with the members of `asked`. The members of the circuit breaker merge one by one (measured).

    InvalidParameterException for a configuration that ECS refuses.
    """
    strategies.check_asked(present, asked or {})
    result = deepcopy(present)
    for name, value in (asked or {}).items():
        if name == "deploymentCircuitBreaker":
            result[name] = _merged_breaker(result[name], value)
        elif value is not None:
            result[name] = value
    result = strategies.completed(result)
    check_deployment(result)
    return result


def _merged_breaker(present: Json, asked: Json) -> Json:
    """ECS accepts `enable: false, rollback: true`, and stores `rollback: false` (measured)."""
    threshold = {**present["thresholdConfiguration"], **(asked.get("thresholdConfiguration") or {})}
    breaker = {**present, **asked, "thresholdConfiguration": threshold}
    breaker["rollback"] = bool(breaker["rollback"] and breaker["enable"])
    return breaker


def check_deployment(configuration: Json) -> None:
    """InvalidParameterException for values that ECS refuses."""
    if configuration["maximumPercent"] < _HUNDRED:
        raise invalid("maximumPercent must be at least 100")
    if configuration["minimumHealthyPercent"] > _HUNDRED:
        raise invalid("minimumHealthyPercent must be at most 100")
    if configuration["minimumHealthyPercent"] < 0:
        raise invalid("minimumHealthyPercent must be at least 0")
    _check_threshold(configuration["deploymentCircuitBreaker"]["thresholdConfiguration"])
    strategies.check(configuration)


def _check_threshold(threshold: Json) -> None:
    measure, value = threshold["type"], threshold["value"]
    if measure not in (*_PERCENT_TYPES, "COUNT"):
        raise invalid("Invalid deployment circuit breaker threshold type.")
    if value < 1 or (measure in _PERCENT_TYPES and value > _HUNDRED):
        raise invalid("Invalid deployment circuit breaker threshold value.")


def new_settings(request: Json, launch_type: str) -> Json:
    """The settings of a new service, with AWS's defaults (measured)."""
    deployment = merged(DEFAULT_DEPLOYMENT, request.get("deploymentConfiguration"))
    settings: Json = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "healthCheckGracePeriodSeconds": 0,
        "enableECSManagedTags": False,
        "propagateTags": "NONE",
        "enableExecuteCommand": False,
        "availabilityZoneRebalancing": "ENABLED" if deployment["maximumPercent"] > _HUNDRED else "DISABLED",
    }
    if launch_type == "FARGATE":
        settings |= {"platformVersion": "LATEST", "platformFamily": "Linux"}
    if not request.get("capacityProviderStrategy"):
        settings["launchType"] = launch_type
    settings |= {name: request[name] for name in (*TRIGGERS, *NO_TRIGGERS) if request.get(name) is not None}
    settings["deploymentConfiguration"] = deployment
    check_rebalancing(settings)
    balancers.check(settings)
    return settings


def check_rebalancing(settings: Json) -> None:
    """InvalidParameterException for zone rebalancing with a maximumPercent of 100 or less.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    """
    on = settings["availabilityZoneRebalancing"] == "ENABLED"
    if on and settings["deploymentConfiguration"]["maximumPercent"] <= _HUNDRED:
        raise invalid(
            "The service couldn't be updated because Availability Zone Rebalancing does not support "
            "maximumPercent <= 100 % as deployment configuration. Update deployment configuration and try again."
        )


def set_launch_type(settings: Json) -> None:
    """Leave a capacity provider strategy or a launch type. An empty strategy brings back the launch type."""
    settings.pop("launchType", None)
    if not settings["capacityProviderStrategy"]:
        del settings["capacityProviderStrategy"]
        settings["launchType"] = "FARGATE" if settings.get("platformVersion") else "EC2"


def updated_settings(settings: Json, request: Json) -> tuple[Json, bool]:
    """The settings after an UpdateService, and whether a member that starts a deployment differs."""
    deployment = merged(settings["deploymentConfiguration"], request.get("deploymentConfiguration"))
    result = {**settings, "deploymentConfiguration": deployment}
    given = {name: request[name] for name in (*TRIGGERS, *NO_TRIGGERS) if request.get(name) is not None}
    result |= given
    if "capacityProviderStrategy" in given:
        set_launch_type(result)
    check_rebalancing(result)
    balancers.check(result)
    return result, any(settings.get(name) != value for name, value in given.items() if name in TRIGGERS)
