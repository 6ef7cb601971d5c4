"""Image digests: the first task that pulls decides what a tag means for all tasks of its service revision.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html (container image resolution)
"""

from __future__ import annotations

from hashlib import sha256

from ecsdeploy.sim.state.containers import Container
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Deployment, Task

ATTEMPTS = 3


def resolve_digests(task: Task) -> None:
    """Set the digests of a task's images: those that an earlier task of its revision found, or its own."""
    found = {c.name: digest_of(str(c.definition["image"])) for c in task.containers if is_consistent(c.definition)}
    revision = task.deployment.revision if task.deployment else None
    if revision is not None:
        revision.digests = revision.digests or found
        found = revision.digests
    for container in task.containers:
        container.digest = found.get(container.name) or _own(container)


def _own(container: Container) -> str:
    return digest_of(str(container.definition["image"]))


def digest_of(image: str) -> str:
    """The digest in an image reference. A reference with a tag gets a made-up one, always the same."""
    digest = image.partition("@")[2]
    return digest or f"sha256:{sha256(image.encode()).hexdigest()}"


def is_consistent(definition: dict[str, object]) -> bool:
    """Whether the container's tag must mean the same image for all tasks of a revision."""
    return definition.get("versionConsistency", "enabled") != "disabled"


def allowed(region: Region, deployment: Deployment, wanted: int) -> int:
    """How many of `wanted` tasks may start now. Under the switch `first-task`, one alone finds the digests first."""
    if region.switches.digest_rule == "with-all" or not is_resolving(deployment) or gave_up(deployment):
        return wanted
    under_way = any(task.stopped_at is None for task in deployment.tasks)
    return 0 if under_way else min(wanted, 1)


def is_resolving(deployment: Deployment) -> bool:
    """Whether the revision has a tag whose digest no task has found yet."""
    revision = deployment.revision
    tagged = (c for c in revision.definition.containers if "@" not in str(c["image"]) and is_consistent(c))
    return revision.digests is None and any(tagged)


def gave_up(deployment: Deployment) -> bool:
    """Whether three tasks failed before one found a digest."""
    return deployment.launches >= ATTEMPTS and deployment.failures >= ATTEMPTS


def failed_to_resolve(region: Region, deployment: Deployment) -> bool:
    """Whether a deployment with a circuit breaker fails because no task found a digest, whatever the threshold."""
    return region.switches.digest_rule == "first-task" and is_resolving(deployment) and gave_up(deployment)
