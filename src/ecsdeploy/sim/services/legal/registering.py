"""What RegisterTaskDefinition refuses, and the defaults that it sets.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

from __future__ import annotations

import re
from typing import Any

from ecsdeploy.sim.ground.errors import ApiError, invalid, refused
from ecsdeploy.sim.services.legal.limits import check_ranges, check_task
from ecsdeploy.sim.state.service import Json

_LISTS = ("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")
_MOST_BYTES = 64 * 1024
_MOST_CONTAINERS = 10
_LEAST_STOP_TIMEOUT, _FARGATE_STOP_TIMEOUT = 2, 120
_UNITS = re.compile(r"^\s*(\d+(?:\.\d*)?|\.\d+)\s*(vcpu|gb|mb)?\s*$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_IMAGE = re.compile(r"[A-Za-z0-9_./:@+-]+")
# CPU units to (least, most, step) MiB:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
_FARGATE = {
    256: (512, 2048, 0),
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
_SMALLEST = (512, 1024, 2048)
_LARGEST = {32768: (61440, 122880, 249856)}


def check(payload: Json) -> None:
    """ClientException for a definition that AWS refuses."""
    containers = payload.get("containerDefinitions") or []
    if not containers:
        raise refused("Container list cannot be empty.")
    if len(containers) > _MOST_CONTAINERS:
        raise refused("Too many containers.")
    _check_size(payload)
    for container in containers:
        _check_container(container, payload)
    if not any(c.get("essential", True) for c in containers):
        raise refused("Task definition doesn't have any essential container.")
    _check_dependencies(containers)
    _check_mounts(payload, containers)
    check_task(payload)
    if "FARGATE" in (payload.get("requiresCompatibilities") or []):
        _check_fargate(payload, containers)


def _check_size(payload: Json) -> None:
    if len(repr(payload)) > _MOST_BYTES:
        raise refused("Actual length of the task definition exceeds the limit of 65536 bytes.")


def _check_container(container: Json, payload: Json) -> None:
    name = container.get("name")
    if not name:
        raise refused("Container.name should not be null or empty.")
    if not container.get("image"):
        raise refused("Container.image should not be null or empty.")
    if not _NAME.fullmatch(name):
        raise refused("Container.name contains invalid characters.")
    if not _IMAGE.fullmatch(container["image"]):
        raise refused("Container.image contains invalid characters.")
    if not payload.get("memory") and not (container.get("memory") or container.get("memoryReservation")):
        raise refused(
            f"Invalid setting for container '{name}'. "
            "At least one of 'memory' or 'memoryReservation' must be specified."
        )
    if container.get("stopTimeout", _LEAST_STOP_TIMEOUT) < _LEAST_STOP_TIMEOUT:
        raise refused(f"Granular stop timeout on container '{name}' must be at least 2 seconds.")
    if container.get("startTimeout", _LEAST_STOP_TIMEOUT) < _LEAST_STOP_TIMEOUT:
        raise refused(f"Granular start timeout on container '{name}' must be at least 2 seconds.")
    check_ranges(container)
    _check_ports(container, payload)
    _check_logging(container)


def _check_ports(container: Json, payload: Json) -> None:
    if payload.get("networkMode") != "awsvpc":
        return
    for mapping in container.get("portMappings") or []:
        if mapping.get("hostPort", mapping.get("containerPort")) != mapping.get("containerPort"):
            raise refused("When networkMode=awsvpc, the host ports and container ports in port mappings must match.")


def _check_logging(container: Json) -> None:
    driver = container.get("logConfiguration") or {}
    options = driver.get("options") or {}
    if driver.get("logDriver") == "awslogs" and not {"awslogs-region", "awslogs-group"} <= options.keys():
        raise refused("Log driver awslogs requires options: awslogs-region, awslogs-group")


def _check_dependencies(containers: list[Json]) -> None:
    names = {container["name"] for container in containers}
    for container in containers:
        for dependency in container.get("dependsOn") or []:
            if dependency.get("containerName") not in names:
                wanted = dependency.get("containerName")
                raise refused(f"Cannot depend on container + '{wanted}' because it does not exist")


def _check_mounts(payload: Json, containers: list[Json]) -> None:
    volumes = {volume.get("name") for volume in payload.get("volumes") or []}
    for container in containers:
        for mount in container.get("mountPoints") or []:
            if mount.get("sourceVolume") not in {None, *volumes}:
                raise refused(f"Unknown volume '{mount['sourceVolume']}'.")


def _check_fargate(payload: Json, containers: list[Json]) -> None:
    """ClientException for a definition that asks for Fargate and that Fargate cannot run.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
    """
    if payload.get("networkMode") != "awsvpc":
        raise refused("Fargate only supports network mode 'awsvpc'.")
    for member in ("cpu", "memory"):
        if not payload.get(member):
            raise refused(f"Fargate requires that '{member}' be defined at the task level.")
    _check_fargate_size(payload)
    if payload.get("placementConstraints"):
        raise refused("Fargate compatible task definitions do not support placementConstraints.")
    if any(c.get("stopTimeout", 0) > _FARGATE_STOP_TIMEOUT for c in containers):
        raise refused(
            "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds."
        )
    drivers = {(c.get("logConfiguration") or {}).get("logDriver") for c in containers}
    if "awslogs" in drivers and not payload.get("executionRoleArn"):
        raise refused("Fargate requires task definition to have execution role ARN to support log driver awslogs.")


def _check_fargate_size(payload: Json) -> None:
    cpu, memory = int(units(payload["cpu"], "cpu")), int(units(payload["memory"], "memory"))
    if memory not in fargate_memory(cpu):
        raise refused(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )


def fargate_memory(cpu: int) -> tuple[int, ...]:
    """The sizes of memory in MiB that Fargate offers for so many CPU units."""
    if cpu in _LARGEST:
        return _LARGEST[cpu]
    least, most, step = _FARGATE.get(cpu, (0, 0, 0))
    if not least:
        return ()
    return tuple(range(least, most + 1, step)) if step else _SMALLEST


def units(value: str, member: str) -> str:
    """`1 vCPU` or `2 GB` as the number, in text, that replies have."""
    match = _UNITS.match(value)
    if match is None:
        raise refused(f"Invalid '{member}' setting for task.")
    amount, unit = match.groups()
    factor = 1024 if (unit or "").lower() in ("vcpu", "gb") else 1
    return str(int(float(amount) * factor))


def completed(payload: Json) -> Json:
    """`payload` with AWS's defaults. Every other member is kept."""
    network = payload.get("networkMode")
    filled = {
        **payload,
        "containerDefinitions": [_complete(c, network) for c in payload["containerDefinitions"]],
    }
    for member in ("volumes", "placementConstraints"):
        filled[member] = filled.get(member) or []
    for member in ("cpu", "memory"):
        if filled.get(member):
            filled[member] = units(filled[member], member)
    return filled


def _complete(container: Json, network: Any) -> Json:
    filled = {"cpu": 0, "essential": True, **container}
    for member in _LISTS:
        filled[member] = list(filled.get(member) or [])
    filled["portMappings"] = [_complete_port(mapping, network) for mapping in filled["portMappings"]]
    return filled


def _complete_port(mapping: Json, network: Any) -> Json:
    host = mapping.get("containerPort") if network in ("awsvpc", "host") else 0
    return {"hostPort": host, "protocol": "tcp", **mapping}


def without(value: Any, names: set[str]) -> Any:
    """`value` without members of these names, at every level, and without nulls."""
    if isinstance(value, dict):
        return {k: without(v, names) for k, v in value.items() if k not in names and v is not None}
    if isinstance(value, list):
        return [without(item, names) for item in value]
    return value


def check_family(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise refused("Family contains invalid characters.")


def number_of(identifier: str) -> str:
    """The number in `family:revision` or in an ARN. ApiError if there is none: it is required here."""
    _, colon, number = identifier.rsplit("/", 1)[-1].partition(":")
    if not colon or not number:
        raise ApiError("ClientException", "Revision is required.")
    if not number.isdigit():
        raise invalid(f"Invalid revision number. Number: {number}")
    return number
