"""Checks whether the things that definition and service name exist: without them no new task can start."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import ResourceType
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.naming import resources_of
from ecsdeploy.plan.checks.sentences import found

CODES = {
    ResourceType.ROLE: "C-ROLE-MISSING",
    ResourceType.SECRET: "C-SECRET-MISSING",
    ResourceType.PARAMETER: "C-PARAMETER-MISSING",
    ResourceType.LOG_GROUP: "C-LOG-GROUP-MISSING",
}


def check_existence(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """An error for each missing role, secret, parameter and log group.

    ECS looks for them only when it starts a task, and then the task fails.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
    """
    resources = resources_of(attempt.definition, attempt.service.arn)
    before = set(resources_of(attempt.running, attempt.service.arn)) if attempt.running else set()
    for resource_type, code in CODES.items():
        gone = [each for each in resources if each.type is resource_type and known.resources.get(each) is False]
        fresh = [each.name for each in gone if each not in before]
        kept = [each.name for each in gone if each in before]
        if fresh:
            yield found(code, *fresh)
        if kept:
            # The running revision needs it too, and works. So our read may be wrong, and this does not block.
            yield replace(found(code, *kept), blocking=False)


def check_balancing(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """An error for a missing target group, and if the definition lacks the container or port of the load balancer.

    Without the target group each task fails. Without container and port, UpdateService refuses the definition.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """
    gone = [arn for arn in attempt.service.target_groups if arn in known.target_groups and not known.target_groups[arn]]
    if gone:
        yield found("C-TARGET-GROUP-MISSING", *gone)
    for each in attempt.service.settings.balanced:
        container = attempt.definition.container(each.container)
        if container is None:
            yield found("C-BALANCED-CONTAINER", each.container)
        elif not container.maps(each.port):
            yield found("C-BALANCED-PORT", each.container, str(each.port))
