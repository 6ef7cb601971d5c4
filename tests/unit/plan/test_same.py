"""A stored revision is the one that was sent when it holds all of it; ECS may have added to it."""

from dataclasses import replace

import pytest

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.diff import differences
from ecsdeploy.plan.kept import is_content_of, is_same_content
from tests.unit.plan.builders import container, definition_of

PORTS = [{"containerPort": 80}, {"containerPort": 81}]
VARIABLES = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]

SAME: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "itself": ({"cpu": "256"}, {"cpu": "256"}),
    "what ECS adds": ({"revision": 7, "status": "ACTIVE", "volumes": [], "cpu": "256"}, {"cpu": "256"}),
    "defaults within a container": (
        {"containerDefinitions": [{"name": "web", "cpu": 0, "mountPoints": []}]},
        {"containerDefinitions": [{"name": "web"}]},
    ),
    "t16 CPU in vCPU": ({"cpu": "1024"}, {"cpu": "1 vCPU"}),
    "t16 less than one, in small letters and without a space": ({"cpu": "256"}, {"cpu": ".25vcpu"}),
    "t16 memory in GB": ({"memory": "512"}, {"memory": "0.5 gb"}),
    "a number as a text": ({"cpu": 256}, {"cpu": "256"}),
    "empty values that ECS leaves out": ({}, {"volumes": [], "pidMode": "", "proxyConfiguration": {}, "x": False}),
    "nulls": ({}, {"pidMode": None}),
    "objects in another order": ({"environment": VARIABLES[::-1]}, {"environment": VARIABLES}),
    "output-only members of what was sent": ({"revision": 7}, {"revision": 6, "taskDefinitionArn": "arn:aws:ecs:x"}),
}
OTHER: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "another value": ({"cpu": "512"}, {"cpu": "256"}),
    "t16 more CPU": ({"cpu": "1024"}, {"cpu": "2 vCPU"}),
    "t16 a size that is none": ({"cpu": "1024"}, {"cpu": "much"}),
    "a member missing": ({}, {"cpu": "256"}),
    "a text for an object": ({"runtimePlatform": "x"}, {"runtimePlatform": {"cpuArchitecture": "ARM64"}}),
    "a text for a list": ({"volumes": "ab"}, {"volumes": ["a", "b"]}),
    "a list one shorter": ({"ports": PORTS[:1]}, {"ports": PORTS}),
    "a list one longer": ({"ports": PORTS}, {"ports": PORTS[:1]}),
    "one object twice": ({"ports": [PORTS[0], PORTS[0]]}, {"ports": PORTS}),
    "texts in another order": ({"command": ["b", "a"]}, {"command": ["a", "b"]}),
    "another image": (
        {"containerDefinitions": [{"name": "web", "image": "app:1"}]},
        {"containerDefinitions": [{"name": "web", "image": "app:2"}]},
    ),
}


def covers(stored: dict[str, object], sent: dict[str, object]) -> bool:
    return is_content_of(TaskDefinition(payload=stored), TaskDefinition(payload=sent))


@pytest.mark.parametrize(("stored", "sent"), SAME.values(), ids=SAME)
def test_f04_the_stored_revision_is_what_was_sent(stored: dict[str, object], sent: dict[str, object]) -> None:
    assert covers(stored, sent)


@pytest.mark.parametrize(("stored", "sent"), OTHER.values(), ids=OTHER)
def test_f04_the_stored_revision_is_another(stored: dict[str, object], sent: dict[str, object]) -> None:
    assert not covers(stored, sent)


def _one(**members: object) -> TaskDefinition:
    return definition_of(container("app", "app:1", **members), networkMode="awsvpc")


DEFAULTS = [
    pytest.param({"essential": True}, id="essential"),
    pytest.param({"portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]}, id="ports"),
    pytest.param(
        {"healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3}}, id="health check"
    ),
    pytest.param({"cpu": 0, "environment": [], "mountPoints": [], "volumesFrom": []}, id="what is empty"),
    pytest.param({"versionConsistency": "enabled", "readonlyRootFilesystem": False}, id="switches"),
    pytest.param({"restartPolicy": {"enabled": True, "restartAttemptPeriod": 300}}, id="restarts"),
]
WRITTEN: dict[str, dict[str, object]] = {
    "ports": {"portMappings": [{"containerPort": 80}]},
    "health check": {"healthCheck": {"command": ["CMD", "true"]}},
    "restarts": {"restartPolicy": {"enabled": True}},
}


@pytest.mark.parametrize("filled", DEFAULTS)
def test_t12_what_ecs_fills_in_is_no_difference(filled: dict[str, object], request: pytest.FixtureRequest) -> None:
    bare = _one(**WRITTEN.get(request.node.callspec.id, {}))
    assert is_same_content(bare, _one(**filled))
    assert is_same_content(_one(**filled), bare)
    assert differences(bare, _one(**filled)) == ()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("essential", False),
        ("healthCheck", {"command": ["CMD", "true"], "retries": 4}),
        ("portMappings", [{"containerPort": 80, "hostPort": 8080}]),
        ("portMappings", [{"containerPort": 80, "protocol": "udp"}]),
        ("versionConsistency", "disabled"),
    ],
)
def test_t12_what_is_no_default_is_a_difference(member: str, value: object) -> None:
    bare = _one(portMappings=[{"containerPort": 80}], healthCheck={"command": ["CMD", "true"]})
    first = {**bare.containers[0].payload, member: value}
    other = replace(bare, payload={**bare.payload, "containerDefinitions": [first]})
    assert not is_same_content(bare, other)
    assert not is_same_content(other, bare)
    assert [each.member for each in differences(bare, other)] == [member]


def test_t12_a_fixed_port_of_an_instance_is_not_one_that_ecs_chooses() -> None:
    fixed = definition_of(container("app", "app:1", portMappings=[{"containerPort": 80, "hostPort": 80}]))
    chosen = definition_of(container("app", "app:1", portMappings=[{"containerPort": 80, "hostPort": 0}]))
    bare = definition_of(container("app", "app:1", portMappings=[{"containerPort": 80}]))
    lowest = definition_of(container("app", "app:1", portMappings=[{"containerPort": 80, "hostPort": 1}]))
    assert is_same_content(chosen, bare)
    assert not is_same_content(fixed, bare)
    assert not is_same_content(lowest, bare)
