"""What a service is configured with and a new deployment has to fit."""

from __future__ import annotations

from ecsdeploy.aws.reading import Record, flag, number, record, records, text
from ecsdeploy.model.settings import Balanced, CapacityShare, Demands, Launch, LaunchVolume, Registry, ServiceSettings

_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})


def settings(source: Record) -> ServiceSettings:
    """Of a service as ECS gives it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""
    return ServiceSettings(
        balanced=tuple(_balanced(each) for each in records(source, "loadBalancers")),
        demands=_demands(source),
        capacity=_capacity(source),
        launch=_launch(source),
        rebalances_zones=text(source, "availabilityZoneRebalancing") == "ENABLED",
        platform_version=text(source, "platformVersion"),
        lattice=any(records(each, "vpcLatticeConfigurations") for each in records(source, "deployments")),
        bake_seconds=60 * _bake_minutes(record(source, "deploymentConfiguration")),
    )


def _balanced(source: Record) -> Balanced:
    return Balanced(
        container=text(source, "containerName"),
        port=number(source, "containerPort"),
        target_group=text(source, "targetGroupArn"),
    )


def _capacity(source: Record) -> tuple[CapacityShare, ...]:
    return tuple(
        CapacityShare(provider=text(each, "capacityProvider"), weight=number(each, "weight"), base=number(each, "base"))
        for each in records(_in_use(source), "capacityProviderStrategy")
    )


def _launch(source: Record) -> Launch:
    in_use = _in_use(source)
    return Launch(
        launch_type=text(in_use, "launchType"),
        platform_version=text(in_use, "platformVersion"),
        network=record(in_use, "networkConfiguration") or record(source, "networkConfiguration") or None,
        constraints=records(source, "placementConstraints"),
    )


def _in_use(source: Record) -> Record:
    """The primary task set, where CodeDeploy or somebody else makes them; else the service."""
    sets = (each for each in records(source, "taskSets") if text(each, "status") == "PRIMARY")
    return next(sets, source)


def _demands(source: Record) -> Demands:
    """Service Connect, VPC Lattice and volumes stand in the deployment alone, the rest in the service too.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    parts = (*records(source, "deployments"), *records(source, "taskSets"))
    primary: Record = next((each for each in parts if text(each, "status") == "PRIMARY"), {})
    connect = record(primary, "serviceConnectConfiguration")
    named = (
        *(records(connect, "services") if flag(connect, "enabled") else ()),
        *records(primary, "vpcLatticeConfigurations"),
    )
    return Demands(
        fargate=_runs_on_fargate(source) or _runs_on_fargate(primary),
        networked=bool(record(source, "networkConfiguration") or record(primary, "networkConfiguration")),
        registries=tuple(
            Registry(container=text(each, "containerName"), port=number(each, "containerPort"))
            for each in records(source, "serviceRegistries") or records(primary, "serviceRegistries")
        ),
        named_ports=tuple(dict.fromkeys(text(each, "portName") for each in named if text(each, "portName"))),
        launch_volumes=tuple(_volume(each) for each in records(primary, "volumeConfigurations")),
    )


def _volume(source: Record) -> LaunchVolume:
    return LaunchVolume(name=text(source, "name"), managed=record(source, "managedEBSVolume"))


def _runs_on_fargate(source: Record) -> bool:
    providers = {text(each, "capacityProvider") for each in records(source, "capacityProviderStrategy")}
    return text(source, "launchType") == "FARGATE" or bool(providers & _FARGATE)


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
