"""What a service is configured with and a new deployment has to fit."""

from ecsdeploy.aws.reading import Record, number, record, records, text
from ecsdeploy.model.service import Balanced, ServiceSettings


def settings(source: Record) -> ServiceSettings:
    """Of a service as ECS gives it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""
    return ServiceSettings(
        balanced=tuple(_balanced(each) for each in records(source, "loadBalancers")),
        rebalances_zones=text(source, "availabilityZoneRebalancing") == "ENABLED",
        platform_version=text(source, "platformVersion"),
        bake_seconds=60 * _bake_minutes(record(source, "deploymentConfiguration")),
    )


def _balanced(source: Record) -> Balanced:
    return Balanced(
        container=text(source, "containerName"),
        port=number(source, "containerPort"),
        target_group=text(source, "targetGroupArn"),
    )


def _bake_minutes(configuration: Record) -> float:
    """After each step but the last, and at the end.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    last = number(configuration, "bakeTimeInMinutes")
    match text(configuration, "strategy"):
        case "LINEAR":
            linear = record(configuration, "linearConfiguration")
            steps = -(-100 // (_percent(linear.get("stepPercent")) or 10))
            return last + (steps - 1) * _minutes(linear, "stepBakeTimeInMinutes", 6)
        case "CANARY":
            return last + _minutes(record(configuration, "canaryConfiguration"), "canaryBakeTimeInMinutes", 10)
        case _:
            return last


def _minutes(source: Record, name: str, default: int) -> int:
    return number(source, name) if name in source else default


def _percent(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0
