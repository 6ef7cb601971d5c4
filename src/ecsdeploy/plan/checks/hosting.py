"""Checks whether ECR has the images of a definition, and for the platform on which its tasks run."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition, part
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found

_ARCHITECTURES = {"X86_64": "amd64", "ARM64": "arm64"}


def is_for_fargate(definition: TaskDefinition) -> bool:
    """Whether the definition is for Fargate.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    """
    compatible = definition.payload.get("requiresCompatibilities")
    return isinstance(compatible, list) and "FARGATE" in compatible


def is_for_windows(definition: TaskDefinition) -> bool:
    """Whether the definition asks for Windows."""
    return _asked(definition, "operatingSystemFamily").startswith("WINDOWS")


def platform(definition: TaskDefinition) -> str:
    """The platform of the tasks as in an image manifest, such as `linux/arm64`; empty if the definition does not say.

    Fargate's default is X86_64 on Linux. On EC2, it depends on the instance.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
    """
    default = "X86_64" if is_for_fargate(definition) else ""
    architecture = _ARCHITECTURES.get(_asked(definition, "cpuArchitecture") or default)
    system = "windows" if is_for_windows(definition) else "linux"
    return f"{system}/{architecture}" if architecture else ""


def _asked(definition: TaskDefinition, member: str) -> str:
    return str(part(definition.payload, "runtimePlatform").get(member) or "")


def check_images(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """Errors for images that ECR does not have, or not for the tasks' platform.

    ECS pulls an image only when it starts a task, so without this check it takes minutes until the deployment fails.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
    """
    missing = missing_images(attempt.definition, known)
    if missing:
        yield found("C-IMAGE-MISSING", *missing)
    wanted = platform(attempt.definition)
    for reference in dict.fromkeys(attempt.definition.images.values()):
        stored = known.images.get(reference)
        if wanted and stored and stored.platforms and wanted not in stored.platforms:
            yield found("C-IMAGE-PLATFORM", reference, wanted, ", ".join(stored.platforms))


def missing_images(definition: TaskDefinition, known: Known) -> tuple[str, ...]:
    """The images of the definition that ECR says it does not have."""
    references = dict.fromkeys(definition.images.values())
    return tuple(each for each in references if each in known.images and known.images[each] is None)
