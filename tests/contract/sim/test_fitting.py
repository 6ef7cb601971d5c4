"""A definition that does not fit its service, and what else AWS refuses of requests that look well."""

import copy
from typing import Any

import pytest

from ecsdeploy.sim import World
from tests.unit.sim.builders import Refused, call, the_service, update, world

BALANCED = "load_balancer = { health_interval = 10, deregistration_delay = 30, grace_period = 30 }"
NAMED = {"containerPort": 8080, "name": "http", "appProtocol": "http"}
EBS = {"name": "data", "managedEBSVolume": {"roleArn": "arn:aws:iam::123456789012:role/ebs", "sizeInGiB": 5}}
CONNECT = {"enabled": True, "namespace": "ns", "services": [{"portName": "http"}]}
REGISTRY = {"registryArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1", "containerPort": 8080}


def _payload(w: World, container: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """The running definition with other members; None removes one."""
    payload = copy.deepcopy(the_service(w).definition.payload) | members
    payload["containerDefinitions"][0] |= container or {}
    return {name: value for name, value in payload.items() if value is not None}


def _register(w: World, **members: Any) -> str:
    arn: str = call(w, "RegisterTaskDefinition", **_payload(w, **members))["taskDefinition"]["taskDefinitionArn"]
    return arn


def _used(**members: Any) -> World:
    """A world whose service uses what `members` of UpdateService say, with a definition that fits."""
    w = world(f"desired = 1\n{BALANCED}")
    volumes = [{"name": "data", "configuredAtLaunch": True}] if "volumeConfigurations" in members else []
    update(w, taskDefinition=_register(w, container={"portMappings": [NAMED]}, volumes=volumes), **members)
    w.settle()
    return w


FARGATE_ONLY = "Task definition does not support launch_type FARGATE."
MISFITS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "network mode": (
        {},
        {"networkMode": "bridge", "requiresCompatibilities": None},
        FARGATE_ONLY,
    ),
    "launch type": ({}, {"requiresCompatibilities": ["EC2"]}, FARGATE_ONLY),
    "balanced container": (
        {},
        {"container": {"name": "api"}},
        "The container app does not exist in the task definition",
    ),
    "balanced port": (
        {},
        {"container": {"portMappings": []}},
        "The container app did not have a container port 8080 defined.",
    ),
    "registered container": (
        {"loadBalancers": [], "serviceRegistries": [{**REGISTRY, "containerName": "app"}]},
        {"container": {"name": "api"}},
        "The container app does not exist in the task definition.",
    ),
    "named port": (
        {"serviceConnectConfiguration": CONNECT},
        {"container": {"portMappings": [{"containerPort": 8080}]}},
        "does not refer to any named PortMapping in the task definition.",
    ),
    "volume that is gone": (
        {"volumeConfigurations": [EBS]},
        {"volumes": [{"name": "data"}], "container": {"portMappings": [NAMED]}},
        "no matching configuredAtLaunch volume found in task definition.",
    ),
    "volume that nobody configures": (
        {},
        {"volumes": [{"name": "data", "configuredAtLaunch": True}]},
        "must be provided for a volume that is configured at launch.",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_w02_a_definition_that_does_not_fit_the_service_is_refused(case: str) -> None:
    used, changed, said = MISFITS[case]
    w = _used(**used)
    before = the_service(w).primary
    with pytest.raises(Refused, match=said):
        update(w, taskDefinition=_register(w, **changed))
    assert the_service(w).primary is before


def test_w02_a_network_configuration_needs_a_definition_that_takes_it() -> None:
    w = world('desired = 1\nlaunch_type = "EC2"')
    network = {"awsvpcConfiguration": {"subnets": ["subnet-0a1b2c3d4e5f60718"]}}
    with pytest.raises(Refused, match="not valid for the given networkMode"):
        update(w, networkConfiguration=network)


@pytest.mark.parametrize(
    "members",
    [
        {"placementStrategy": [{"type": "random"}]},
        {"placementConstraints": [{"type": "distinctInstance"}]},
    ],
    ids=lambda members: next(iter(members)),
)
def test_w02_fargate_takes_no_placement(members: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="not supported with FARGATE launch type"):
        update(world(), **members)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "image": (
        {"container": {"image": "registry.example.com/web:${TAG}"}},
        "Container.image contains invalid characters.",
    ),
    "name": ({"container": {"name": "my app"}}, "Container.name contains invalid characters."),
    "role": ({"taskRoleArn": "<ROLE>"}, "Role is not valid"),
    "role of another partition": ({"taskRoleArn": "arn:aws-cn:iam::123456789012:role/task"}, "Role is not valid"),
    "placement": ({"placementConstraints": [{"type": "memberOf", "expression": "x"}]}, "placementConstraints"),
    "tag": ({"tags": [{"key": "AWS:cost", "value": "x"}]}, "reserved for AWS"),
    "mount": ({"container": {"mountPoints": [{"sourceVolume": "gone"}]}}, "Unknown volume 'gone'."),
    "misspelt": ({"executionRoleARN": "x"}, "Unknown parameter: executionRoleARN."),
    "misspelt inside": ({"container": {"enviroment": []}}, "Unknown parameter: containerDefinitions.0..enviroment."),
}


@pytest.mark.parametrize("case", WRONG)
def test_w02_a_definition_that_ecs_refuses_is_refused(case: str) -> None:
    changed, said = WRONG[case]
    w = world()
    with pytest.raises(Refused, match=said):
        _register(w, **changed)


@pytest.mark.parametrize("prefix", ["arn:aws:ecs:eu-west-1", "arn:aws-cn:ecs:us-east-1"])
def test_w02_an_arn_of_another_region_or_partition_is_refused(prefix: str) -> None:
    w = world()
    calls: dict[str, dict[str, Any]] = {
        "DescribeTaskDefinition": {"taskDefinition": f"{prefix}:123456789012:task-definition/web"},
        "UpdateService": {
            "cluster": "prod",
            "service": "web",
            "taskDefinition": f"{prefix}:123456789012:task-definition/web:1",
        },
        "ListTasks": {"cluster": f"{prefix}:123456789012:cluster/prod"},
        "DescribeServices": {"cluster": "prod", "services": [f"{prefix}:123456789012:service/prod/web"]},
    }
    for operation, members in calls.items():
        with pytest.raises(Refused, match="Invalid identifier"):
            call(w, operation, **members)


def test_w02_shifted_traffic_is_measured_in_tenths_of_a_percent() -> None:
    for percent in (0.1, 12.3, 33.3):
        call(_canary(), "UpdateService", **_shifted(percent))
    with pytest.raises(Refused, match="canaryPercent must be a multiple of"):
        call(_canary(), "UpdateService", **_shifted(0.15))


def _canary() -> World:
    return world(f'desired = 1\n{BALANCED}\ndeployment = {{ strategy = "CANARY" }}')


def _shifted(percent: float) -> dict[str, Any]:
    configuration = {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": percent}}
    return {"cluster": "prod", "service": "web", "deploymentConfiguration": configuration}


@pytest.mark.parametrize(
    ("cpu", "memory", "kept"),
    [(".25 vCPU", ".5 GB", ("256", "512")), ("1 vcpu", "2 gb", ("1024", "2048")), ("0.5 vCPU", "1GB", ("512", "1024"))],
)
def test_w03_sizes_are_taken_as_people_write_them(cpu: str, memory: str, kept: tuple[str, str]) -> None:
    w = world()
    call(w, "RegisterTaskDefinition", **_payload(w, cpu=cpu, memory=memory))
    taken = call(w, "DescribeTaskDefinition", taskDefinition="web")["taskDefinition"]
    assert (taken["cpu"], taken["memory"]) == kept
