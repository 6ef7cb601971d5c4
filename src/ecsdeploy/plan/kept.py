"""What ECS keeps of a definition, and whether a stored one is the one that was sent.

Without what ECS fills in when it registers one, equal contents are equal.

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
    """The same definition without defaults, and with sizes as ECS keeps them."""
    return replace(definition, payload=_task(definition.payload))


def is_content_of(stored: TaskDefinition, sent: TaskDefinition) -> bool:
    """True when every member sent stands in `stored` with the same value; ECS may have added defaults.

    Sizes are compared as ECS keeps them: `1 vCPU` is 1024.
    """
    return covers(plain(stored).payload, plain(sent).registration())


def is_same_content(one: TaskDefinition, other: TaskDefinition) -> bool:
    """True when each is the content of the other: nothing was added, changed or taken away, defaults aside."""
    return is_content_of(one, other) and is_content_of(other, one)


def _task(payload: Json) -> dict[str, object]:
    of_host = payload.get("networkMode") in _OF_THE_HOST
    sized = {name: as_kept(name, value) for name, value in payload.items() if value is not None}
    return sized | _each(payload, "containerDefinitions", lambda each: _container(each, of_host=of_host))


def _container(payload: Json, *, of_host: bool) -> dict[str, object]:
    kept = _without(payload, _CONTAINER)
    # False is as good as absent elsewhere: here it is what must be told from it.
    essential = {"essential": "false"} if kept.pop("essential", True) is False else {}
    return {
        **kept,
        **essential,
        **_each(payload, "portMappings", lambda each: _port(each, of_host=of_host)),
        **_one(payload, "healthCheck", _HEALTH_CHECK),
        **_one(payload, "restartPolicy", _RESTARTS),
    }


def _port(mapping: Json, *, of_host: bool) -> dict[str, object]:
    """Under `bridge` a port of the host that is chosen by ECS (0) is another thing than one that is fixed."""
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
