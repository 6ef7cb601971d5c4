"""Whether ECR has the images, and for the platform that the tasks run on."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.hosting import platform
from ecsdeploy.plan.checks.sentences import found


def check_images(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """ECS pulls only when it starts a task: a tag that is not there costs minutes until the circuit breaker trips.

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
    """Its images that their registry says it does not have."""
    references = dict.fromkeys(definition.images.values())
    return tuple(each for each in references if each in known.images and known.images[each] is None)
