"""Compares two task definitions as ECS keeps them.

ECS adds defaults when it registers a definition. We leave these out before we compare.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, API_PortMapping.html and
API_HealthCheck.html have the defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecsdeploy.model.difference import covers
from ecsdeploy.model.taskdef import TaskDefinition, as_kept
from ecsdeploy.model.values import replace

Json = Mapping[str, object]

_HEALTH_CHECK = {"interval": 30, "timeout": 5, "retries": 3}
_CONTAINER = {"versionConsistency": "enabled"}
_RESTARTS = {"restartAttemptPeriod": 300}
_OF_THE_HOST = ("awsvpc", "host")
"""Network modes in which a port of the container is the same port of the host."""


def plain(definition: TaskDefinition) -> TaskDefinition:
    """The definition without ECS's defaults, and with sizes as ECS keeps them."""
    return replace(definition, payload=_task(definition.payload))


def is_content_of(stored: TaskDefinition, sent: TaskDefinition) -> bool:
    """Whether `stored` has every member of `sent` with the same value; ECS may have added members.

    Sizes are compared as ECS keeps them: `1 vCPU` is 1024.
    """
    return covers(plain(stored).payload, plain(sent).registration())


def is_same_content(one: TaskDefinition, other: TaskDefinition) -> bool:
    """Whether two definitions have the same content, apart from ECS's defaults."""
    return is_content_of(one, other) and is_content_of(other, one)


def _task(payload: Json) -> dict[str, object]:
    of_host = payload.get("networkMode") in _OF_THE_HOST
    sized = {name: as_kept(name, value) for name, value in payload.items() if value is not None}
    return sized | _each(payload, "containerDefinitions", lambda each: _container(each, of_host=of_host))


def _container(payload: Json, *, of_host: bool) -> dict[str, object]:
    kept = _without(payload, _CONTAINER)
    # `covers` treats false as absent. Here absent means true, so we keep false as a text.
    essential = {"essential": "false"} if kept.pop("essential", True) is False else {}
    return {
        **kept,
        **essential,
        **_each(payload, "portMappings", lambda each: _port(each, of_host=of_host)),
        **_one(payload, "healthCheck", _HEALTH_CHECK),
        **_one(payload, "restartPolicy", _RESTARTS),
    }


def _port(mapping: Json, *, of_host: bool) -> dict[str, object]:
    """A port mapping without defaults. The default host port is the container's, or 0 (chosen by ECS) with `bridge`."""
    port = mapping.get("containerPort") if of_host else 0
    return _without(mapping, {"protocol": "tcp", "hostPort": port})


def _without(payload: Json, defaults: Json) -> dict[str, object]:
    return {name: value for name, value in payload.items() if name not in defaults or value != defaults[name]}


def _one(payload: Json, name: str, defaults: Json) -> dict[str, object]:
    value = payload.get(name)
    return {name: _without(value, defaults)} if isinstance(value, Mapping) else {}


def _each(payload: Json, name: str, settle: Callable[[Json], object]) -> dict[str, object]:
    listed = payload.get(name)
    if not isinstance(listed, list):
        return {}
    return {name: [settle(each) if isinstance(each, Mapping) else each for each in listed]}
