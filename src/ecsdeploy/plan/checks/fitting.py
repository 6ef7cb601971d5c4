"""Checks whether the definition fits the service: UpdateService refuses one that does not, after it was registered.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Demands, LaunchVolume
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition, parts
from ecsdeploy.plan.checks.attempt import Attempt
from ecsdeploy.plan.checks.sentences import found

_DAEMON_MAXIMUM = 100


def check_fit(attempt: Attempt) -> Iterable[Finding]:
    """The errors for what the service needs and the definition lacks.

    If the running revision lacks it too, the service works without it: then it is no error.
    """
    running, service, asked = attempt.running, attempt.service, attempt.sizing.volumes
    present = service.settings.demands.launch_volumes
    lacked = set(_misfits(service, running, present)) if running is not None else set()
    misfits = _misfits(service, attempt.definition, present if asked is None else asked)
    return [each for each in misfits if each not in lacked]


def check_daemon(attempt: Attempt) -> Iterable[Finding]:
    """Errors for a DAEMON service, which runs one task on each instance: it takes no count, and no maximum above 100 %.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
    """
    service, sizing = attempt.service, attempt.sizing
    if service.scheduling != "DAEMON":
        return
    if sizing.desired_count is not None:
        yield found("C-DAEMON-COUNT", service.name)
    if sizing.maximum_percent is not None and sizing.maximum_percent > _DAEMON_MAXIMUM:
        yield found("C-DAEMON-MAXIMUM", service.name, str(sizing.maximum_percent))


def _misfits(service: Service, definition: TaskDefinition, volumes: Iterable[LaunchVolume]) -> Iterator[Finding]:
    demands = service.settings.demands
    yield from _network(service, definition)
    if demands.fargate:
        yield from _fargate(service, definition)
    yield from _registries(demands, definition)
    named = {str(mapping.get("name")) for each in definition.containers for mapping in each.port_mappings}
    for port in demands.named_ports:
        if port not in named:
            yield found("C-NAMED-PORT", service.name, port)
    yield from _volumes(service, definition, [each.name for each in volumes])


def _network(service: Service, definition: TaskDefinition) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NetworkConfiguration.html"""
    mode = str(definition.payload.get("networkMode") or "")
    networked = service.settings.demands.networked
    if networked and mode != "awsvpc":
        yield found("C-NETWORK-MODE", service.name, mode or "bridge")
    if mode == "awsvpc" and not networked:
        yield found("C-NETWORK-MISSING", service.name)


def _fargate(service: Service, definition: TaskDefinition) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"""
    payload = definition.payload
    compatible = payload.get("requiresCompatibilities")
    if isinstance(compatible, list) and compatible and "FARGATE" not in compatible:
        yield found("C-LAUNCH-TYPE", service.name, "`requiresCompatibilities` without `FARGATE`")
    bare = [f"no `{member}`" for member in ("cpu", "memory") if not payload.get(member)]
    if bare:
        yield found("C-LAUNCH-TYPE", service.name, " and ".join(bare))


def _registries(demands: Demands, definition: TaskDefinition) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html"""
    for each in demands.registries:
        container = definition.container(each.container)
        if each.container and container is None:
            yield found("C-REGISTERED-CONTAINER", each.container)
        elif container is not None and each.port and not container.maps(each.port):
            yield found("C-REGISTERED-PORT", each.container, str(each.port))


def _volumes(service: Service, definition: TaskDefinition, configured: Sequence[str]) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/configure-ebs-volume.html"""
    volumes = parts(definition.payload, "volumes")
    left = {str(each.get("name")) for each in volumes if each.get("configuredAtLaunch") is True}
    for name in configured:
        if name not in left:
            yield found("C-LAUNCH-VOLUME", service.name, name)
    for name in sorted(left.difference(configured)):
        yield found("C-LAUNCH-VOLUME-LEFT", service.name, name)
