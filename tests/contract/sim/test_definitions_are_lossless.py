"""What is registered comes back whole, members that no SDK knows yet included."""

import json
from typing import Any

from ecsdeploy.sim import World
from tests.unit.sim.builders import call

DEFINITION: dict[str, Any] = {
    "family": "f",
    "cpu": "256",
    "memory": "512",
    "brandNew": {"deep": [1, 2.5, None, {"x": "y"}], "empty": []},
    "volumes": [{"name": "v", "host": {"alsoNew": True}}],
    "containerDefinitions": [
        {
            "name": "app",
            "image": "x",
            "unheardOf": "kept",
            "environment": [{"name": "A", "value": "1", "alias": "kept too"}],
            "logConfiguration": {"logDriver": "json-file", "options": {}, "newOption": 0},
        }
    ],
    "trustedExecutionConfiguration": {"isolationMode": "x", "newPolicy": {}},
}


def _holds(kept: Any, sent: Any) -> bool:
    """Whether every member of `sent` is in `kept`, at every level."""
    if isinstance(sent, dict):
        return all(name in kept and _holds(kept[name], value) for name, value in sent.items())
    if isinstance(sent, list):
        return len(kept) == len(sent) and all(_holds(k, s) for k, s in zip(kept, sent, strict=True))
    return bool(kept == sent)


def test_unknown_members_are_kept_and_echoed_at_every_level(world: World) -> None:
    registered = call(world, "RegisterTaskDefinition", **DEFINITION)["taskDefinition"]
    described = call(world, "DescribeTaskDefinition", taskDefinition="f")["taskDefinition"]
    assert _holds(registered, DEFINITION)
    assert registered == described


def test_what_was_described_can_be_registered_again_without_loss(world: World) -> None:
    output_only = {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"}
    call(world, "RegisterTaskDefinition", **DEFINITION)
    first = call(world, "DescribeTaskDefinition", taskDefinition="f")["taskDefinition"]
    again = {name: value for name, value in first.items() if name not in output_only | {"registeredBy"}}
    second = call(world, "RegisterTaskDefinition", **again)["taskDefinition"]
    assert {name: second[name] for name in again} == again


def test_a_member_of_the_wrong_type_is_still_refused(world: World) -> None:
    headers = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition"}
    status, _, body = world.transport("POST", "http://sim/", headers, json.dumps({"family": 1}).encode())
    assert status == 400
    assert json.loads(body)["__type"] in ("SerializationException", "InvalidParameterException")
