"""Where the tasks of a definition run, as far as it says."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.model.taskdef import TaskDefinition

_ARCHITECTURES = {"X86_64": "amd64", "ARM64": "arm64"}


def is_for_fargate(definition: TaskDefinition) -> bool:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html"""
    compatible = definition.payload.get("requiresCompatibilities")
    return isinstance(compatible, list) and "FARGATE" in compatible


def is_for_windows(definition: TaskDefinition) -> bool:
    return _asked(definition, "operatingSystemFamily").startswith("WINDOWS")


def platform(definition: TaskDefinition) -> str:
    """System and processor as a manifest has them (`linux/arm64`); empty where any host may take the tasks.

    Fargate's default is X86_64 on Linux; on EC2 the instances decide.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
    """
    default = "X86_64" if is_for_fargate(definition) else ""
    architecture = _ARCHITECTURES.get(_asked(definition, "cpuArchitecture") or default)
    system = "windows" if is_for_windows(definition) else "linux"
    return f"{system}/{architecture}" if architecture else ""


def _asked(definition: TaskDefinition, member: str) -> str:
    given = definition.payload.get("runtimePlatform")
    return str(given.get(member) or "") if isinstance(given, Mapping) else ""
