"""Every served operation: botocore writes the request and reads the reply, and the reply is what its model says."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from botocore import xform_name

from ecsdeploy.sim import World
from ecsdeploy.sim.api.operations import served
from ecsdeploy.sim.codec.model import model_of
from tests.contract.sim.clients import Line
from tests.contract.sim.samples import CODEDEPLOY, ECS, LOGS, NAMES, RELEASE, Things, started
from tests.contract.sim.shapes import strange

# Made from what GetDeploymentGroup says.
_MADE_FROM_ANOTHER = "CreateDeploymentGroup"
SAMPLES = {"ecs": ECS, "logs": LOGS, "codedeploy": CODEDEPLOY}


@cache
def _line(service: str) -> Line:
    return Line(service)


def _client(service: str, world: World) -> Any:
    line = _line(service)
    line.world = world
    return line.client


def _begun(service: str, operation: str) -> tuple[World, Things]:
    """The world as it must be for the operation to succeed."""
    world, things = started()
    if operation == "DeleteCluster":
        _client("ecs", world).create_cluster(clusterName="empty")
    if service != "codedeploy" or operation == "CreateDeployment":
        return world, things
    client = _client("codedeploy", world)
    release = client.create_deployment(**NAMES, revision=RELEASE)["deploymentId"]
    world.clock.sleep(10)
    while operation == "ContinueDeployment" and not _waits(client, release):
        world.clock.sleep(5)
    return world, replace(things, release=release)


def _waits(client: Any, release: str) -> bool:
    info = client.get_deployment(deploymentId=release)["deploymentInfo"]
    return bool(info["instanceTerminationWaitTimeStarted"])


@pytest.mark.parametrize("service", SAMPLES)
def test_there_is_a_sample_of_every_served_operation(service: str) -> None:
    assert sorted({*SAMPLES[service], _MADE_FROM_ANOTHER} & {*served(service)}) == sorted(served(service))


@pytest.mark.parametrize(
    ("service", "operation"), [(service, name) for service, samples in SAMPLES.items() for name in samples]
)
def test_a_request_and_its_reply_fit_botocore_s_model(service: str, operation: str) -> None:
    """The client refuses a request that does not fit; `Line` holds the raw reply against the model."""
    world, things = _begun(service, operation)
    client = _client(service, world)
    reply = getattr(client, xform_name(operation))(**SAMPLES[service][operation](things))
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert world.calls[-1].error is None


def test_a_deployment_group_is_made_like_the_one_there_is() -> None:
    world, _ = started()
    client = _client("codedeploy", world)
    group = client.get_deployment_group(**NAMES)["deploymentGroupInfo"]
    known = model_of("codedeploy").operation_model("CreateDeploymentGroup").input_shape.members
    request: Mapping[str, Any] = {name: value for name, value in group.items() if name in known}
    made = client.create_deployment_group(**{**request, "deploymentGroupName": "second"})
    assert made["deploymentGroupId"]


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ({"services": [{"sevice": 1}]}, [".services[0].sevice is not known"]),
        ({"services": [{"desiredCount": "1"}]}, [".services[0].desiredCount is no integer but '1'"]),
        ({"services": [{"desiredCount": True}]}, [".services[0].desiredCount is no integer but True"]),
        ({"services": [{"propagateTags": "ALL"}]}, None),
        ({"services": []}, []),
    ],
    ids=["unknown", "text", "truth", "enum", "nothing"],
)
def test_a_reply_that_does_not_fit_is_noticed(reply: Mapping[str, Any], found: list[str] | None) -> None:
    shape = model_of("ecs").operation_model("DescribeServices").output_shape
    noticed = list(strange(shape, reply))
    assert noticed == found if found is not None else len(noticed) == 1
