"""A stored revision is the one that was sent when it holds all of it; ECS may have added to it."""

import pytest

from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.same import is_content_of

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
