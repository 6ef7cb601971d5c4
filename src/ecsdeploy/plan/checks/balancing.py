"""Whether the definition has what the service's load balancers send requests to."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.model.steps import Finding
from ecsdeploy.plan.checks.attempt import Attempt, Known
from ecsdeploy.plan.checks.sentences import found


def check_balancing(attempt: Attempt, known: Known) -> Iterable[Finding]:
    """UpdateService refuses a definition without the container and port; a target group that is gone fails each task.

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
