"""No member of a request is passed over in silence: the model reads it, or says by name that it does not."""

import json
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from ecsdeploy.sim import World
from ecsdeploy.sim.api.operations import OURS
from ecsdeploy.sim.codec.model import model_of
from ecsdeploy.sim.ground.errors import ApiError
from ecsdeploy.sim.services.legal.unsupported import LEFT_OUT, refuse_left_out
from tests.contract.sim.samples import ECS, WEB, Things, started
from tests.unit.sim.builders import Refused, call, the_service

# It keeps whatever it is given: tests/contract/sim/test_definitions_are_lossless.py.
LOSSLESS = "RegisterTaskDefinition"
MEMBERS = [
    (name, member)
    for name in OURS["ecs"]
    if name != LOSSLESS
    for member in model_of("ecs").operation_model(name).input_shape.members
]


class _Read(dict[str, Any]):
    """A request that remembers which members somebody asked for by name; to copy it all is not to ask."""

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def _example(shape: Shape) -> Any:
    match shape:
        case StructureShape():
            return {name: _example(member) for name, member in shape.members.items()}
        case ListShape():
            return [_example(shape.member)]
        case MapShape():
            return {"key": _example(shape.value)}
        case _:
            kinds = {"integer": 1, "long": 1, "boolean": True, "double": 1.0, "float": 1.0, "timestamp": 1.0}
            return kinds.get(shape.type_name, "x")


@pytest.mark.parametrize(("operation", "member"), MEMBERS, ids=lambda name: name)
def test_every_member_is_read_or_refused_by_name(operation: str, member: str) -> None:
    world, things = _world(operation)
    shape = model_of("ecs").operation_model(operation).input_shape.members[member]
    sample = dict(ECS[operation](things))
    request = _Read({**sample, member: sample.get(member, _example(shape))})
    try:
        refuse_left_out(operation, request)
        OURS["ecs"][operation](world.region, request)
    except ApiError:
        return
    assert member in request.asked


def _world(operation: str) -> tuple[World, Things]:
    world, things = started()
    if operation == "DeleteCluster":
        call(world, "CreateCluster", clusterName="empty")
    return world, things


@pytest.mark.parametrize(
    ("operation", "member"), [(name, member) for name, members in LEFT_OUT.items() for member in members]
)
def test_what_is_left_out_exists_and_is_refused_by_its_name(operation: str, member: str) -> None:
    members = model_of("ecs").operation_model(operation).input_shape.members
    world, things = started()
    request = {**ECS[operation](things), member: _example(members[member])}
    with pytest.raises(Refused, match=f"UnsupportedFeatureException: {operation} with {member} is not simulated."):
        call(world, operation, **request)


@pytest.mark.parametrize("value", [[], None])
def test_to_ask_for_nothing_of_it_is_no_reason_to_refuse(value: object) -> None:
    world, _ = started()
    assert call(world, "UpdateService", **WEB, gatewayConnectors=value)["service"]["serviceName"] == "web"


def test_the_platform_that_tasks_run_on_anyway_may_be_asked_for() -> None:
    world, things = started()
    for version in ("LATEST", "1.4.0"):
        assert call(world, "RunTask", **ECS["RunTask"](things), platformVersion=version)["tasks"]
    with pytest.raises(Refused, match="RunTask with platformVersion"):
        call(world, "RunTask", **ECS["RunTask"](things), platformVersion="1.3.0")


ECHOED = [
    ("serviceConnectConfiguration", {"enabled": True, "namespace": "local"}),
    ("volumeConfigurations", [{"name": "data", "managedEBSVolume": {"roleArn": "arn:x", "sizeInGiB": 5}}]),
    ("vpcLatticeConfigurations", [{"roleArn": "arn:x", "targetGroupArn": "arn:y", "portName": "http"}]),
]


@pytest.mark.parametrize(("member", "value"), ECHOED, ids=[member for member, _ in ECHOED])
def test_what_only_shows_is_echoed_by_the_deployment_and_its_revision(member: str, value: object) -> None:
    world, _ = started()
    definition = json.loads(json.dumps(the_service(world).definition.payload))
    definition["containerDefinitions"][0]["portMappings"][0]["name"] = "http"
    definition["volumes"] = [{"name": "data", "configuredAtLaunch": True}] if member == "volumeConfigurations" else []
    new = call(world, "RegisterTaskDefinition", **definition)["taskDefinition"]["taskDefinitionArn"]
    asked = {"taskDefinition": new, member: value}
    deployment = call(world, "UpdateService", **WEB, **asked)["service"]["deployments"][0]
    assert deployment[member] == value
    record = call(world, "ListServiceDeployments", **WEB)["serviceDeployments"][0]
    revision = call(world, "DescribeServiceRevisions", serviceRevisionArns=[record["targetServiceRevisionArn"]])
    assert revision["serviceRevisions"][0][member] == value


def test_tasks_bear_the_tags_that_their_service_propagates_and_those_that_ecs_manages() -> None:
    world, things = started()
    request = {**ECS["CreateService"](things), "propagateTags": "SERVICE", "enableECSManagedTags": True}
    call(world, "CreateService", **request)
    world.clock.sleep(60)
    tasks = call(world, "ListTasks", cluster="prod", serviceName="new")["taskArns"]
    (task,) = call(world, "DescribeTasks", cluster="prod", tasks=tasks, include=["TAGS"])["tasks"]
    assert {tag["key"]: tag["value"] for tag in task["tags"]} == {
        "aws:ecs:clusterName": "prod",
        "aws:ecs:serviceName": "new",
        "team": "a",
    }


def test_a_one_off_task_s_own_tag_goes_before_its_definition_s() -> None:
    world, _ = started()
    definition = {"family": "tagged", "tags": [{"key": "team", "value": "b"}]}
    containers = [{"name": "app", "image": "a.example.com/x:1", "memory": 128}]
    call(world, "RegisterTaskDefinition", **definition, containerDefinitions=containers)
    request = {"cluster": "hosts", "taskDefinition": "tagged", "propagateTags": "TASK_DEFINITION"}
    assert call(world, "RunTask", **request)["tasks"][0]["tags"] == [{"key": "team", "value": "b"}]
    own = [{"key": "team", "value": "mine"}]
    assert call(world, "RunTask", **request, tags=own)["tasks"][0]["tags"] == own
