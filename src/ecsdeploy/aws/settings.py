"""Reads how a service is configured, as far as a new deployment has to fit it."""

from __future__ import annotations

from ecsdeploy.aws.reading import JsonObject, flag, nested, number, objects, text
from ecsdeploy.model.settings import Balanced, CapacityShare, Demands, Launch, LaunchVolume, Registry, ServiceSettings

_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})


def settings(source: JsonObject) -> ServiceSettings:
    """Of a service as ECS gives it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""
    deployment = nested(source, "deploymentConfiguration")
    return ServiceSettings(
        balanced=tuple(_balanced(each) for each in objects(source, "loadBalancers")),
        demands=_demands(source),
        capacity=_capacity(source),
        launch=_launch(source),
        rebalances_zones=text(source, "availabilityZoneRebalancing") == "ENABLED",
        platform_version=text(source, "platformVersion"),
        lattice=_lattice(source),
        deployment=deployment,
        bake_seconds=60 * _bake_minutes(deployment),
    )


def _balanced(source: JsonObject) -> Balanced:
    return Balanced(
        container=text(source, "containerName"),
        port=number(source, "containerPort"),
        target_group=text(source, "targetGroupArn"),
        shifts=bool(nested(source, "advancedConfiguration")),
        test_listener=text(nested(source, "advancedConfiguration"), "testListenerRule"),
    )


def _capacity(source: JsonObject) -> tuple[CapacityShare, ...]:
    return tuple(
        CapacityShare(provider=text(each, "capacityProvider"), weight=number(each, "weight"), base=number(each, "base"))
        for each in objects(_in_use(source), "capacityProviderStrategy")
    )


def _launch(source: JsonObject) -> Launch:
    in_use = _in_use(source)
    return Launch(
        launch_type=text(in_use, "launchType"),
        platform_version=text(in_use, "platformVersion"),
        network=nested(in_use, "networkConfiguration") or nested(source, "networkConfiguration") or None,
        constraints=objects(source, "placementConstraints"),
    )


def _in_use(source: JsonObject) -> JsonObject:
    """What says how tasks run now: the primary task set of a service that has task sets, else the service itself."""
    sets = (each for each in objects(source, "taskSets") if text(each, "status") == "PRIMARY")
    return next(sets, source)


def _lattice(source: JsonObject) -> tuple[str, ...]:
    parts = (each for one in objects(source, "deployments") for each in objects(one, "vpcLatticeConfigurations"))
    return tuple(dict.fromkeys(text(each, "targetGroupArn") for each in parts))


def _demands(source: JsonObject) -> Demands:
    """Service Connect, VPC Lattice and volumes stand in the deployment alone, the rest in the service too.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    parts = (*objects(source, "deployments"), *objects(source, "taskSets"))
    primary: JsonObject = next((each for each in parts if text(each, "status") == "PRIMARY"), {})
    connect = nested(primary, "serviceConnectConfiguration")
    named = (
        *(objects(connect, "services") if flag(connect, "enabled") else ()),
        *objects(primary, "vpcLatticeConfigurations"),
    )
    return Demands(
        fargate=_runs_on_fargate(source) or _runs_on_fargate(primary),
        networked=bool(nested(source, "networkConfiguration") or nested(primary, "networkConfiguration")),
        registries=tuple(
            Registry(container=text(each, "containerName"), port=number(each, "containerPort"))
            for each in objects(source, "serviceRegistries") or objects(primary, "serviceRegistries")
        ),
        named_ports=tuple(dict.fromkeys(text(each, "portName") for each in named if text(each, "portName"))),
        launch_volumes=tuple(_volume(each) for each in objects(primary, "volumeConfigurations")),
    )


def _volume(source: JsonObject) -> LaunchVolume:
    return LaunchVolume(name=text(source, "name"), managed=nested(source, "managedEBSVolume"))


def _runs_on_fargate(source: JsonObject) -> bool:
    providers = {text(each, "capacityProvider") for each in objects(source, "capacityProviderStrategy")}
    return text(source, "launchType") == "FARGATE" or bool(providers & _FARGATE)


def _bake_minutes(configuration: JsonObject) -> float:
    """The bake time after each step but the last, and at the end, all together.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    last = number(configuration, "bakeTimeInMinutes")
    match text(configuration, "strategy"):
        case "LINEAR":
            linear = nested(configuration, "linearConfiguration")
            steps = -(-100 // (_percent(linear.get("stepPercent")) or 10))
            return last + (steps - 1) * _minutes(linear, "stepBakeTimeInMinutes", 6)
        case "CANARY":
            return last + _minutes(nested(configuration, "canaryConfiguration"), "canaryBakeTimeInMinutes", 10)
        case _:
            return last


def _minutes(source: JsonObject, name: str, default: int) -> int:
    return number(source, name) if name in source else default


def _percent(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0
